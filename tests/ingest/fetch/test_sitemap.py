"""A sitemap becomes the pages it lists, whatever stands in it."""

import gzip

import pytest

from ingest.fetch import sitemap
from ingest.fetch.http import NotFetchedError
from ingest.fetch.sitemap import Sitemap, pages_of, parse_sitemap

HOME = "https://clinic.test"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*pages: str) -> bytes:
    entries = "".join(f"<url><loc> {HOME}{p}\n</loc><lastmod>2026</lastmod></url>" for p in pages)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {SPACE}>{entries}</urlset>'.encode()


def index(*sitemaps: str) -> bytes:
    entries = "".join(f"<sitemap><loc>{HOME}{s}</loc></sitemap>" for s in sitemaps)
    return f"<sitemapindex {SPACE}>{entries}</sitemapindex>".encode()


def test_pages_of_an_index_and_of_packed_sitemaps_are_found_in_order() -> None:
    files = {
        f"{HOME}/all.xml": index("/1.xml", "/2.xml.gz", "/gone.xml", "/1.xml"),
        f"{HOME}/1.xml": urlset("/a", "/b"),
        f"{HOME}/2.xml.gz": gzip.compress(urlset("/c")),
    }

    def get(address: str) -> bytes:
        if address not in files:
            raise NotFetchedError("the server answered 404")
        return files[address]

    listed = pages_of(f"{HOME}/all.xml", get)
    assert listed.pages == [f"{HOME}/a", f"{HOME}/b", f"{HOME}/c"]
    assert listed.unusable == [(f"{HOME}/gone.xml", "the server answered 404")]


def test_an_index_within_an_index_and_one_that_names_itself_come_to_an_end() -> None:
    files = {
        f"{HOME}/all.xml": index("/all.xml", "/deeper.xml"),
        f"{HOME}/deeper.xml": index("/all.xml", "/deepest.xml"),
    }
    listed = pages_of(f"{HOME}/all.xml", files.__getitem__)
    assert listed.pages == []
    assert listed.unusable == [(f"{HOME}/deepest.xml", "an index within an index")]


def test_no_more_sitemaps_are_asked_for_than_a_site_has() -> None:
    asked: list[str] = []

    def get(address: str) -> bytes:
        asked.append(address)
        return urlset() if asked[1:] else index(*(f"/{n}.xml" for n in range(60)))

    listed = pages_of(f"{HOME}/all.xml", get)
    assert len(asked) == 50
    assert len(listed.unusable) == 11


def test_entries_of_other_kinds_and_of_pictures_are_not_pages() -> None:
    raw = (
        f'<urlset {SPACE} xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><url>'
        f"<loc>{HOME}/a?x=1&amp;y=2</loc><i:image><i:loc>{HOME}/a.png</i:loc></i:image></url>"
        f"<loc>{HOME}/stray</loc></urlset>"
    )
    assert parse_sitemap(raw.encode(), HOME) == Sitemap(pages=(f"{HOME}/a?x=1&y=2",))


def test_an_entry_that_is_no_address_stops_no_other() -> None:
    raw = urlset("/a").replace(b"</urlset>", b"<url><loc>file:///etc/passwd</loc></url></urlset>")
    listed = pages_of(f"{HOME}/s.xml", lambda _: raw)
    assert listed.pages == [f"{HOME}/a"]
    assert listed.unusable == [("file:///etc/passwd", "not the address of a page")]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html><body>Not found</body></html>",
        urlset("/a")[:-5],
        f'<!DOCTYPE urlset [<!ENTITY l0 "ha">{LAUGHS}]><urlset><url><loc>&l9;</loc></url></urlset>',
        '<!DOCTYPE urlset SYSTEM "file:///etc/passwd"><urlset/>',
        '<!DOCTYPE u [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>&e;</loc></url>'
        "</urlset>",
        "<urlset>" + "<a>" * 10_000,
        "<urlset><url><loc>" + "a\n" * 1_000_000 + "</loc></url></urlset>",
        gzip.compress(b"<urlset>" + b" " * 60_000_000),
        b"\x1f\x8b\x08 no gzip",
    ],
    ids=range(10),
)
def test_what_is_no_sitemap_or_made_to_do_harm_is_refused(raw: str | bytes) -> None:
    with pytest.raises(NotFetchedError):
        parse_sitemap(raw if isinstance(raw, bytes) else raw.encode(), HOME)


def test_a_sitemap_of_more_entries_than_one_may_have_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sitemap, "_ENTRIES", 2)
    assert len(parse_sitemap(urlset("/a", "/b"), HOME).pages) == 2
    with pytest.raises(NotFetchedError, match="more than 2 entries"):
        parse_sitemap(urlset("/a", "/b", "/c"), HOME)
