"""Short forms of English ("don't", "I've") and how phones write them, without the apostrophe. Pure.

One table for the search, for spelling and for the notices. A joined form that is another word
("ill", "were", "its", "well") is not among them: nobody can tell which one is meant.
"""

from __future__ import annotations

from collections.abc import Mapping

# Each verb with its form that denies.
WITH_NOT: Mapping[str, str] = {
    "can": "can't",
    "will": "won't",
    "shall": "shan't",
    **{
        verb: f"{verb}n't"
        for verb in """is are was were has have had do does did could would should must need might
        ought""".split()
    },
}
_OTHERS = """ain't i'm i've you're you've you'll you'd they're they've they'll they'd we've he's
she's it'll that's that'll there's what's where's who's how's here's could've should've would've"""


def joined(form: str) -> str:
    """Return a short form without its apostrophe, "dont"."""
    return form.replace("'", "")


# "dont" to "don't"
JOINED: Mapping[str, str] = {joined(form): form for form in (*WITH_NOT.values(), *_OTHERS.split())}
