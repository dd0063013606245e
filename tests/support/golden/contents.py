"""Content folders for the golden record: the clinic's own, and copies that are broken."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.support.golden.process import ROOT

Files = Mapping[str, bytes | None]
"""Paths below a content folder, and what is written there; None for a folder."""

NECKS = b"""All About Necks

A stiff neck is common. It often passes within two weeks, and moving it gently helps.

Why It Hurts

The neck carries the head all day. Pain can spread to the back and into the arm.

What Helps

Keep moving, and change your position every half hour. Heat is painless and cures most stiffness.
"""
BACKS = b"""---
title: Sore Backs
author: Jo Smith
reviewed: 2026-11-01
next_review: 2027-06-01
---
# Sore Backs

A sore back is common. Most people are better within six weeks, and rest in bed does not help.

## Massage or Dry Needling

Dry needling is better than massage for a sore back. Neither of them is dangerous.
"""
SECOND_NECKS = b"Stiff Necks\n\nA stiff neck is rare. It never passes without treatment.\n"

MORE_ARTICLES: Files = {"articles/necks.txt": NECKS, "articles/backs.md": BACKS}

BAD_ARTICLES: Files = {
    "articles/necks.txt": NECKS,
    "articles/backs.md": BACKS,
    "articles/empty.txt": b"",
    "articles/blank.md": b" \n\n\t\n",
    "articles/one-line.txt": b"A title and nothing else\n",
    "articles/latin.txt": "Läufer\n\nDas Knie schmerzt beim Laufen.\n".encode("latin-1"),
    "articles/no-text.txt": b"\x81\xfe\x00\x00\x9d",
    "articles/utf-16.txt": "Sixteen\n\nWritten by an old editor, in UTF-16.\n".encode("utf-16"),
    "articles/control.txt": b"Control\n\nThere is a \x00 and a \x1b[31m in this text.\n",
    "articles/pointer.md": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n",
    "articles/picture.png": b"\x89PNG\r\n\x1a\n0000",
    "articles/old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe10000",
    "articles/letter.rtf": b"{\\rtf1 Hello}",
    "articles/Thumbs.db": b"0",
    "articles/broken.pdf": b"%PDF-1.4\nthis is no PDF\n",
    "articles/text-named.pdf": b"Knees\n\nThis is plain text.\n",
    "articles/broken.docx": b"PK\x03\x04this is no archive",
    "articles/nothing.html": b"<!doctype html><html><head><title>T</title></head></html>",
    "articles/moved.html": b'<html><head><meta http-equiv="refresh" content="0; url=/new">'
    b"<title>Redirecting</title></head><body><p>This page has moved.</p></body></html>",
    "articles/deep.html": b"<html><body>" + b"<div>" * 3000 + b"<p>Deep.</p></body></html>",
    "articles/draft.md": b"---\ntitle: Draft\ndraft: true\n---\nNot yet.\n",
    "articles/no-yaml.md": b"---\ntitle: Knees: a guide\nauthor: [open\n---\nA knee bends.\n",
    "articles/unclosed.md": b"---\ntitle: Knees\n\nA knee bends and straightens all day.\n",
    "articles/dates.md": b"---\ntitle: Dates\nreviewed: 31.12.2026\n---\nA date of its own kind.\n",
    "articles/future.md": b"---\ntitle: Future\nreviewed: 2031-01-01\n---\nReviewed in years.\n",
    "articles/overdue.md": b"---\ntitle: Overdue\nreviewer: Jo\nreviewed: 2019-01-01\n"
    b"next_review: 2020-01-01\n---\nLong ago reviewed.\n",
    "articles/settings.txt": b"Settings\n\nThis article has settings beside it.\n",
    "articles/settings.toml": b'title = "Settings"\nunknown = 3\n',
    "articles/no-toml.txt": b"No TOML\n\nThis article has broken settings beside it.\n",
    "articles/no-toml.toml": b"[open",
    "articles/lonely.toml": b'title = "Without an article"\n',
    "articles/deeper/necks.txt": SECOND_NECKS,
    "articles/code.md": b"# Code\n\n{% include x.html %}\n\n{{< youtube 3 >}}\n\nA [text](x).\n",
}

NOT_UTF8, NO_TOML = b"name = '\xff'\n", b"[open"
_HEADER = b"question,answers,route,note\n"
_INTRODUCTION = b"dry-needling-benefits#introduction"
_CLAIMS = b"article,sentence,kind,decision,reason,reference,by,date\n"
_INVARIANTS = (
    b"question,section,outcome,notice,note\n"
    b"What does dry needling therapy involve?,dry-needling-benefits#introduction,,,\n"
    b"xyzzy,,not answer,,\nmy left calf is red and swollen,,,clot_leg,\nhelp,,not_covered,none,\n"
)
BROKEN: Mapping[str, Files] = {
    **{
        f"{name.removesuffix('.toml').replace('/', '-')}-{how}": {name: raw}
        for name in (
            *("clinic.toml", "red_flags.toml", "routes.toml"),
            *("vocabulary.toml", "languages/en.toml"),
        )
        for how, raw in (
            *(("not-utf8", NOT_UTF8), ("no-toml", NO_TOML)),
            *(("unknown", b"unknown = 3\n"), ("folder", None)),
        )
    },
    "clinic-colour": {"clinic.toml": b'name = "X"\naccent = "#ffff00"\n'},
    "clinic-address": {"clinic.toml": b'name = "X"\nbooking_url = "http://x"\n'},
    "clinic-country": {"clinic.toml": b'name = "X"\ncountry = "XX"\n'},
    "clinic-type": {"clinic.toml": b"name = 3\n"},
    "clinic-model": {"clinic.toml": b'name = "X"\nmodel = "/nowhere"\n'},
    "clinic-language": {"clinic.toml": b'name = "X"\ncountry = "GB"\nlanguage = "xx"\n'},
    "routes-empty": {"routes.toml": b'[cost]\ntitle = ""\ntext = "x"\n'},
    "routes-unknown-key": {"routes.toml": b'[cost]\ntitle = "C"\ntext = "x"\nlink = 3\n'},
    "vocabulary-wrong": {"vocabulary.toml": b"[[term]]\nclinical = 3\nlay = []\n"},
    "red-flags-empty": {"red_flags.toml": b""},
    "red-flags-rule": {
        "red_flags.toml": b'[[group]]\nid = "a"\nlevel = "caution"\ntitle = "A"\nheading = "B"\n'
        b'rules = ["(open"]\n'
    },
    "red-flags-level": {
        "red_flags.toml": b'[[group]]\nid = "a"\nlevel = "high"\ntitle = "A"\nheading = "B"\n'
    },
    "questions-not-utf8": {"questions.csv": _HEADER + b"\xff,,cost,\n"},
    "questions-quote": {"questions.csv": _HEADER + b'"a,,cost,\n'},
    "questions-semicolons": {"questions.csv": b"question;answers;route;note\na;;cost;\n"},
    "questions-header": {"questions.csv": b"question,answer\na,b\n"},
    "questions-folder": {"questions.csv": None},
    "questions-unknown": {
        "questions.csv": _HEADER + b"a b c,nowhere#x,,\nd e f,,no-card,\n,,cost,\ng h,,,\n"
    },
    "questions-twice": {
        "questions.csv": _HEADER + b"what is it,,cost,\nWhat is it?,,booking,\n"
        b"what is that," + _INTRODUCTION + b",cost,\n"
    },
    "questions-few": {
        "questions.csv": _HEADER + b"what is dry needling," + _INTRODUCTION + b",,\n"
    },
    "claims-not-utf8": {"claims.csv": _CLAIMS + b"\xff\n"},
    "claims-header": {"claims.csv": b"a;b\n"},
    "claims-decision": {"claims.csv": _CLAIMS + b"a,b,cure,perhaps,,,Jo,2026-01-01\n"},
    "claims-folder": {"claims.csv": None},
    "invariants-not-utf8": {"invariants.csv": _INVARIANTS + b"\xff\n"},
    "invariants-header": {"invariants.csv": b"a,b\n1,2\n"},
    "invariants-fail": {
        "invariants.csv": _INVARIANTS + b"what is dry needling,,not answer,,\n",
        "articles/other.txt": SECOND_NECKS,
    },
    "invariants-unknown": {
        "invariants.csv": _INVARIANTS + b"a b c,nowhere#x,,,\nd e f,,perhaps,,\ng h,,,no-notice,\n"
    },
    "no-articles": {"articles": None},
    "bad-articles": BAD_ARTICLES,
    "more-articles": MORE_ARTICLES,
    "necks-twice": {"articles/necks.txt": NECKS, "articles/b/necks.txt": SECOND_NECKS},
}

_LARGE_BYTES = 1_000_000
# The last group is followed by what belongs to all of them.
_FEW = ("heart_chest", "clot_leg", "blood_thinner", "medical_history")


def copy_content(folder: Path, files: Files | None = None, *, whole: bool = False) -> Path:
    """Copy the clinic's content, and put other files there; return the folder.

    Unless the whole is wanted, only a few notices are copied: learning the examples of all takes
    most of an ingest. Of the invariants only a few are copied ever.
    """
    shutil.copytree(ROOT / "content", folder, ignore=shutil.ignore_patterns(".history"))
    if not whole:
        _leave_few_notices(folder)
    (folder / "invariants.csv").write_bytes(_INVARIANTS)
    for name, raw in (files or {}).items():
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        if raw is None:
            path.mkdir()
        else:
            path.write_bytes(raw)
    return folder


def _leave_few_notices(folder: Path) -> None:
    notices = folder / "red_flags.toml"
    header, *groups = re.split(r"(?m)(?=^\[\[group\]\]$)", notices.read_text(encoding="utf-8"))
    few = [group for group in groups if any(f'id = "{name}"' in group for name in _FEW)]
    notices.write_text("".join([header, *few]), encoding="utf-8")


def copy_index(built: Path, folder: Path) -> Path:
    """Copy a folder of generations; share what is large, which is never written into."""

    def copy(source: str, target: str) -> None:
        if Path(source).stat().st_size > _LARGE_BYTES:
            Path(target).hardlink_to(source)
        else:
            shutil.copy2(source, target)

    ignored = shutil.ignore_patterns(".lock")
    return Path(shutil.copytree(built, folder, copy_function=copy, ignore=ignored))


def settled_content(folder: Path, language: str = "en") -> Path:
    """Copy the clinic's content, with the settings of a clinic that has filled them in."""
    settings = {
        "name": "Riverside Physiotherapy",
        "telephone": "020 7946 0000",
        "booking_url": "https://booking.example",
        "language": language,
    }
    return set_clinic(copy_content(folder, whole=True), **settings)


def set_clinic(content: Path, **settings: str) -> Path:
    """Change lines of a content folder's clinic.toml."""
    path = content / "clinic.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    for key, value in settings.items():
        lines = [f'{key} = "{value}"' if line.startswith(f"{key} =") else line for line in lines]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return content
