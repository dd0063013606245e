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
WHY_QUESTION = "physiotherapists list this question here:"

NOT_REVIEWED = "Not clinically reviewed"
REVIEWED = "Reviewed"
BY = "by"
OVERDUE = "Review overdue"
LAST_REVIEWED = "last reviewed"
NEXT_REVIEW = "Next review:"
AUTHOR = "Written by"
NO_AUTHOR = "Author not stated"
SOURCES = "Sources"
NO_SOURCES = "No sources given"
PUBLISHER = "Published by the clinic that offers this treatment"
VERSION = "Version"

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


def day(value: date) -> str:
    """Write a date as people say it, '3 January 2025'."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def found(passages: int, articles: int) -> str:
    """Say how much was found; this is also what a screen reader announces."""
    one, many = "passage", "passages"
    of = "article" if articles == 1 else "articles"
    return f"{passages} {one if passages == 1 else many} from {articles} {of}"
