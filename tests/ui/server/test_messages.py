"""Which of Streamlit's messages get in: those that a browser sends from this page."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from ui.server import messages

FRAGMENT = "0123456789abcdef" * 2
BOX = f"$$ID-{FRAGMENT}-question"
BUTTON = f"$$ID-{FRAGMENT}-FormSubmitter:search-Search"


def rerun(**fields: Any) -> BackMsg:
    message = BackMsg()
    message.rerun_script.query_string = ""
    for name, value in fields.items():
        setattr(message.rerun_script, name, value)
    return message


def with_value(name: str, *, widget: str = BOX) -> BackMsg:
    message = rerun()
    message.rerun_script.widget_states.widgets.append(WidgetState(id=widget))
    state = message.rerun_script.widget_states.widgets[0]
    field = WidgetState.DESCRIPTOR.fields_by_name[name]
    if field.message_type is not None:
        getattr(state, name).SetInParent()
    else:
        kinds = {field.CPPTYPE_STRING: "a", field.CPPTYPE_BOOL: True, field.CPPTYPE_DOUBLE: 1.0}
        setattr(state, name, b"a" if name == "bytes_value" else kinds.get(field.cpp_type, 1))
    return message


def is_known(message: BackMsg, *, for_staff: bool = False) -> bool:
    return messages.is_known(message.SerializeToString(), for_staff=for_staff)


def test_the_names_are_those_that_streamlit_has() -> None:
    kinds = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    values = {field.name for field in WidgetState.DESCRIPTOR.oneofs_by_name["value"].fields}
    assert kinds >= messages.KINDS
    assert values >= messages.STAFF_VALUES | set(messages.WIDGETS)


@pytest.mark.parametrize(
    "name", [one.name for one in WidgetState.DESCRIPTOR.oneofs_by_name["value"].fields]
)
def test_only_values_of_widgets_that_a_page_has_get_in(name: str) -> None:
    assert is_known(with_value(name)) == (name == "string_value")
    assert is_known(with_value(name, widget=BUTTON)) == (name == "trigger_value")
    assert is_known(with_value(name), for_staff=True) == (name in messages.STAFF_VALUES)


@pytest.mark.parametrize(
    "widget",
    ["", "a", "zebra", "question", "$$ID-zebra-question", f"{BOX}2", f"x{BOX}", f"{BOX}\n",
     f"$$ID-{FRAGMENT.upper()}-question", f"$$GENERATED-{FRAGMENT}-question"],
)  # fmt: skip
def test_no_widget_gets_in_that_the_page_for_patients_does_not_have(widget: str) -> None:
    assert is_known(with_value("string_value"))
    assert not is_known(with_value("string_value", widget=widget))
    assert not is_known(with_value("trigger_value", widget=widget))


def test_a_widget_without_a_value_is_no_browsers() -> None:
    message = rerun()
    message.rerun_script.widget_states.widgets.append(WidgetState(id=BOX))
    assert not is_known(message)


def test_patients_draw_the_whole_page_and_staff_also_a_part_of_it() -> None:
    assert is_known(rerun(page_script_hash=FRAGMENT))
    assert not is_known(rerun(fragment_id=FRAGMENT))
    assert is_known(rerun(fragment_id=FRAGMENT, is_auto_rerun=True), for_staff=True)


@pytest.mark.parametrize("field", ["fragment_id", "page_script_hash", "page_name"])
def test_no_words_get_in_where_streamlit_logs_them(field: str) -> None:
    for words in ("my knee hurts", FRAGMENT + "\n", FRAGMENT.upper(), "zebra"):
        for for_staff in (False, True):
            assert not is_known(rerun(**{field: words}), for_staff=for_staff)


@pytest.mark.parametrize("kind", sorted(messages.KINDS - {"rerun_script"}))
def test_the_other_messages_of_a_browser_get_in(kind: str) -> None:
    message = BackMsg()
    setattr(message, kind, True)
    assert is_known(message)


@pytest.mark.parametrize("data", [b"", b"\xff\xff", b"\x00" * 9, b"\x5a\xff\xff\xff\xff\x0f"])
def test_what_is_no_message_is_no_error(data: bytes) -> None:
    assert not messages.is_known(data)


def test_the_filter_of_the_list_of_articles_is_known_to_patients() -> None:
    assert is_known(with_value("string_value", widget=f"$$ID-{FRAGMENT}-articles_filter"))
    button = f"$$ID-{FRAGMENT}-FormSubmitter:filter-Find"
    assert is_known(with_value("trigger_value", widget=button))
    assert not is_known(with_value("string_value", widget=button))
