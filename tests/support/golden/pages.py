"""Every state of the page, drawn by app.py in Streamlit's own driver, and the served addresses."""

from __future__ import annotations

import http.client
import json
import os
import runpy
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.support.golden.process import ROOT, start_forked, stop_forked

States = Iterator[tuple[str, str]]

QUESTIONS = {
    "answer": "what is dry needling",
    "related": "does needling help with tight muscles after running",
    "not-covered": "what is for breakfast tomorrow",
    "route-cost": "how much does it cost",
    "route-booking": "can I book an appointment for monday",
    "spelling": "what is dry needeling",
    "spelling-more": "dose dry needlng hert",
    "claim": "is the needle painless",
    "emergency": "crushing chest pain going down my left arm",
    "urgent": "my calf is swollen and hot",
    "caution": "I take blood thinners",
    "information": "can dry needling puncture a lung",
    "hidden": "I want to end my life",
    "two-notices": "I am pregnant and I take blood thinners",
    "negated": "I have no chest pain, is dry needling safe",
    "empty": "   ",
    "long": "is dry needling painful " * 40,
    "script": "<script>alert(1)</script> $x$ **b**",
    "arabic": "كتفي يؤلمني",
    "no-words": "?!",
}
_ARTICLE = "dry-needling-benefits"
PATIENT_ADDRESSES: Mapping[str, Mapping[str, str]] = {
    "home": {},
    "about": {"view": "about"},
    "notices": {"view": "notices"},
    "notices-one": {"view": "notices", "notice": "cauda_equina"},
    "articles": {"view": "articles"},
    "article": {"article": _ARTICLE},
    "article-section": {"article": _ARTICLE, "section": "introduction"},
    "article-passage": {"article": _ARTICLE, "section": "introduction", "passage": "1"},
    "article-lost": {"article": "nowhere"},
    "like": {"like": f"{_ARTICLE}#introduction/1"},
    "like-lost": {"like": "nowhere#x/1"},
    "forgotten": {"search": "deadbeef"},
    "unknown": {"view": "nothing"},
    "staff": {"view": "staff"},
}
STAFF_ADDRESSES: Mapping[str, Mapping[str, str]] = {
    **{name: {"view": name} for name in ("staff", "desk", "health")},
    **{
        f"staff-{name}": {"view": "staff", "section": name}
        for name in ("coverage", "claims", "reviews", "notices", "index", "counts")
    },
    **{
        f"health-{name}": {"view": "health", "section": name}
        for name in (
            *("candidate", "questions", "cards", "figures"),
            *("publish", "discard", "roll-back"),
        )
    },
    "home": {},
    "article": {"article": _ARTICLE},
    "articles": {"view": "articles"},
}
DESK_QUESTIONS = "what is dry needling\nhow much does it cost\nI take blood thinners\nneck pain"
TOKEN = "golden-golden-golden-golden-golden-golden"
_FORM = "application/x-www-form-urlencoded"


def open_page(address: Mapping[str, str]) -> Any:
    """Draw a view in a new session."""
    from streamlit.testing.v1 import AppTest

    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    for name, value in address.items():
        page.query_params[name] = value
    return page.run()


def ask(page: Any, question: str) -> Any:
    """Type a question into the first box, and press the first button."""
    page.text_area[0].set_value(question)
    return page.button[0].click().run()


def drawn(page: Any) -> str:
    """Return what a session shows: HTML as it is, with a tag on each line, and every control."""
    return "\n".join(_element(element) for element in page.main) + "\n"


def _element(element: Any) -> str:
    kind = getattr(element, "type", "")
    if kind == "html":
        return str(element.value).replace("><", ">\n<")
    named = ("label", "value", "placeholder", "help", "disabled", "options", "message", "icon")
    parts = {name: getattr(element, name, None) for name in named}
    if kind in ("arrow_data_frame", "data_frame"):
        parts["value"] = element.value.to_csv()
    shown = {name: part for name, part in parts.items() if isinstance(part, str | bool | list)}
    return f"[{kind}] {shown}" if shown else f"[{kind}]"


def patient_states(questions: Mapping[str, str]) -> States:
    """Yield the name and the drawing of each state that patients see."""
    for name, address in PATIENT_ADDRESSES.items():
        yield name, drawn(open_page(address))
    for name, question in questions.items():
        yield f"ask-{name}", drawn(ask(open_page({}), question))
    page = ask(open_page({}), questions["answer"])
    page.query_params.clear()
    for name, value in PATIENT_ADDRESSES["article-passage"].items():
        page.query_params[name] = value
    yield "article-after-answer", drawn(page.run())


def staff_views() -> States:
    """Yield the name and the drawing of each view of staff."""
    for name, address in STAFF_ADDRESSES.items():
        yield name, drawn(open_page(address))


def staff_states() -> States:
    """Yield the name and the drawing of each state that staff see."""
    yield from staff_views()
    page = open_page({"view": "desk"})
    page.text_area[0].set_value(DESK_QUESTIONS)
    yield "desk-asked", drawn(page.button[0].click().run())
    page = open_page({"view": "health", "section": "cards"})
    page.text_input[0].set_value("")
    yield "health-card-refused", drawn(_press(page, "editor-save-routes"))
    page = open_page({"view": "health", "section": "cards"})
    page.text_input[0].set_value("Changed")
    yield "health-card-saved", drawn(_press(page, "editor-save-routes"))
    yield "ask-answer", drawn(ask(open_page({}), QUESTIONS["answer"]))


def _press(page: Any, key: str) -> Any:
    return page.button(key=key).click().run()


def write_states(folder: Path, states: Callable[[], States]) -> None:
    """Write each state to a file; one that fails is a state, too."""
    folder.mkdir(parents=True)
    for name, text in states():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")


# -- addresses of the server -----------------------------------------------------------------------

Request = tuple[str, str, bytes, Mapping[str, str]]


def form(**fields: str) -> bytes:
    """Return a form as a browser sends it."""
    return urlencode(fields).encode()


def patient_requests() -> dict[str, Request]:
    """Return what a visitor without JavaScript, a browser and a program ask for."""
    html, frame = {"accept": "text/html"}, {"sec-fetch-dest": "iframe"}
    form_type, json_type = {"content-type": _FORM}, {"content-type": "application/json"}
    asked = {
        f"plain-{name}": ("POST", "/plain", form(q=question), form_type)
        for name, question in QUESTIONS.items()
    }
    searched = {
        f"api-{name}": ("POST", "/api/search", body, json_type)
        for name, body in {
            "answer": b'{"query": "what is dry needling", "k": 2}',
            "emergency": b'{"query": "crushing chest pain going down my left arm"}',
            "hidden": b'{"query": "I want to end my life"}',
            "route": b'{"query": "how much does it cost"}',
            "nothing": b'{"query": "what is for breakfast tomorrow"}',
            "no-json": b"{",
            "unknown": b'{"query": "x", "z": 1}',
            "many": b'{"query": "x", "k": 99}',
        }.items()
    }
    got: dict[str, tuple[str, Mapping[str, str]]] = {
        "shell": ("/", html),
        "shell-embedded": ("/?embed=true", html),
        "shell-frame": ("/", frame),
        "plain": ("/plain", html),
        "plain-about": ("/plain/about", html),
        "plain-articles": ("/plain/article", html),
        "plain-article": (f"/plain/article?article={_ARTICLE}", html),
        "plain-passage": (
            f"/plain/article?article={_ARTICLE}&section=introduction&passage=1",
            html,
        ),
        "plain-lost": ("/plain/article?article=nowhere", html),
        "notices": ("/notices", html),
        "readyz": ("/readyz", {}),
        "suggestions": ("/suggestions.json", {}),
        "nowhere": ("/nowhere", html),
        "nowhere-deep": ("/no/where", html),
        "nowhere-program": ("/nowhere", {"accept": "*/*"}),
        "staff-closed": ("/staff/claims.csv", {}),
        "api-get": ("/api/search", {}),
        "other-host": ("/", {"host": "evil.example"}),
        **{
            f"asset-{name}": (f"/assets/{name}", {})
            for name in (
                "app.css",
                "helper.js",
                "suggest.js",
                "embed.js",
                "desk.js",
                "sheet.js",
                "no.js",
            )
        },
    }
    return {
        **{name: ("GET", path, b"", headers) for name, (path, headers) in got.items()},
        **asked,
        **searched,
        "plain-again": ("POST", "/plain", form(q="neck", again="+neck"), form_type),
        "plain-too-long": ("POST", "/plain", form(q="x" * 70_000), form_type),
        "plain-put": ("PUT", "/plain", b"", {}),
    }


def staff_requests() -> dict[str, Request]:
    """Return what staff ask the server for, with the secret and without it."""
    known = {"authorization": f"Bearer {TOKEN}", "accept": "text/html"}
    tables = ("claims", "reviews", "counts", "coverage", "nothing")
    return {
        "refused": ("GET", "/", b"", {"accept": "text/html"}),
        "refused-table": ("GET", "/staff/claims.csv", b"", {}),
        "entry": ("GET", f"/?token={TOKEN}&view=staff", b"", {"accept": "text/html"}),
        "shell": ("GET", "/", b"", known),
        "notices": ("GET", "/notices", b"", known),
        **{f"table-{name}": ("GET", f"/staff/{name}.csv", b"", known) for name in tables},
    }


def write_answers(
    folder: Path, requests: Mapping[str, Request], variables: Mapping[str, str], *, ready: str
) -> None:
    """Serve the page with some settings, and write what it answers to each request.

    `ready` is the state that the server has to reach first, as `/readyz` names it.
    """
    folder.mkdir(parents=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def serve() -> None:
        sys.argv = ["ui", "--host", "127.0.0.1", "--port", str(port)]
        sys.argv += ["--staff"] if "CLINIC_STAFF_TOKEN" in os.environ else []
        runpy.run_module("ui", run_name="__main__", alter_sys=True)

    with tempfile.TemporaryFile() as log:
        pid = start_forked(serve, variables, log.fileno(), log.fileno())
        try:
            _wait(port, f'"state": "{ready}"')
            for name, request in requests.items():
                text = _answer(port, request)
                (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        finally:
            stop_forked(pid)
        log.seek(0)
        (folder / "log.txt").write_bytes(log.read())


def _wait(port: int, wanted: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if wanted in _answer(port, ("GET", "/readyz", b"", {})):
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise TimeoutError(f"The server did not get ready: {wanted}")


def _answer(port: int, request: Request) -> str:
    method, path, body, headers = request
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        said = response.read().decode("utf-8", errors="replace").replace("><", ">\n<")
        if "json" in response.getheader("content-type", ""):
            said = json.dumps(json.loads(said), ensure_ascii=False, indent=1)
        left_out = ("date", "content-length", "etag")
        pairs = [f"{k}: {v}" for k, v in response.getheaders() if k.lower() not in left_out]
    finally:
        connection.close()
    return "\n".join([f"{response.status}", *sorted(pairs), "", said, ""])
