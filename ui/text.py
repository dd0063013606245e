"""Every word of the page's own interface, in one place, so that a translation is one more file.

Reading age 9 to 11, active voice, twenty words a sentence at most. Content is never in here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

LANGUAGE = "en-GB"
MONTHS = (
    "January February March April May June July August September October November December"
).split()

# Fixed wording, docs/safety: used unchanged everywhere.
PURPOSE = (
    "This tool searches the clinic's own published articles and shows matching passages, word for"
    " word. It also shows published safety notices when a search mentions certain symptoms. It does"
    " not assess your symptoms, diagnose, or say what treatment is right for you. It does not"
    " replace advice from a health professional."
)
SHORT_PURPOSE = "Searches our articles. It cannot tell you what is wrong."
NO_NAMES = "Please don’t include your name or contact details."

SKIP = "Skip to the page"
PAGES = "Pages"
ASK, ARTICLES, ABOUT = "Ask", "Articles", "About"
STARTING = "Opening the search …"
NO_SCRIPT = "Searching needs JavaScript, and it is switched off here."
NO_SCRIPT_HELP = "“Get help now” at the top of the page works without it."

HELP = "Get help now"
HELP_EMERGENCY = "if it is an emergency."
HELP_URGENT = "if you need help soon and it is not an emergency."
HELP_CRISIS = "if you need someone to talk to."
HELP_CLINIC = "to speak to the clinic."
HELP_NO_NUMBER = "Call your local emergency number if it is an emergency."
CALL = "Call"
ON = "on"

NOTICE = "Important"
LEVELS = {
    "emergency": "Emergency",
    "urgent": "Get help today",
    "caution": "Tell us before treatment",
}
OTHER_NOTICES = "Your words also match these notices:"
ALL_NOTICES = "All our safety notices"
NOTICES_TITLE = "Safety notices"
NOTICES_LEAD = (
    "These are all our notices about symptoms that need help soon. Everybody sees the same ones."
    " If you are worried and find nothing here, get help all the same."
)
NO_NOTICES = "There are no notices yet. Use “Get help now” at the top of the page."
NOTICES_SIGNED = "Checked by"
NOTICES_OVERDUE = "The check of these notices is overdue. It was due on"
NOTICES_DRAFT = "These notices are a draft. No clinician has signed them off yet."
SOURCE = "Source"
CHECKED = "checked"
NOT_CHECKED = "on a day that is not stated"
NOTICE_ABOVE = "Please read the notice above, and get help if it is about you or somebody with you."
ARTICLES_BELOW = "What our articles say"
ARTICLES_BELOW_OPEN = "Show passages that match your words"
ARTICLES_HIDDEN = "We show no articles for this search"
ARTICLES_HIDDEN_MORE = "Please talk to somebody. “Get help now” at the top of the page has numbers."
OUR_ARTICLE_SAYS = "Our article says"

TITLE = "Ask our articles"
LEAD = "Ask in your own words. We show you what our articles say, word for word."
LABEL = "What would you like to know?"
SEARCH = "Search"
PLACEHOLDER = "In your own words"
EXAMPLES = "Try one of these"
EMPTY = "Type a question first."
FORGOTTEN = "We no longer hold that search. Please ask again."

PREPARING = "Getting the search ready"
PREPARING_MORE = "This takes a few seconds. You can type your question now."
STILL_PREPARING = "The search is still getting ready. Please try again in a minute."
SEARCHING = "Searching …"
FAILED = "Something went wrong on our side. Please try again."
UNAVAILABLE = "You cannot search at the moment"

BEST = "Best match"
FURTHER = "Further passages"
RELATED = "Related reading, not an answer"
RELATED_MORE = "No passage answers this directly. These are the nearest ones in our articles."
NOT_COVERED = "Our articles do not cover this"
NOT_COVERED_TRY = "Use fewer words, or check the spelling."
NOT_COVERED_BROWSE = "See all our articles"
NOT_COVERED_CALL = "Call us on"
NOT_COVERED_BOOK = "Book an appointment"
NOT_COVERED_HELP = "If you are worried now, open “Get help now” at the top of the page."
CORRECTED = "Showing results for"
INSTEAD = "Search instead for"
ALSO_SEARCHED = "Also searched for"

WHY = "Why this matched:"
WHY_SENTENCE = "the marked sentence is close to your words."
WHY_HEADING = "its heading is close to your words."
WHY_TEXT = "the whole passage is close to your words."
WHY_QUESTION = "our clinic answers this question here:"

NOT_REVIEWED = "Not clinically reviewed"
REVIEWED = "Reviewed"
BY = "by"
NO_REVIEWER = "reviewer not stated"
NAMED_WITHOUT_DAY = "named as reviewer, date not stated"
OVERDUE = "Review overdue"
LAST_REVIEWED = "last reviewed"
NEXT_REVIEW = "Next review:"
AUTHOR = "Written by"
NO_AUTHOR = "Author not stated"
SOURCES = "Sources"
NO_SOURCES = "No sources given"
PUBLISHER = "Published by the clinic that offers this treatment"
VERSION = "Version"
READ_ON = "read"

READ = "Read in the article"
COPY = "Copy citation"
BACK = "Back to results"
ASK_AGAIN = "Ask a question"
PRINT = "Print"
CONTENTS = "On this page"
TRUST = "About this article"
FOUND_HERE = "Found by your search"
LINKED_HERE = "The part you were sent to"
NO_ARTICLE = "We cannot find that article"
NO_ARTICLE_MORE = "It may have been renamed or taken down. These are the articles we have."
NO_SECTION = "We cannot find that part of the article. Here is the whole article."
ARTICLES_TITLE = "Our articles"
NO_ARTICLES = "There are no articles yet."
GENERAL = "General information from"

ABOUT_TITLE = "About this search"
ABOUT_PURPOSE = "What it is for"
ABOUT_HOW = "How it works"
ABOUT_HOW_MORE = (
    "You ask in your own words. A small program on the clinic’s own computer compares your words"
    " with every passage of our articles. It shows the nearest ones, exactly as they were"
    " published. It writes nothing itself, so it cannot make things up. It can still miss a"
    " passage.",
    "Passages are in order of how close their words are to yours. The order says nothing about you"
    " or your health.",
)
ABOUT_PRIVACY = "Your question"
ABOUT_PRIVACY_MORE = (
    "Your question goes to the clinic’s own computer and nowhere else. We do not store it."
    " It is not put in the address of this page or in a log. We use no cookies to follow you.",
)
ABOUT_TRUST = "Who checked the articles"
ABOUT_TRUST_MORE = (
    "Every passage says whether a clinician has reviewed it, and when. When nobody has, we say so.",
)

STAFF = "Staff"
STAFF_TITLE = "For staff"
STAFF_ONLY = "This page is for staff. It is not meant for patients."
STAFF_NOTE = "For staff:"
STAFF_COVERAGE = "What our articles cover"
STAFF_CLAIMS = "Claims in our articles"
STAFF_REVIEWS = "Reviews of our articles"
STAFF_NOTICES = NOTICES_TITLE
STAFF_COUNTS = "Counts of each week"
STAFF_INDEX = "The index"
DOWNLOAD = "Download as CSV"
NO_TABLE = "This table cannot be made at the moment. The page for staff says why."
NOT_STATED = "not stated"
# The tables' own words and those of the steps are the report's, in `index/coverage_*.py`.
COVERAGE_LEAD = (
    "This is what to do next, the most pressing first, and how each article fares with the"
    " questions of the bank."
)
COVERAGE_FILE = "The same as one page to keep or to print: `python -m index coverage --html FILE`"
GO_TO = "Go to:"
# What stands between code in a step is written as `code`.
CLAIMS_LEAD = (
    "These sentences promise a lot. Patients read them, so please decide about each open one."
)
CLAIMS_STEPS = (
    "Write what you decide into `content/claims.csv`, one row for each claim.",
    "Copy article, sentence and kind from the list below. Add decision, reason, reference, by and"
    " date.",
    "A decision is `referenced`, `accepted` or `rewrite`. The first needs a reference and the"
    " second a reason.",
    "This makes a sheet to fill in: `python -m ingest claims --open --csv FILE`",
    "When you have finished, run `python -m ingest`",
)
CLAIMS_HOW = "How to decide"
CLAIMS_CAPTION = "Claims, the gravest first"
CLAIMS_COLUMNS = (
    "Article and place",
    "Sentence",
    "Kind",
    "How grave",
    "Decision",
    "Why we ask",
    "A neutral wording",
    "Evidence",
)
NO_CLAIMS = "We found no claims in our articles."
SEVERITIES = {"high": "High", "medium": "Medium", "low": "Low"}
OPEN = "Open"
REVIEWS_LEAD = "A review counts for three years at most. The articles that need one come first."
REVIEWS_HOW = (
    "Write `reviewer`, `reviewed` and `next_review` at the top of the article, or in a file beside"
    " it that ends in `.toml`. Then run `python -m ingest`"
)
NOTHING_DUE = "nothing due"
REVIEWS_CAPTION = "Reviews, the worst first"
REVIEWS_COLUMNS = (
    "Article",
    "State",
    "Written by",
    "Reviewed by",
    "Reviewed on",
    "Next review",
    "Days overdue",
    "Sources",
)
REVIEW_STATES = {"not_reviewed": NOT_REVIEWED, "reviewed": REVIEWED, "overdue": OVERDUE}
NOTICES_BROKEN = (
    "The file cannot be used as it stands now. The page goes on with what it held before."
)
NOTICES_FACTS = ("Version", "Signed by", "Next review", "Notices")
NOBODY = "nobody yet"
FINDINGS_HOW = "This list is also what you see when you run `python -m safety validate`"
NO_FINDINGS = "There is nothing to mend."
ERRORS, WARNINGS = "Errors", "Warnings"
LINE = "Line"
TIMES = "times"
COUNTS_OFF = "Counting is off. To turn it on, write `counting = true` into `content/clinic.toml`"
COUNTS_NONE = "Nothing has been counted yet."
COUNTS_BROKEN = "The counts cannot be read."
COUNTS_LEAD = "Numbers below ten are not shown, so that they tell nothing about one person."
COUNTS_CAPTION = "Counts, the oldest week first"
COUNTS_COLUMNS = ("Week", "What", "Name", "How often")
COUNTED = {"article": "Article opened", "route": "Card shown"}
INDEX_FACTS = ("Generation", "Model")
INDEX_COUNTS = {
    "articles": "Articles",
    "sections": "Sections",
    "passages": "Passages",
    "views": "Ways to reach a passage",
    "questions": "Questions and words in the bank",
}
NO_WARNINGS = "The last ingest had no warnings."
WARNED = "What the last ingest warned of"
INDEX_STATES = {
    "loading": "The index is being opened. This part follows in a moment.",
    "missing": "There is no index yet. To build one, run `python -m ingest`",
    "damaged": "The index cannot be opened. The log of this page says why.",
}


def more_rows(rows: int) -> str:
    """Say that the page holds back some rows of a table."""
    return f"{rows} more {'row' if rows == 1 else 'rows'}. The CSV has every article and section."


def more_steps(steps: int) -> str:
    """Say how many steps stand behind what opens."""
    return f"{steps} more {'step' if steps == 1 else 'steps'}"


def day(value: date) -> str:
    """Write a date as people say it, '3 January 2025'."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def claims_counted(total: int, opened: dict[str, int]) -> str:
    """Say how many claims there are and how many of each severity are open."""
    said = f"{total} {'claim' if total == 1 else 'claims'}."
    count = sum(opened.values())
    if not count:
        return f"{said} None is open."
    kinds = ", ".join(f"{n} {SEVERITIES[name].lower()}" for name, n in opened.items() if n)
    return f"{said} {count} {'is' if count == 1 else 'are'} open: {kinds}."


def found(passages: int, articles: int) -> str:
    """Say how much was found; this is also what a screen reader announces."""
    one, many = "passage", "passages"
    of = "article" if articles == 1 else "articles"
    return f"{passages} {one if passages == 1 else many} from {articles} {of}"
