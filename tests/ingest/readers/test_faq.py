"""A table of questions and answers becomes an article with a section for each question."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import ContentError
from core.types import Article
from ingest.readers.outline import LeftOut, Reason
from ingest.readers.read import ReadArticle, read_article

Write = Callable[[str, str | bytes], Path]
Read = Callable[..., ReadArticle]


@pytest.fixture
def read(write_article: Write, content: Path) -> Read:
    def reader(table: str | bytes, name: str = "about cupping.csv") -> ReadArticle:
        return read_article(write_article(name, table), root=content / "articles")

    return reader


def sections(article: Article) -> dict[str, str]:
    return {s.path[-1]: article.text[s.body.start : s.body.end] for s in article.sections}


CUPPING = {
    "Does it hurt?": "A little, for a moment.",
    "Who should not have it?": "Tell us if you, or a child:\n- have broken skin\n- bleed easily",
}
TABLE = """question,answer
Does it hurt?,"A little, for a moment."

Who should not have it?,"Tell us if you, or a child:
- have broken skin
- bleed easily"
"""


@pytest.mark.parametrize(
    "table",
    [
        TABLE,
        TABLE.replace("\n", "\r\n"),
        "\ufeff" + TABLE,
        "sep=,\n" + TABLE,
        TABLE.replace("question,answer", " Questions , ANSWERS "),
        TABLE.replace('."\n', '." \n').replace('easily"', 'easily"\t '),
        TABLE.replace("?,", "?, "),
        TABLE.replace("Does it hurt?,", '"Does it hurt?" ,'),
        TABLE.replace("question,answer", "question;answer").replace("?,", "?;"),
        TABLE.replace("question,answer", "question\tanswer").replace("?,", "?\t"),
        TABLE.encode("utf-16"),
    ],
)
def test_every_question_is_the_heading_of_its_answer(read: Read, table: str | bytes) -> None:
    found = read(table)
    assert found.warnings == ()
    assert found.article.id == "about-cupping"
    assert found.article.title == "About cupping"
    assert sections(found.article) == CUPPING
    assert [s.id for s in found.article.sections] == [
        "about-cupping#does-it-hurt", "about-cupping#who-should-not-have-it"
    ]  # fmt: skip


def test_columns_in_any_order_and_tags_of_other_programs(read: Read) -> None:
    table = (
        "id,answer,question\n"
        '7,"<p>Rest it.</p><ul><li>Ice</li><li>Heat</li></ul>",What helps?\n'
        '8,"See <a href=""/x"">our page</a>.\n\nThen <b>ask</b> us.",And then?\n'
        "9,Below 5 < 6 degrees,How cold?\n"
    )
    found = read(table)
    assert sections(found.article) == {
        "What helps?": "Rest it.\n\n- Ice\n- Heat",
        "And then?": "See our page.\n\nThen ask us.",
        "How cold?": "Below 5 < 6 degrees",
    }
    assert [w.problem for w in found.warnings] == ["only question and answer are read, not id"]
    names = "id, answer, question"
    assert found.left_out == tuple(LeftOut(Reason.LABEL, cell) for cell in (names, *"789"))


def test_a_row_without_one_of_the_two_is_told_by_its_line(read: Read) -> None:
    found = read('question,answer\n"Two\nlines?",Yes.\nAlone?,\n,Nobody asked.\n')
    assert sections(found.article) == {"Two lines?": "Yes."}
    assert [w.problem for w in found.warnings] == [
        "line 4 has not an answer and is left out",
        "line 5 has not a question and is left out",
    ]
    assert [left.text for left in found.left_out] == [
        *("question, answer", "Alone?", "Nobody asked.")
    ]


@pytest.mark.parametrize(
    ("table", "where", "found"),
    [
        ("name,number\nA,1\n", "line 1", "'name,number'"),
        ("Does it hurt?,No.\n", "line 1", "'Does it hurt?,No.'"),
        ("question,answer,answer\na,b,c\n", "line 1", "'question,answer,answer'"),
        ("question,answer\na?,One, two, and three.\n", "line 2", "4"),
        ('question,answer\na?,b\nc?,"d\n', "line 3", "unexpected end of data"),
        ("sep=;\nquestion;answer\na;b;c\n", "line 3", "3"),
    ],
)
def test_what_is_no_such_table_is_refused_by_its_line(
    read: Read, table: str, where: str, found: str
) -> None:
    with pytest.raises(ContentError) as caught:
        read(table)
    assert (caught.value.where or "").endswith(f"about cupping.csv, {where}")
    assert caught.value.found == found


def test_a_table_without_a_whole_row_has_no_text(read: Read) -> None:
    with pytest.raises(ContentError, match="a title and no text"):
        read("question,answer\n,\n")


def test_a_spreadsheet_with_the_name_of_a_table_is_refused(read: Read) -> None:
    with pytest.raises(ContentError) as caught:
        read(b"PK\x03\x04" + b"xl/workbook.xml" * 20)
    assert caught.value.expected == "a table as text (CSV), because the name ends in .csv"
