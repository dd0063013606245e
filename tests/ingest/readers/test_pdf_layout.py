"""Pages of PDF files in reading order: tables, columns, letterheads, ragged lines, contents."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.readers.outline import ParsedText, Reason
from ingest.readers.pdf.document import parse_pdf
from tests.support.files.pdf_files import BODY, BOLD, Draw, Sheet, pdf

INTRODUCTION = "Please read this before you come to see us for the first time in our clinic."


def told(parsed: ParsedText) -> list[tuple[str, str]]:
    return [(" > ".join(s.path), parsed.text[s.body.start : s.body.end]) for s in parsed.sections]


def said(*pages: Draw) -> str:
    return "\n\n".join(words for _, words in told(parse_pdf(pdf(*pages), "a", "File")))


# -- tables --------------------------------------------------------------------------------------


def table(
    lefts: Sequence[float],
    rows: Sequence[Sequence[str]],
    *,
    row: float = 28,
    line: float = 12,
    ruled: bool = False,
) -> Draw:
    """A page with a table: the first row is its head, lines in cells are divided by "/"."""

    def draw(sheet: Sheet) -> None:
        sheet.lines(INTRODUCTION)
        for i, cells in enumerate(rows):
            lines = [cell.split("/") for cell in cells]
            for x, parts in zip(lefts, lines, strict=True):
                for j, part in enumerate(parts):
                    sheet.at(x, sheet.y - j * line, part, 10, BODY if i else BOLD)
            sheet.y -= row + line * (max(map(len, lines)) - 1) - line
            if ruled:
                sheet.canvas.line(lefts[0], sheet.y + 10, 520, sheet.y + 10)

    return draw


INJECTIONS = (
    ("Injection", "Good for", "Works after", "Pain tablets?"),
    ("Steroid/(cortisone)", "Sudden flare of/a stiff joint", "3-5 days", "Yes"),
    ("Own plasma/(PRP)", "Worn joint or/old tendon pain", "4-8 weeks", "Never before/or after"),
)


@pytest.mark.parametrize(("row", "ruled"), [(28, False), (22, False), (13, True)])
def test_lines_of_one_cell_are_one_row(row: float, ruled: bool) -> None:
    text = said(table((72, 190, 330, 430), INJECTIONS, row=row + 12, ruled=ruled))
    assert text.split("\n")[2:] == [
        "- Injection: Steroid (cortisone); Good for: Sudden flare of a stiff joint; "
        "Works after: 3-5 days; Pain tablets?: Yes",
        "- Injection: Own plasma (PRP); Good for: Worn joint or old tendon pain; "
        "Works after: 4-8 weeks; Pain tablets?: Never before or after",
    ]


def test_a_long_cell_that_touches_the_next_one_stays_apart() -> None:
    def draw(sheet: Sheet) -> None:
        table(
            (80, 136, 300),
            (
                ("Day", "Exercise", "Minutes"),
                ("Monday", "Stairs and squats", "20"),
                ("Wednesday", "Rest only", "0"),
                ("Wednesdays", "Rest only", "0"),
                ("Friday", "Swimming", "30"),
            ),
            row=34,
        )(sheet)

    assert said(draw).split("\n")[2:] == [
        "- Day: Monday; Exercise: Stairs and squats; Minutes: 20",
        "- Day: Wednesday; Exercise: Rest only; Minutes: 0",
        "- Day: Wednesdays; Exercise: Rest only; Minutes: 0",
        "- Day: Friday; Exercise: Swimming; Minutes: 30",
    ]


def test_a_first_cell_that_goes_on_does_not_end_the_table() -> None:
    rows = (
        ("Day", "Exercise"),
        ("Monday", "Stairs"),
        ("Wednesday/(if you can)", "Rest"),
        ("Friday", "Swim"),
        ("Weekend/or holiday", "Walk"),
    )
    assert said(table((80, 200), rows, row=34)).split("\n")[2:] == [
        "- Day: Monday; Exercise: Stairs",
        "- Day: Wednesday (if you can); Exercise: Rest",
        "- Day: Friday; Exercise: Swim",
        "- Day: Weekend or holiday; Exercise: Walk",
    ]


def test_rows_set_close_are_rows_when_all_their_cells_are_filled() -> None:
    rows = (("Week", "Do", "Times"), ("1", "Bend", "10"), ("2", "Hop", "5"), ("3", "Jump", "3"))
    text = said(table((80, 200, 300), rows, row=24))
    assert text.split("\n")[2:] == [
        "- Week: 1; Do: Bend; Times: 10",
        "- Week: 2; Do: Hop; Times: 5",
        "- Week: 3; Do: Jump; Times: 3",
    ]


# -- columns of short lines ----------------------------------------------------------------------


def beside(left: Sequence[str], right: Sequence[str], *, step: float = 14, x: float = 320) -> Draw:
    """A page with two columns of lines at the same heights; "*" makes a line bold."""

    def draw(sheet: Sheet) -> None:
        sheet.lines("Coming to see us", size=18, font=BOLD)
        sheet.lines(INTRODUCTION)
        for edge, lines in ((72, left), (x, right)):
            for i, line in enumerate(lines):
                font = BOLD if line.startswith("*") else BODY
                sheet.at(edge, sheet.y - i * step, line.lstrip("*"), 10, font)
        sheet.y -= step * max(len(left), len(right)) + 20
        sheet.lines("Ask us when you do not know which of these is meant for you, at any time.")

    return draw


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (["*Lifting", "A. I lift all.", "B. I lift some.", "C. I lift none."],
         ["*Sleep", "A. I sleep well.", "B. I wake once.", "C. I lie awake."]),
        (["a) Knee", "b) Hip", "c) Foot"], ["d) Hand", "e) Neck", "f) Back"]),
        (["i. Knee", "ii. Hip", "iii. Foot"], ["iv. Hand", "v. Neck", "vi. Back"]),
        (["We open at eight every day but", "not on Sundays."],
         ["Please cancel one day before or", "you have to pay for it."]),
        (["Leeds clinic", "1 High Street", "West Riding", "LS1 1AA"],
         ["York clinic", "5 Mill Lane", "North Riding", "YO1 2BB"]),
    ],
)  # fmt: skip
def test_two_columns_of_short_lines_are_read_one_after_the_other(
    left: list[str], right: list[str]
) -> None:
    words = said(beside(left, right)).replace("\n", " ")
    places = [words.find(line.lstrip("*")) for line in (*left, *right) if not line.startswith("*")]
    assert -1 not in places
    assert places == sorted(places)


def test_labels_with_their_values_are_a_table() -> None:
    words = said(beside(["Sitting", "Standing", "Walking"], ["10 minutes", "5 minutes", "1 hour"]))
    assert "- Sitting: 10 minutes\n- Standing: 5 minutes\n- Walking: 1 hour" in words


def test_a_heading_in_one_column_beside_text_in_the_other_does_not_mix_them() -> None:
    def draw(sheet: Sheet) -> None:
        text = [f"line {i} of this column goes on to" for i in range(12)]
        for i, line in enumerate(text):
            sheet.at(320, 700 - 14 * i, f"right {line}")
        for i, line in enumerate(text[:5]):
            sheet.at(72, 700 - 14 * i, f"left {line}")
        sheet.at(72, 612, "Heading", 20, BOLD)
        for i, line in enumerate(text[7:]):
            sheet.at(72, 590 - 14 * i, f"left {line}")

    words = parse_pdf(pdf(draw), "a", "File").text
    assert words.index("Heading") < words.index("left line 7") < words.index("right line 0")


# -- letterheads ---------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_title_beside_the_letterhead_is_the_title(side: str) -> None:
    def draw(sheet: Sheet) -> None:
        edge, title = (60, 270) if side == "left" else (440, 60)
        contacts = ["Jane Sample", "Physiotherapist", "020 7946 0000", "hello@clinic.example"]
        for i, line in enumerate(contacts):
            sheet.at(edge, 800 - 11 * i, line, 8)
        sheet.at(title, 786, "HOW TO LOOK AFTER", 22, BOLD)
        sheet.at(title, 758, "A SPRAINED ANKLE", 22, BOLD)
        sheet.y = 690
        sheet.lines("Put your foot up as often as you can in the first two days.")
        sheet.heading("Going back to sport", 13)
        sheet.lines("Start with walking, then jog, then run in a straight line.")

    parsed = parse_pdf(pdf(draw), "a", "File")
    assert parsed.title == "HOW TO LOOK AFTER A SPRAINED ANKLE"
    assert told(parsed)[0][1].split("\n\n")[:4] == [
        "Jane Sample",
        "Physiotherapist",
        "020 7946 0000",
        "hello@clinic.example",
    ]


# -- lines of one paragraph ----------------------------------------------------------------------


def test_a_box_that_is_set_wider_has_whole_sentences() -> None:
    def draw(sheet: Sheet) -> None:
        box = ("Take your tablets with water and never", "with milk, and take", "four at most.")
        sheet.lines(*box, leading=1.6)
        sheet.lines(*["This text goes on for a long time in lines that are", "set close and"] * 6)

    assert "with water and never with milk, and take four at most.\n\n" in said(draw)


@pytest.mark.parametrize(
    "lines",
    [
        ("Tell us about every tablet before we begin. About", "5 in 100 people bleed a little."),
        ("The most that we can do in one visit is", "3 needles and never more than that, as most",
         "people know it."),
        ("You may be diagnosed with", "LCIS, which is no cancer but is told to everybody with it."),
        ("The second of these things is for all people at", "Leeds and for no one else but those",
         "live there in a house."),
    ],
)  # fmt: skip
def test_a_ragged_line_without_an_end_goes_on(lines: tuple[str, ...]) -> None:
    assert said(lambda sheet: sheet.lines(*lines, INTRODUCTION)).startswith(" ".join(lines))


def test_short_lines_without_marks_stay_apart() -> None:
    lines = ("Jane Sample", "Physiotherapist", "1 High Street", "www.clinic.example")
    text = said(lambda sheet: sheet.lines(*lines, INTRODUCTION))
    assert text == "\n\n".join((*lines, INTRODUCTION))


# -- what is no part of the article --------------------------------------------------------------

CHAPTERS = ("What is it?", "Getting better", "Getting better", "Coming back")


def booklet(leaders: str, *, number_first: bool = False) -> bytes:
    def first(sheet: Sheet) -> None:
        sheet.lines("Living with a sore back", size=20, font=BOLD)
        sheet.lines("Contents", size=14, font=BOLD)
        for number, chapter in enumerate(CHAPTERS, start=2):
            sheet.lines(f"{chapter} {leaders} {number}", gap=0)

    def chapter(number: int, name: str) -> Draw:
        def draw(sheet: Sheet) -> None:
            sheet.lines(f"{name} {number}", size=15, font=BOLD)
            sheet.lines(f"A sore back gets better by itself, as page {number} says.")
            sheet.at(72, 40, f"{number} {name}" if number_first else f"{name} {number}")

        return draw

    return pdf(first, *(chapter(i, name) for i, name in enumerate(CHAPTERS, start=2)))


@pytest.mark.parametrize("leaders", ["." * 60, ". " * 30, "\u2026" * 20])
@pytest.mark.parametrize("number_first", [True, False])
def test_contents_and_footers_of_chapters_are_left_out_and_told(
    leaders: str, number_first: bool
) -> None:
    parsed = parse_pdf(booklet(leaders, number_first=number_first), "a", "File")
    assert parsed.title == "Living with a sore back"
    assert [body for _, body in told(parsed)] == [
        f"A sore back gets better by itself, as page {i} says." for i in range(2, 6)
    ]
    reasons = [part.reason for part in parsed.left_out]
    assert reasons == [Reason.CONTENTS] * 5 + [Reason.MENU] * 4
    assert parsed.left_out[0].text == "Contents"
    assert parsed.left_out[1].text.startswith("What is it? ")
    assert parsed.left_out[-1].text in ("5 Coming back", "Coming back 5")


def test_prices_with_leaders_stay() -> None:
    prices = [f"{name} {'.' * 50} {price}" for name, price in (("Massage", 45), ("Tape", 12))]
    text = said(lambda sheet: sheet.lines(INTRODUCTION, *prices))
    assert all(price in text for price in prices)


def test_page_numbers_headers_and_stamps_are_told() -> None:
    def page(words: str) -> Draw:
        def draw(sheet: Sheet) -> None:
            sheet.at(72, 810, "Riverside Physio", 8)
            sheet.lines(f"{INTRODUCTION} {words}")
            sheet.at(290, 30, "7")
            sheet.canvas.rotate(45)
            sheet.at(300, 300, "DRAFT", 60)

        return draw

    parsed = parse_pdf(pdf(page("One."), page("Two.")), "a", "File")
    assert [(part.reason, part.text) for part in parsed.left_out] == [
        (Reason.MENU, "Riverside Physio"),
        (Reason.MENU, "7"),
        (Reason.LABEL, "DRAFT"),
    ] * 2


# -- cards ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("leading", [1.2, 1.64, 1.9])
@pytest.mark.parametrize("longer", [0, 1])
def test_two_cards_of_unequal_length_keep_their_sentences(leading: float, longer: int) -> None:
    short = (("Splint it or use crutches so that it", "cannot move."),)
    items = (
        ("Keep it above your heart, also when", "you sleep."),
        (
            "Put ice on it, but never for more than",
            "20 minutes. Wait for two hours.",
            "Then again.",
        ),
    )
    cards = (items, short) if longer == 0 else (short, items)

    def draw(sheet: Sheet) -> None:
        sheet.lines("After a sprain", size=18, font=BOLD)
        sheet.lines(INTRODUCTION)
        for x, head, card in ((84, "First day", cards[0]), (320, "Second day", cards[1])):
            sheet.at(x, 660, head, 12, BOLD)
            y = 640.0
            for item in card:
                for i, line in enumerate(item):
                    sheet.at(x + 9 + 7 * bool(i), y, line if i else f"\u2022 {line}", 10)
                    y -= 10 * leading
                y -= 6
        sheet.y = 500
        sheet.heading("When to call us")
        sheet.lines(INTRODUCTION)

    parsed = parse_pdf(pdf(draw), "a", "File")
    listed = {
        head: "\n".join(f"- {' '.join(item)}" for item in card)
        for head, card in (("First day", cards[0]), ("Second day", cards[1]))
    }
    assert told(parsed)[1:3] == list(listed.items())
    assert parsed.sections[3].path == ("When to call us",)


def test_a_heading_below_two_columns_is_in_neither() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.lines("After a sprain", size=18, font=BOLD)
        for x in (72, 320):
            for i, line in enumerate(["we say to you that this goes on", "and on to the end"] * 2):
                sheet.at(x, 700 - 14 * i, f"{line}.")
        for i, line in enumerate(["Left only, the last lines of it", "are here."]):
            sheet.at(72, 644 - 14 * i, line)
        sheet.y = 600
        sheet.heading("When to call us")
        sheet.lines(INTRODUCTION)

    words = parse_pdf(pdf(draw), "a", "File").text
    assert words.index("are here") < words.rindex("we say") < words.index("When to call")


# -- the edges of a page -------------------------------------------------------------------------


@pytest.mark.parametrize("place", [(700, 500), (-300, 500), (72, 900), (72, -60)])
def test_text_beyond_the_edges_of_a_page_is_hidden_and_told(place: tuple[float, float]) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.lines("After a sprain", size=18, font=BOLD)
        sheet.lines(INTRODUCTION)
        sheet.at(*place, "Old text: stop your tablets")

    parsed = parse_pdf(pdf(draw), "a", "File")
    assert "tablets" not in parsed.text
    assert [(part.reason, part.text) for part in parsed.left_out] == [
        (Reason.HIDDEN, "Old text: stop your tablets")
    ]


def test_what_a_printer_cuts_off_is_hidden() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.canvas.setCropBox((20, 20, 575, 800))
        sheet.lines("After a sprain", size=18, font=BOLD)
        sheet.lines(INTRODUCTION)
        sheet.at(300, 810, "leaflet-v3-final.indd 1")

    assert "indd" not in parse_pdf(pdf(draw), "a", "File").text


# -- tables whose cells are drawn ----------------------------------------------------------------


def drawn_table(
    rows: Sequence[Sequence[str]], *, centred: bool = True, fills: bool = False
) -> Draw:
    """A table of drawn cells, the head bold, lines in cells divided by "/", and text below."""
    lefts = (72, 180, 300, 420, 523)

    def draw(sheet: Sheet) -> None:
        sheet.lines("Your medicines", size=18, font=BOLD)
        sheet.lines(INTRODUCTION)
        top = 660.0
        for number, cells in enumerate(rows):
            count = max(len(cell.split("/")) for cell in cells)
            height = 12 * count + 8
            for i, cell in enumerate(cells):
                left, right = lefts[i], lefts[i + 1]
                if not fills or number % 2 == 0:
                    sheet.canvas.setFillGray(0.9)
                    sheet.canvas.rect(left, top - height, right - left, height, fill=int(fills))
                    sheet.canvas.setFillGray(0)
                lines = cell.split("/")
                y = top - 14 - (6 * (count - len(lines)) if centred else 0)
                for line in lines:
                    font = BODY if number else BOLD
                    if centred:
                        sheet.canvas.setFont(font, 10)
                        sheet.canvas.drawCentredString((left + right) / 2, y, line)
                    else:
                        sheet.at(left + 4, y, line, 10, font)
                    y -= 12
            top -= height
        sheet.at(
            72,
            top - 24,
            "Ask us before you take anything else, and also when you are not sure of it.",
        )

    return draw


MEDICINES = (
    ("Medicine", "First day/(at home)", "Days 2 to 5", "Later"),
    ("Antibiotic/for ten/days", "Yes", "Yes", "No more"),
    ("Ibuprofen", "No", "Only with/food and for/two days", ""),
    ("Paracetamol", "Yes, every/8 hours", "", "When needed"),
)


@pytest.mark.parametrize("centred", [True, False])
@pytest.mark.parametrize("fills", [True, False])
def test_what_is_in_one_row_of_drawn_cells_is_one_row(centred: bool, fills: bool) -> None:
    words = said(drawn_table(MEDICINES, centred=centred, fills=fills))
    assert [line for line in words.split("\n") if line.startswith("- ")] == [
        "- Medicine: Antibiotic for ten days; First day (at home): Yes; Days 2 to 5: Yes; "
        "Later: No more",
        "- Medicine: Ibuprofen; First day (at home): No; "
        "Days 2 to 5: Only with food and for two days",
        "- Medicine: Paracetamol; First day (at home): Yes, every 8 hours; Later: When needed",
    ]
    assert words.endswith("when you are not sure of it.")


def test_boxes_beside_each_other_are_read_one_after_the_other() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.lines("After a sprain", size=18, font=BOLD)
        for row in range(2):
            top = 720 - row * 120
            for x in (72, 297):
                sheet.canvas.rect(x, top - 120, 225, 120)
                for i in range(4):
                    sheet.at(x + 8, top - 20 - 20 * i, f"\u2022 Advice {row}{x}{i} of this box", 10)

    words = said(draw)
    for row in range(2):
        assert words.index(f"Advice {row}723") < words.index(f"Advice {row}2970")


def test_page_numbers_beside_headings_are_no_part_of_them() -> None:
    def page(number: int) -> Draw:
        def draw(sheet: Sheet) -> None:
            sheet.at(72, 790, f"Getting up on day {number}", 16, BOLD)
            sheet.at(480, 790, f"Page {number}", 10, BOLD)
            sheet.y = 700
            sheet.lines("1. Sit up slowly and wait.", "2. Stand up and wait again.")

        return draw

    parsed = parse_pdf(pdf(*[page(number) for number in (1, 2, 3, 4)]), "a", "File")
    assert [s.heading for s in parsed.sections][1:] == [f"Getting up on day {n}" for n in (2, 3, 4)]
    assert parsed.title == "Getting up on day 1"
    assert {part.text for part in parsed.left_out} == {f"Page {n}" for n in (1, 2, 3, 4)}


@pytest.mark.parametrize("mark", ["1.2.{}", "1.2.{}.", "3.1.1.{}"])
def test_numbers_of_recommendations_are_no_column(mark: str) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.lines("Advice on back pain", size=18, font=BOLD)
        y = 700
        for i, lines in enumerate(
            (("Keep moving. Do not stay in bed for more than", "one day after it begins."),
             ("Ask us before you take anything against it, also", "when you know it well:"))
        ):  # fmt: skip
            sheet.at(72, y, mark.format(i + 1))
            for line in lines:
                sheet.at(120, y, line)
                y -= 14
            y -= 8
        for word in ("tablets", "gels"):
            sheet.at(130, y, f"\u2022 {word}")
            y -= 14

    assert said(draw) == (
        f"{mark.format(1)} Keep moving. Do not stay in bed for more than one day after it begins."
        f"\n\n{mark.format(2)} Ask us before you take anything against it, also when you know it "
        "well:\n\n- tablets\n- gels"
    )


def test_doses_in_a_first_column_stay_a_table() -> None:
    rows = (("Dose", "Age"), ("2.5", "One year"), ("5.0", "Six years"), ("7.5", "Ten years"))
    assert "- Dose: 2.5; Age: One year" in said(table((72, 200), rows))


# -- bold items ----------------------------------------------------------------------------------


def marked(*items: tuple[str, str, float]) -> Draw:
    """A page with lines in a font at an edge, in one list."""

    def draw(sheet: Sheet) -> None:
        sheet.lines("When you feel faint", size=18, font=BOLD)
        sheet.lines(INTRODUCTION)
        for text, font, left in items:
            sheet.lines(text, x=left, font=font, gap=2)

    return draw


def test_a_bold_item_between_others_is_no_heading() -> None:
    draw = marked(
        ("\u2022 Put your head down", BOLD, 80),
        ("\u2022 Bend your knees until it is over", BODY, 80),
        ("\u2022 Do not hurry to the bathroom", BOLD, 80),
    )
    assert said(draw).endswith(
        "- Put your head down\n- Bend your knees until it is over\n- Do not hurry to the bathroom"
    )


def test_a_bold_mark_above_a_text_or_deeper_items_is_a_heading() -> None:
    draw = marked(
        ("\u2022 At home", BOLD, 72),
        ("You may walk, and climb stairs with one hand on the rail.", BODY, 72),
        ("\u2022 At work", BOLD, 72),
        ("\u2022 Sit down often", BODY, 90),
        ("\u2022 Carry nothing heavy", BODY, 90),
    )
    parsed = parse_pdf(pdf(draw), "a", "File")
    assert [s.heading for s in parsed.sections][1:] == ["At home", "At work"]


# -- contents in two columns ---------------------------------------------------------------------


def in_two_columns(left: Sequence[str], right: Sequence[str], pages: int = 12) -> bytes:
    def contents(sheet: Sheet) -> None:
        sheet.lines("Staying with us", size=18, font=BOLD)
        sheet.lines("Contents", size=14, font=BOLD)
        for x, entries in ((72, left), (320, right)):
            for i, entry in enumerate(entries):
                sheet.at(x, 660 - 16 * i, entry, 10)
        sheet.at(72, 400, INTRODUCTION)

    def chapter(sheet: Sheet) -> None:
        sheet.lines(INTRODUCTION, INTRODUCTION)

    return pdf(contents, *[chapter] * (pages - 1))


@pytest.mark.parametrize("leader", ["........", " . . . . . . . "])
def test_contents_in_two_columns_are_left_out_and_told(leader: str) -> None:
    left = [f"{name}{leader}{n}" for n, name in enumerate(("Arriving", "Your bed", "Meals"), 2)]
    right = [f"{name}{leader}{n}" for n, name in enumerate(("Doctors", "Going home", "Bills"), 6)]
    parsed = parse_pdf(in_two_columns([*left, "Long entry without"], right), "a", "File")
    told_of = " ".join(part.text for part in parsed.left_out if part.reason == Reason.CONTENTS)
    assert all(entry in told_of for entry in (*left, *right))
    assert "Your bed" not in parsed.text
    assert INTRODUCTION in parsed.text


def test_prices_in_two_columns_stay() -> None:
    left = [f"{name}........{price}" for name, price in (("Hip", 90), ("Knee", 40), ("Foot", 75))]
    right = [f"{name}........{price}" for name, price in (("Hand", 60), ("Neck", 85), ("Back", 30))]
    assert "Knee" in parse_pdf(in_two_columns(left, right), "a", "File").text


# -- folded leaflets -----------------------------------------------------------------------------


def folded(panels: Sequence[Sequence[tuple[str, str, float]]], *, title: str = "") -> bytes:
    """A page across with panels of equal width; lines have a font and a distance from the top."""

    def draw(sheet: Sheet) -> None:
        sheet.canvas.setPageSize((842, 595))
        for i, panel in enumerate(panels):
            for text, font, down in panel:
                size = 14 if font == BOLD else 10
                sheet.at(30 + i * (842 / len(panels)), 560 - down, text, size, font)

    return pdf(draw, title=title)


def exercise(name: str, first: float) -> list[tuple[str, str, float]]:
    return [
        (name, BOLD, 20),
        (f"{name}: begin", BOLD, first),
        ("Lie on your back with both", BODY, first + 20),
        ("knees bent.", BODY, first + 32),
        (f"{name}: lift", BOLD, first + 70),
        ("Lift it slowly and hold it for", BODY, first + 90),
        ("five seconds.", BODY, first + 102),
    ]


@pytest.mark.parametrize("names", [("Bridge", "Clam"), ("Bridge", "Clam", "Plank")])
def test_panels_of_a_folded_leaflet_are_read_one_after_the_other(names: tuple[str, ...]) -> None:
    parsed = parse_pdf(folded([exercise(n, 60 + 11 * i) for i, n in enumerate(names)]), "a", "F")
    begin, lift = "Lie on your back with both knees bent.", "Lift it slowly and hold it for five"
    assert [heading for s in parsed.sections if (heading := s.heading) and ":" in heading] == [
        heading for name in names for heading in (f"{name}: begin", f"{name}: lift")
    ]
    assert parsed.text.count(begin) == parsed.text.count(lift) == len(names)


def test_a_table_across_a_page_stays_a_table() -> None:
    rows = [("Exercise", "How often", "How long")]
    rows += [(f"Squats {n}", f"{n} times a day", f"{n} weeks") for n in range(2, 9)]
    panels = [
        [(row[i], BODY if n else BOLD, 20 + 24.0 * n) for n, row in enumerate(rows)]
        for i in range(3)
    ]
    text = parse_pdf(folded(panels), "a", "F").text
    assert "- Exercise: Squats 2; How often: 2 times a day; How long: 2 weeks" in text


def test_a_stated_title_that_is_a_heading_is_the_title() -> None:
    cover = [("Dr. A. Sample", BOLD, 20), ("Plantar exercises", BOLD, 300)]
    panels = [exercise("Heel drop", 60), exercise("Towel", 75), cover]
    assert parse_pdf(folded(panels, title="Plantar exercises"), "a", "F").title == (
        "Plantar exercises"
    )


def test_a_first_very_large_line_is_the_title_although_a_later_one_is_larger() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.lines("Living well with pain", size=24, font=BOLD)
        sheet.lines("As simple as that", size=30, font=BOLD)
        sheet.lines(INTRODUCTION)

    def more(sheet: Sheet) -> None:
        sheet.lines("Where to read more", size=30, font=BOLD)
        sheet.lines(INTRODUCTION, "And once more.")

    assert parse_pdf(pdf(draw, more, title="zine v2"), "a", "F").title == "Living well with pain"
