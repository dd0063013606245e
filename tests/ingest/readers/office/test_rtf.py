"""Rich text files become articles: what is read, what is left out, and how it is put."""

from __future__ import annotations

import pytest

from core.errors import ContentError
from ingest.readers.office.rtf import parse_rtf
from ingest.readers.outline import LeftOut, ParsedText, Reason

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}"
    r"{\f1\fcharset204 Arial Cyr;}{\f2\fcharset2 Wingdings;}{\f3\fcharset128 MS Mincho;}}"
    r"{\colortbl;\red0\green0\blue0;}{\stylesheet{\ql \snext0 Normal;}{\s1 heading 1;}"
    r"{\s2\outlinelevel1 Leaflet head;}{\s3 Title;}{\s4 toc 1;}{\*\cs10 Default Font;}}"
    r"{\*\generator Riched20}{\info{\title Stated title}{\author Priya Nair}{\company C}}"
)


def read(body: str) -> ParsedText:
    return parse_rtf((HEAD + body + "}").encode("latin-1"), "a", "File")


def told(parsed: ParsedText) -> list[tuple[tuple[str, ...], str]]:
    return [(s.path, parsed.text[s.body.start : s.body.end]) for s in parsed.sections]


def text(body: str) -> str:
    return "\n\n".join(words for _, words in told(read(body)))


def row(*cells: str, defined: str = "", joins: tuple[str, ...] = ()) -> str:
    joins = joins or ("",) * len(cells)
    edges = "".join(rf"{join}\cellx{1000 * i}" for i, join in enumerate(joins, start=1))
    inner = "".join(rf"\pard\intbl {cell}\cell" for cell in cells)
    return rf"\trowd{defined}{edges}{inner}\row"


def test_a_leaflet_with_styles_lists_and_a_table() -> None:
    parsed = read(
        r"\pard\plain\s3 Tennis elbow\par\pard\plain It hurts.\par"
        r"\pard\plain\s1 Causes\par\pard Mostly work.\par"
        r"{\listtext\f2\'a7\tab}\pard\ls1\ilvl0 Gripping\par"
        r"{\listtext 1.\tab}\pard\ls1\ilvl1 Tools\par"
        r"{\listtext\f2\'a7\tab}\pard\ls1\ilvl0 Lifting\par"
        r"\pard\s2 Who gets it\par\pard People of forty.\par"
        r"\pard\s1 Exercises\par "
        + row("Week", "Sets", defined=r"\trhdr")
        + row("1", "3")
        + row("2", "4")
        + r"\pard Then rest.\par"
    )
    assert parsed.title == "Tennis elbow"
    assert parsed.provenance.author == "Priya Nair"
    assert parsed.warnings == ()
    assert told(parsed) == [
        ((), "It hurts."),
        (("Causes",), "Mostly work.\n\n- Gripping\n  1. Tools\n- Lifting"),
        (("Causes", "Who gets it"), "People of forty."),
        (("Exercises",), "- Week: 1; Sets: 3\n- Week: 2; Sets: 4\n\nThen rest."),
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (r"Don\rquote t take 40\~mg\line twice\endash a\{1\}\par", "Don’t take 40 mg\ntwice–a{1}"),
        (r"Caf\'e9 \'8020\par", "Café €20"),
        (r"\u1082\'ea\u1086?t\par", "коt"),
        (r"\uc2\u233\'65\'65 a\par", "é a"),
        (r"\uc0\u233 b\par", "éb"),
        (r"\u-10179?\u-8704? smile\par", "\U0001f600 smile"),
        (r"{\f1 \'ea\'ee}\par", "ко"),
        (r"{\f3 \'93\'fa\'96\'7b}\par", "日本"),
        ("Line one\r\nsame line\\\nnext\\par", "Line onesame line\n\nnext"),
        (r"One{\*\unknown{\b gone}} two\par", "One two"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt a link}} here\par", "a link here"),
        (r"{\shp{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt \pard In a box.\par}}{\shprslt{In it}}}"
         r"After.\par", "In a box.\n\nAfter."),
        (r"{\pict\wmetafile8 0102aabb}{\pict \bin4 }{}{ }Seen\par", "Seen"),
        (r"{\object\objemb{\*\objdata 0105}{\result Shown}}\par", "Shown"),
        (r"No end", "No end"),
        (r"{\listtext\f2\'fb\tab}\ls1 Cross your legs\par", "- ✗ Cross your legs"),
        (r"\bullet \tx360\tab Kneel\par 2.\tab Walk\par", "- Kneel\n2. Walk"),
        (r"10{\super 2} H{\sub 2}O\par", "10² H₂O"),
        (r"{\pntext\'B7\tab}{\*\pn\pnlvlblt}Kneel\par", "- Kneel"),
    ],
)  # fmt: skip
def test_what_is_read(body: str, said: str) -> None:
    assert text(body) == said


@pytest.mark.parametrize(
    ("body", "reason", "left"),
    [
        (r"Seen{\v  never}\par", Reason.HIDDEN, "never"),
        (r"Seen{\strike  40 mg}\par", Reason.STRUCK, "40 mg"),
        (r"Seen{\deleted  old}\par", Reason.STRUCK, "old"),
        (r"{\header \pard The Clinic\par}Seen\par", Reason.MENU, "The Clinic"),
        (r"{\footerr Page {\field{\*\fldinst PAGE}{\fldrslt 1}}}Seen\par", Reason.MENU, "Page 1"),
        (r"{\header{\shp{\*\shpinst{\shptxt Logo}}}}Seen\par", Reason.MENU, "Logo"),
        (r"Seen{\super 1{\footnote\pard Not with a pacemaker.\par}}\par", Reason.NOTE,
         "Not with a pacemaker."),
        (r"Seen{\*\atnid A}{\*\annotation Check.}\par", Reason.NOTE, "Check."),
        (r"\s4 Causes 2\par\pard Seen\par", Reason.CONTENTS, "Causes 2"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_told(body: str, reason: Reason, left: str) -> None:
    parsed = read(body)
    assert [words.removesuffix("¹") for _, words in told(parsed)] == ["Seen"]
    assert parsed.left_out == (LeftOut(reason, left),)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (row("Heel", "low") + row("Toe", r"high\par higher"), "- Heel: low\n- Toe: high, higher"),
        (
            row(r"{\b Day}", r"{\b Team}")
            + row("Monday", "Hip", joins=(r"\clvmgf", ""))
            + row("", "Knee", joins=(r"\clvmrg", "")),
            "- Day: Monday; Team: Hip\n- Day: Monday; Team: Knee",
        ),
        (
            row("A", "B", "C", defined=r"\trhdr")
            + row("1", "", "3", joins=(r"\clmgf", r"\clmrg", "")),
            "- A; B; C\n- A: 1; C: 3",
        ),
        (row("Heel", "low")[: -len(r"\row")], "- Heel: low"),
    ],
    ids=["plain", "down", "across", "cut"],
)
def test_a_table_keeps_its_rows(table: str, said: str) -> None:
    assert text(table + r"\pard\par") == said


def test_two_tables_with_text_between_are_two() -> None:
    said = text(row("a", "b") + r"\pard Between.\par " + row("c", "d"))
    assert said == "- a: b\n\nBetween.\n\n- c: d"


def test_bold_lines_are_headings_where_none_is_marked() -> None:
    parsed = read(r"{\b Your knee}\par It bends.\par\b Pain\b0\par Rest it.\par")
    assert parsed.title == "Stated title"
    assert told(parsed) == [(("Your knee",), "It bends."), (("Pain",), "Rest it.")]


@pytest.mark.parametrize(
    "raw",
    [b"{\\rtf1" + b"{" * 1_000_000, b"{\\rtf1" + b"{\\b " * 200 + b"x" + b"}" * 201],
)
def test_groups_without_end_are_refused(raw: bytes) -> None:
    with pytest.raises(ContentError) as caught:
        parse_rtf(raw, "a", "File")
    assert caught.value.expected == "groups nested at most 100 deep"


@pytest.mark.parametrize(
    "raw",
    [
        b"{\\rtf1\\bin9999999999 x}",
        b"{\\rtf1\\bin-5 x}",
        b"{\\rtf1\\u99999999999 x\\par}",
        b"{\\rtf1\\ansicpg99999\\uc-3 \\ilvl-1\\ls5 x\\par}",
        b"{\\rtf1}}}}}} x\\par",
        b"{\\rtf1\\'zz\\'4\\",
        b"{\\rtf1" + b"\\cell\\row" * 2000 + b"}",
        b"{\\rtf1\\trowd" + b"\\clmrg\\cellx1" * 3000 + b"\\cell" * 3000 + b"\\row}",
    ],
)
def test_words_that_mean_nothing_do_no_harm(raw: bytes) -> None:
    parse_rtf(raw, "a", "File")
