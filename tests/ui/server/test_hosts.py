"""Names that the page answers to, and what may be sent as Host and Origin."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from ui.server.hosts import REFUSED, Hosts, host_of, hosts, is_same, name_of
from ui.server.log_filter import OncePerMinute

OURS = hosts(["search.clinic.example", "Müller.example."], ["https://www.clinic.example:8443"])


def allowed(*sent: str | bytes, names: Hosts = OURS) -> bool:
    values = [one if isinstance(one, bytes) else one.encode("latin-1") for one in sent]
    return names.answers_to([(b"Host", value) for value in values])


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.0.0.1:8501", "localhost", "localhost:1", "LOCALHOST:8501"),
        *("localhost.", "localhost.:8501", "clinic.localhost:8443", "[::1]", "[::1]:8501"),
        *("192.168.1.7:8501", "[fe80::1]:8501", "[2001:DB8::1]", "10.0.0.11"),
        *("search.clinic.example", "SEARCH.Clinic.Example.:443", "xn--mller-kva.example"),
        *("www.clinic.example", "www.clinic.example:8443"),
    ],
)
def test_names_of_ours_and_addresses_are_answered(host: str) -> None:
    assert allowed(host)


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8501", "EVIL.EXAMPLE", "evil.example."),
        *("localhost.evil.example", "127.0.0.1.evil.example", "notlocalhost", "localhost.."),
        *(".localhost", "..localhost", "search.clinic.example.evil.example", "clinic.example"),
        *("user@localhost", "localhost@evil.example", "evil.example#localhost", "localhost/"),
        *("localhost?", "localhost\\", "local host", " localhost", "localhost\t", "localhost\n"),
        *("localhost:", "localhost:x", "localhost:123456", "localhost:80:80", "localhost,a"),
        *("[::1", "::1", "[::1]x", "[::1].", "[127.0.0.1]", "[evil.example]", "[]", "[bad"),
        *("127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "1.2.3.4.5", "999.1.1.1"),
        *("", ":8501", ".", "*", "null", "l\xf6calhost", "\xff", "a" * 5_000, "%6cocalhost"),
    ],
)
def test_every_other_name_and_what_is_none_is_refused(host: str) -> None:
    assert not allowed(host)


def test_a_request_without_a_host_or_with_two_names_nobody() -> None:
    assert not allowed()
    assert not allowed("localhost", "evil.example")
    assert not allowed("localhost", "localhost")


def test_a_refused_name_is_said_once_a_minute_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    log = logging.getLogger("clinic.ui.hosts")
    monkeypatch.setattr(log, "filters", [OncePerMinute(lambda: now[0])])
    for _ in range(50):
        allowed("evil.example")
        allowed("localhost")
        allowed("%")  # no name at all: no page that was started wrongly is asked so
    assert [one.getMessage() for one in caplog.records] == [REFUSED]
    now[0] = 60.0
    allowed("other.example:8501")
    assert [one.getMessage() for one in caplog.records] == [REFUSED] * 2
    assert "--name" in REFUSED


def test_a_refused_name_is_said_by_default_only_once(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        allowed("evil.example")
    assert len(caplog.records) <= 1  # none where another test was refused in this minute


def connects(origin: str | None, host: str = "search.clinic.example", *more: str) -> bool:
    headers = [(b"host", host.encode())]
    headers += [(b"origin", one.encode("latin-1")) for one in (origin, *more) if one is not None]
    return OURS.may_connect(headers)


def test_only_a_page_of_the_same_site_or_of_a_named_origin_may_connect() -> None:
    assert connects("https://search.clinic.example")
    assert connects("HTTPS://Search.Clinic.Example")
    assert connects("http://localhost:8501", "localhost:8501")
    assert connects("http://[::1]:8501", "[::1]:8501")
    assert connects("https://www.clinic.example:8443")
    assert connects("https://www.clinic.example:8443", "127.0.0.1:8501")
    for origin in (None, "", "null", "https://evil.example", "http://localhost:8502"):
        assert not connects(origin)
        assert not connects(origin, "localhost:8501")
    assert not connects("http://evil.example:8501", "evil.example:8501")  # a rebound name
    assert not connects("https://search.clinic.example", "search.clinic.example", "null")


@pytest.mark.parametrize(
    "origin",
    [
        *("http://[bad", "http://[", "http://[::1", "http://]", "http://a]b", "http://[v1.x]"),
        *("http://", "//localhost", "localhost", "http:localhost", "ftp://localhost"),
        *("http://localhost/", "http://localhost/a", "http://a@localhost", "http://localhost#a"),
        *("http://localhost:999999", "http://\uff3bbad".encode().decode("latin-1"), "http://a:b"),
    ],
)
def test_what_is_no_origin_is_no_error_either(origin: str) -> None:
    assert host_of(origin) is None
    assert not is_same(origin, origin.partition("//")[2])
    assert not connects(origin, "localhost")


@given(st.text(max_size=60), st.text(alphabet="[]:/@.#?%localhst127", max_size=30))
def test_nothing_that_a_visitor_may_send_breaks_the_reading(anything: str, likely: str) -> None:
    for sent in (anything, likely, f"http://{anything}", f"http://{likely}"):
        name_of(sent)
        host_of(sent)
        is_same(sent, likely)
        raw = sent.encode("utf-8", "surrogatepass")
        OURS.may_connect([(b"host", raw), (b"origin", raw)])
        OURS.may_connect([(b"host", b"localhost"), (b"origin", raw)])


@given(st.text(max_size=60))
def test_no_text_can_stand_for_a_foreign_name(anything: str) -> None:
    assert not allowed(f"{anything}evil.example".encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "name", ["", "https://a.example", "a.example:8501", "a.example/", "*.example", "a b", "a..b"]
)
def test_a_name_that_could_never_match_is_refused_at_the_start(name: str) -> None:
    with pytest.raises(UsageError, match="CLINIC_NAMES"):
        hosts([name])


@pytest.mark.parametrize("origin", ["https://[bad", "www.example.org", "https://a.example/", "*"])
def test_an_origin_that_could_never_match_is_refused_at_the_start(origin: str) -> None:
    with pytest.raises(UsageError, match="CLINIC_ORIGINS"):
        hosts([], [origin])
