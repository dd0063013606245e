"""Pages of the clinic's own site become files among the articles: politely, and within bounds."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core.errors import ClinicSearchError, ContentError, UsageError
from ingest.__main__ import cli
from ingest.fetch import site as fetch_site
from ingest.fetch.folder import STATE, open_folder
from ingest.fetch.http import Http, NotFetchedError
from ingest.files.folder import article_files
from ingest.readers.read import read_article
from tests.support.files.pdf_files import pdf

Answer = tuple[int, Mapping[str, str], bytes]


def page(title: str, text: str = "Rest, ice and time help most people within six weeks.") -> Answer:
    html = f"<!doctype html><title>{title}</title><h1>{title}</h1><p>{text}</p>"
    return 200, {"content-type": "text/html; charset=utf-8"}, html.encode()


def redirect(to: str) -> Answer:
    return 302, {"location": to}, b""


def xml(text: str) -> Answer:
    return 200, {"content-type": "application/xml"}, text.encode()


@dataclass
class Clinic:
    """A site: what it answers to each path, and what it was asked. A callable answers itself."""

    address: str = ""
    pages: dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]] = field(
        default_factory=dict
    )
    otherwise: Answer = (404, {}, b"")
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    etags: dict[str, str] = field(default_factory=dict)

    def sitemap(self, *paths: str, kind: str = "urlset", entry: str = "url") -> Answer:
        entries = "".join(f"<{entry}><loc>{self.address}{p}</loc></{entry}>" for p in paths)
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return xml(f'<?xml version="1.0"?><{kind} xmlns="{space}">{entries}</{kind}>')


@pytest.fixture
def clinic(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    site = Clinic()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.agents.add(self.headers["user-agent"])
            answer = site.pages.get(self.path, site.otherwise)
            if callable(answer):
                with suppress(OSError):  # whoever asked has had enough
                    answer(self)
                return
            status, headers, body = answer
            etag = site.etags.get(self.path)
            if etag and self.headers["if-none-match"] == etag:
                status, headers, body = 304, {}, b""
            self.send_response(status)
            for name, value in {**headers, **({"etag": etag} if etag else {})}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Run:
    """What a run of the command printed and raised."""

    out: str
    err: str
    error: ClinicSearchError | None

    def outcome(self, path: str) -> str:
        """Return what the table says of the address that ends in this path."""
        (line,) = [line for line in self.out.splitlines() if line.endswith(path)]
        known = ("new", "changed by hand", "changed", "unchanged", "same page", "gone", "removed")
        return next(o for o in (*known, "not saved") if line.strip().startswith(o))


Fetch = Callable[..., Run]


@pytest.fixture
def fetch(clinic: Clinic, content: Path, capsys: pytest.CaptureFixture[str]) -> Fetch:
    """Run the command as `python -m ingest fetch` does; paths are those of the clinic's site."""

    def run(*arguments: str) -> Run:
        full = [clinic.address + a if a.startswith("/") else a for a in arguments]
        error = None
        try:
            cli.main(
                ["--content", str(content), "fetch", "--delay", "0", *full], standalone_mode=False
            )
        except ClinicSearchError as raised:
            error = raised
        printed = capsys.readouterr()
        return Run(printed.out, printed.err, error)

    return run


@pytest.fixture
def site(content: Path) -> Path:
    """The folder that pages are saved in."""
    return content / "articles" / "site"


def visible(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir() if not p.name.startswith(".")}


# -- what is saved -----------------------------------------------------------------------------


def test_a_page_is_saved_word_for_word_and_read_with_its_address_as_source(
    clinic: Clinic, fetch: Fetch, content: Path, site: Path
) -> None:
    clinic.pages["/conditions/neck-pain/"] = page("Neck pain")
    run = fetch("/conditions/neck-pain/")
    assert run.error is None
    assert run.outcome("/conditions/neck-pain/") == "new"
    saved = site / "conditions-neck-pain.html"
    assert saved.read_bytes() == page("Neck pain")[2]
    article = read_article(saved, root=content / "articles").article
    assert article.title == "Neck pain"
    assert article.provenance.sources == (f"{clinic.address}/conditions/neck-pain/",)
    assert saved in article_files(content / "articles")


def test_a_pdf_is_saved_as_pdf(clinic: Clinic, fetch: Fetch, site: Path) -> None:
    made = pdf(lambda sheet: sheet.lines("A knee is a joint that bends."))
    clinic.pages["/leaflets/Knee%20pain.PDF"] = (200, {"content-type": "application/pdf"}, made)
    assert fetch("/leaflets/Knee%20pain.PDF").error is None
    assert (site / "leaflets-knee-pain.pdf").read_bytes() == made


def test_a_list_in_a_file_is_fetched_and_its_notes_are_left_out(
    clinic: Clinic, fetch: Fetch, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.pages |= {"/a": page("A"), "/b": page("B")}
    monkeypatch.chdir(tmp_path)
    text = f"# ours\n{clinic.address}/a\n\n  {clinic.address}/b#part\n"
    Path("pages.txt").write_text(text)
    assert fetch("pages.txt").error is None
    Path("pages.txt").write_text(text + "www.example.org/c\n")
    assert "pages.txt, line 5" in str(fetch("pages.txt").error)
    assert visible(site) == {"a.html", "a.toml", "b.html", "b.toml"}


def test_an_encoding_that_only_the_server_states_is_kept(
    clinic: Clinic, fetch: Fetch, content: Path, site: Path
) -> None:
    html = "<html><h1>Боль в шее</h1><p>Обычно проходит сама.</p></html>"
    header = {"content-type": 'text/html; charset="windows-1251"'}
    clinic.pages["/neck"] = (200, header, html.encode("cp1251"))
    assert fetch("/neck").error is None
    read = read_article(site / "neck.html", root=content / "articles")
    assert read.article.title == "Боль в шее"
    assert "Обычно проходит сама." in read.article.text
    assert not read.warnings


def test_a_page_that_arrives_packed_is_saved_unpacked(
    clinic: Clinic, fetch: Fetch, site: Path
) -> None:
    status, headers, body = page("Packed")
    clinic.pages["/p"] = (status, {**headers, "content-encoding": "gzip"}, gzip.compress(body))
    assert fetch("/p").error is None
    assert (site / "p.html").read_bytes() == body


# -- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "home.html"),
        ("/../../etc/passwd", "etc-passwd.html"),
        ("/%2e%2e/%2e%2e/etc/passwd", "etc-passwd.html"),
        ("/..%5c..%5cboot.ini", "boot-ini.html"),
        ("/.hidden", "hidden.html"),
        ("/page.php?id=3&lang=en", "page-id-3-lang-en.html"),
        ("/Na%C3%AFve%20questions.html", "naive-questions.html"),
        ("/" + "long-" * 100, "-".join(["long"] * 12) + ".html"),
        ("/%00", "home.html"),
        ("/index.html", "home.html"),
        ("/hip/index.html", "hip.html"),
        ("/pain/hip/default.aspx?page=2", "pain-hip-page-2.html"),
    ],
)
def test_names_are_readable_and_never_lead_out_of_the_folder(
    clinic: Clinic, fetch: Fetch, content: Path, site: Path, path: str, name: str
) -> None:
    before = {p for p in content.rglob("*") if p.is_file()}

    clinic.otherwise = page("A page")
    clinic.pages["/robots.txt"] = (404, {}, b"")
    assert fetch(path).error is None
    new = {p for p in content.rglob("*") if p.is_file() and not p.name.startswith(".")} - before
    assert new == {site / name, (site / name).with_suffix(".toml")}


def test_the_same_slug_twice_gives_two_files_that_keep_their_names(
    clinic: Clinic, fetch: Fetch, site: Path
) -> None:
    paths = ("/neck/pain", "/neck-pain", "/Neck_Pain.html")
    clinic.pages |= {path: page(path) for path in paths}
    assert fetch(*paths).error is None
    names = {p.name: p.read_bytes() for p in site.glob("*.html")}
    assert len(names) == 3
    (site / STATE).unlink()  # even then, and in another order
    assert fetch(*reversed(paths)).error is None
    assert {p.name: p.read_bytes() for p in site.glob("*.html")} == names


def test_a_page_never_gets_the_id_of_another_article(
    clinic: Clinic, fetch: Fetch, content: Path, site: Path
) -> None:
    clinic.pages["/necks"] = page("Necks")
    assert fetch("/necks").error is None  # content/articles/necks.txt is there
    (name,) = site.glob("*.html")
    assert name.stem.startswith("necks-")
    assert (content / "articles" / "necks.txt").exists()


def test_a_page_changes_the_id_of_no_article_in_a_folder(
    clinic: Clinic, fetch: Fetch, write_article: Callable[[str, str], Path], site: Path
) -> None:
    write_article("hip/index.md", "# Hip\n\nIt hurts.")
    write_article("knee/plan.md", "# Plan\n\nWalk.")
    clinic.pages |= {path: page(path) for path in ("/hip/", "/plan")}
    assert fetch("/hip/", "/plan").error is None
    assert sorted(path.stem.partition("-")[0] for path in site.glob("*-*.html")) == ["hip", "plan"]


# -- the second run ----------------------------------------------------------------------------


def test_a_second_run_fetches_only_what_has_changed(
    clinic: Clinic, fetch: Fetch, site: Path
) -> None:
    clinic.pages |= {"/same": page("Same"), "/new": page("Old words")}
    clinic.etags |= {"/same": '"1"', "/new": '"1"'}
    fetch("/same", "/new")
    before = (site / "same.html").stat().st_mtime_ns
    clinic.pages["/new"], clinic.etags["/new"] = page("New words"), '"2"'
    run = fetch("/same", "/new")
    assert run.error is None
    assert (run.outcome("/same"), run.outcome("/new")) == ("unchanged", "changed")
    assert (site / "same.html").stat().st_mtime_ns == before
    assert b"New words" in (site / "new.html").read_bytes()


def test_a_page_without_etag_is_not_written_again_when_it_is_the_same(
    clinic: Clinic, fetch: Fetch, site: Path
) -> None:
    clinic.pages["/a"] = page("A")
    fetch("/a")
    before = (site / "a.html").stat().st_ino
    assert fetch("/a").outcome("/a") == "unchanged"
    assert (site / "a.html").stat().st_ino == before


def test_a_file_that_was_lost_is_fetched_again_although_the_page_is_unchanged(
    clinic: Clinic, fetch: Fetch, site: Path
) -> None:
    clinic.pages["/a"], clinic.etags["/a"] = page("A"), '"1"'
    fetch("/a")
    (site / "a.html").unlink()
    assert fetch("/a").outcome("/a") == "new"
    assert (site / "a.html").exists()


def test_what_an_editor_has_written_is_never_overwritten(
    clinic: Clinic, fetch: Fetch, site: Path
) -> None:
    clinic.pages["/a"] = page("A")
    fetch("/a")
    (site / "a.toml").write_text('reviewer = "A. Person"\n')
    (site / "a.html").write_text("<h1>By hand</h1><p>Other words.</p>")
    clinic.pages["/a"] = page("A", "The site has other words now.")
    run = fetch("/a")
    assert run.outcome("/a") == "changed by hand"
    assert run.error is not None
    assert "By hand" in (site / "a.html").read_text()
    (site / "a.html").unlink()
    assert fetch("/a").error is None
    assert (site / "a.toml").read_text() == 'reviewer = "A. Person"\n'


def test_a_page_that_is_gone_is_reported_and_removed_only_when_asked_to(
    clinic: Clinic, fetch: Fetch, site: Path
) -> None:
    clinic.pages |= {"/a": page("A"), "/b": page("B"), "/c": page("C")}
    fetch("/a", "/b", "/c")
    (site / "b.toml").write_text('reviewer = "A. Person"\n')
    clinic.pages["/a"] = (410, {}, b"")
    del clinic.pages["/b"]
    run = fetch("/a", "/b", "/c")
    assert (run.outcome("/a"), run.outcome("/b"), run.outcome("/c")) == (
        "gone",
        "gone",
        "unchanged",
    )
    assert "--remove-gone" in str(run.error)
    assert visible(site) >= {"a.html", "b.html"}
    run = fetch("--remove-gone", "/a", "/b", "/c")
    assert run.error is None
    assert visible(site) == {"b.toml", "c.html", "c.toml"}


def test_a_withdrawn_page_that_the_sitemap_no_longer_lists_is_noticed(
    clinic: Clinic, fetch: Fetch, site: Path
) -> None:
    clinic.pages |= {"/a": page("A"), "/b": page("B"), "/s.xml": clinic.sitemap("/a", "/b")}
    fetch("--sitemap", clinic.address + "/s.xml")
    clinic.pages["/s.xml"] = clinic.sitemap("/a")
    del clinic.pages["/b"]
    run = fetch("--sitemap", clinic.address + "/s.xml", "--remove-gone")
    assert run.outcome("/b") == "removed"
    assert visible(site) == {"a.html", "a.toml"}


# -- redirects and hosts -------------------------------------------------------------------------


def test_a_redirect_within_the_site_is_cited_by_where_it_leads(
    clinic: Clinic, fetch: Fetch, site: Path
) -> None:
    clinic.pages |= {"/old": redirect("/new"), "/new": page("New")}
    clinic.etags["/new"] = '"1"'
    run = fetch("/old", "/new")
    assert (run.outcome("/old"), run.outcome("/new")) == ("new", "same page")
    assert visible(site) == {"new.html", "new.toml"}
    assert f'["{clinic.address}/new"]' in (site / "new.toml").read_text()
    assert fetch("/old").outcome("/old") == "unchanged"
    clinic.pages["/old"] = (404, {}, b"")  # what only led there may go
    assert fetch("--remove-gone", "/old").error is None
    assert (site / "new.html").exists()


def test_redirects_to_another_host_and_in_circles_are_refused_and_stop_nothing(
    clinic: Clinic, fetch: Fetch, site: Path
) -> None:
    clinic.pages |= {
        "/away": redirect("http://127.0.0.2:9/elsewhere"),
        "/file": redirect("file:///etc/passwd"),
        "/loop": redirect("/loop"),
        "/nowhere": (302, {}, b""),
        "/good": page("Good"),
    }
    run = fetch("/away", "/file", "/loop", "/nowhere", "/good")
    assert run.error is not None
    assert "4 of 5" in str(run.error)
    assert "another host, 127.0.0.2:9" in run.err
    assert "more than 5 redirects" in run.err
    assert visible(site) == {"good.html", "good.toml"}


def test_only_the_host_of_the_first_address_is_asked(
    clinic: Clinic, fetch: Fetch, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The site stands behind a proxy, so that its names need not exist.
    monkeypatch.setenv("http_proxy", clinic.address)
    monkeypatch.setenv("no_proxy", "")
    names = ("http://clinic.test/a", "http://www.clinic.test/b", "http://other.test/c")
    clinic.pages |= {name: page(name) for name in names}
    run = fetch(*names)
    assert [name for name in clinic.asked if not name.endswith("robots.txt")] == [names[0]]
    assert "on another host, www.clinic.test" in run.err
    run = fetch("--also-host", "www.clinic.test", *names)
    assert (run.outcome("clinic.test/a"), "www.clinic.test/b: " in run.err) == ("unchanged", False)
    assert visible(site) == {"a.html", "a.toml", "b.html", "b.toml"}
    assert not [asked for asked in clinic.asked if "other.test" in asked]


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://example.org/a",
        "https://name:secret@example.org/",
        "javascript://example.org/%0aalert(1)",
        "https:///path",
        "https://example.org:port/",
        "https://exa mple.org/",
        "https://example.org/\r\nHost: other",
        "https://example.org\\@other.test/",
        "https://[::1/",
        "https://" + "a" * 70 + ".org/",
    ],
)
def test_what_is_no_address_of_the_web_is_refused_before_anything_is_asked(
    clinic: Clinic, fetch: Fetch, site: Path, address: str
) -> None:
    run = fetch("/a", address)
    assert isinstance(run.error, UsageError)
    assert clinic.asked == []
    assert not site.exists()


# -- robots.txt ----------------------------------------------------------------------------------


def robots(text: str) -> Answer:
    return 200, {"content-type": "text/plain"}, text.encode()


def test_what_robots_txt_closes_is_not_asked_for_not_even_by_a_redirect(
    clinic: Clinic, fetch: Fetch, site: Path
) -> None:
    clinic.pages |= {
        "/robots.txt": robots("User-agent: *\nDisallow: /private/\nDisallow: /*.pdf$\n"),
        "/private/a": page("A"),
        "/x.pdf": page("X"),
        "/to": redirect("/private/a"),
        "/open": page("Open"),
    }
    run = fetch("/private/a", "/x/../private/a", "/x.pdf", "/to", "/open")
    assert clinic.asked == ["/robots.txt", "/to", "/open"]
    assert run.err.count("forbidden by the site's robots.txt") == 3
    assert visible(site) == {"open.html", "open.toml"}
    assert all(agent.startswith("clinic-search-fetch/") for agent in clinic.agents)


def test_robots_txt_can_speak_to_this_program_by_its_name(clinic: Clinic, fetch: Fetch) -> None:
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: clinic-search-fetch\nDisallow: /b\n"
    clinic.pages |= {"/robots.txt": robots(rules), "/a": page("A"), "/b": page("B")}
    run = fetch("/a", "/b")
    assert (run.outcome("/a"), run.outcome("/b")) == ("new", "not saved")


def test_robots_txt_that_cannot_be_had_closes_the_site(clinic: Clinic, fetch: Fetch) -> None:
    clinic.pages |= {"/robots.txt": (503, {}, b""), "/a": page("A"), "/b": page("B")}
    run = fetch("/a", "/b")
    assert clinic.asked == ["/robots.txt"]
    assert run.err.count("robots.txt cannot be read: the server answered 503") == 2


@pytest.mark.parametrize(("asked", "pause"), [("7", 7.0), ("0.1", 1.0), ("9999", 30.0)])
def test_every_request_waits_as_long_as_the_site_asks_within_reason(
    clinic: Clinic, asked: str, pause: float
) -> None:
    clinic.pages |= {
        "/robots.txt": robots(f"User-agent: *\nCrawl-delay: {asked}\n"),
        "/a": redirect("/b"),
        "/b": page("B"),
    }
    waited: list[float] = []
    host = clinic.address.removeprefix("http://")
    site = fetch_site.Site(frozenset([host]), delay_s=1.0, wait=waited.append)
    assert site.get(f"{clinic.address}/a", lambda _: 1000).reply.status == 200
    site.close()
    assert waited == [pause, pause]  # robots.txt itself came first


# -- servers that fail, lie or never end -----------------------------------------------------------


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(b" ")
        handler.wfile.flush()
        threading.Event().wait(0.02)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        threading.Event().wait(0.02)


def silent(handler: BaseHTTPRequestHandler) -> None:
    handler.rfile.read(1)  # until whoever asked has gone


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(b"<p>More and more.</p>" * 5000)


@pytest.mark.parametrize("answer", [drip, drip_headers, silent])
def test_a_server_that_takes_its_time_is_left_when_the_time_is_over(
    clinic: Clinic, answer: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    clinic.pages["/slow"] = answer
    http = Http(seconds=0.3)
    with pytest.raises(NotFetchedError, match=r"no complete answer within 0\.3 seconds"):
        http.get(f"{clinic.address}/slow", headers={}, limit=lambda _: 1_000_000)
    http.close()


def test_a_body_without_end_is_left_at_the_limit(
    clinic: Clinic, fetch: Fetch, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.fetch.pages.FILE_BYTES", {".html": 1_000_000})
    packed = gzip.compress(b"<p>" + b"0" * 5_000_000)
    bomb = {"content-type": "text/html", "content-encoding": "gzip"}
    clinic.pages |= {"/endless": endless, "/bomb": (200, bomb, packed), "/a": page("A")}
    run = fetch("/endless", "/bomb", "/a")
    assert run.err.count("larger than the limit of 1 MB") == 2
    assert visible(site) == {"a.html", "a.toml"}


def test_a_run_takes_no_more_than_its_share(clinic: Clinic) -> None:
    clinic.pages |= {"/a": page("A", "x" * 900), "/b": page("B", "x" * 900), "/c": page("C")}
    host = clinic.address.removeprefix("http://")
    site = fetch_site.Site(frozenset([host]), delay_s=0, total_bytes=1500, wait=lambda _: None)
    site.get(f"{clinic.address}/a", lambda _: 10_000)
    with pytest.raises(NotFetchedError, match="larger than"):
        site.get(f"{clinic.address}/b", lambda _: 10_000)
    site.get(f"{clinic.address}/c", lambda _: 10_000)
    site.close()


def test_a_failing_page_stops_no_other_and_the_last_good_file_stays(
    clinic: Clinic, fetch: Fetch, site: Path
) -> None:
    clinic.pages |= {"/a": page("A"), "/b": page("B")}
    fetch("/a", "/b")
    clinic.pages |= {
        "/a": (500, {"content-type": "text/html"}, b"<h1>Error</h1>"),
        "/b": page("B", "Other words."),
    }
    run = fetch("/a", "/b")
    assert isinstance(run.error, ContentError)
    assert f"not saved: {clinic.address}/a: the server answered 500" in run.err
    assert run.outcome("/b") == "changed"
    assert (site / "a.html").read_bytes() == page("A")[2]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((200, {"content-type": "image/png"}, b"\x89PNG\r\n"), "neither a web page nor a PDF"),
        ((200, {}, b"<html>"), "no type stated"),
        ((200, {"content-type": "text/html"}, b"\x89PNG\r\n\x1a\n"), "a picture"),
        ((200, {"content-type": "application/pdf"}, b"<html>Please log in"), "a web page"),
        ((200, {"content-type": "text/html"}, b" \n"), "empty"),
        ((204, {"content-type": "text/html"}, b""), "answered 204"),
        ((200, {"content-type": "text/html", "content-encoding": "br"}, b"xx"), "unexpected way"),
        ((200, {"content-type": "text/html", "content-encoding": "gzip"}, b"xx"), "damaged"),
        (
            (
                200,
                {"content-type": "text/html", "content-encoding": "gzip"},
                gzip.compress(b"<p>cut" * 50)[:-9],
            ),
            "cut off",
        ),
    ],
)
def test_what_is_no_page_is_not_saved(
    clinic: Clinic, fetch: Fetch, site: Path, answer: Answer, why: str
) -> None:
    clinic.pages["/a"] = answer
    run = fetch("/a")
    assert run.error is not None
    assert why in run.err
    assert visible(site) == set()


def test_no_server_is_said_calmly(fetch: Fetch) -> None:
    run = fetch("http://127.0.0.1:9/a")
    assert "no connection to the server" in run.err
    assert "Traceback" not in run.err


def test_more_pages_than_allowed_are_named_and_not_asked_for(clinic: Clinic, fetch: Fetch) -> None:
    clinic.pages |= {path: page(path) for path in ("/a", "/b", "/c")}
    run = fetch("--max-pages", "2", "/a", "/b", "/c")
    assert "/c" not in clinic.asked
    assert f"{clinic.address}/c: beyond --max-pages" in run.err
    assert "1 of 3" in str(run.error)


# -- the folder ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state",
    [
        "{",
        "[]",
        '{"pages": []}',
        '{"pages": {"http://a/": {"file": "a.html"}}}',
        '{"pages": {"http://a/": {"file": 1, "sha256": "", "asked": ""}}}',
        '{"pages": {"http://a/": {"file": "../../x.html", "sha256": "", "asked": ""}}}',
        '{"pages": {"http://a/": {"file": "..\\\\x.html", "sha256": "", "asked": ""}}}',
        '{"pages": {"http://a/": {"file": ".x.html", "sha256": "", "asked": ""}}}',
        '{"pages": {"http://a/": {"file": "x.toml", "sha256": "", "asked": ""}}}',
        "[" * 100_000,
    ],
)
def test_a_state_that_was_tampered_with_is_refused_and_nothing_removed(
    clinic: Clinic, fetch: Fetch, site: Path, state: str
) -> None:
    site.mkdir()
    (site / STATE).write_text(state)
    run = fetch("--remove-gone", "/a")
    assert isinstance(run.error, ContentError)
    assert STATE in str(run.error)
    assert clinic.asked == []


def test_two_fetches_into_one_folder_are_refused_by_name(
    clinic: Clinic, fetch: Fetch, site: Path
) -> None:
    clinic.pages["/a"] = page("A")
    with open_folder(site):
        assert "Another command is saving pages" in str(fetch("/a").error)
    assert fetch("/a").error is None


def test_what_is_remembered_is_hidden_from_the_readers(
    clinic: Clinic, fetch: Fetch, content: Path, site: Path
) -> None:
    clinic.pages["/a"] = page("A")
    fetch("/a")
    assert (
        json.loads((site / STATE).read_text())["pages"][f"{clinic.address}/a"]["file"] == "a.html"
    )
    found = {p.name for p in article_files(content / "articles")}
    assert found == {"a.html", "blood.txt", "necks.txt"}


@pytest.mark.parametrize(
    "arguments",
    [[], ["missing.txt"], ["--max-pages", "0", "/a"], ["--delay", "nan", "/a"]],
)
def test_a_command_that_cannot_work_says_so_before_anything_happens(
    clinic: Clinic, fetch: Fetch, site: Path, arguments: list[str]
) -> None:
    assert isinstance(fetch(*arguments).error, UsageError)
    assert clinic.asked == []
    assert not site.exists()
