"""A few networks that ask without end, and one visitor from elsewhere: how long that visitor waits.

The page runs as `python -m ui` runs it, with every limit in force. The abusers are a process of
their own: `python -m benchmarks.abuse`, with a Flood and the questions as JSON on standard input.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from websockets.exceptions import WebSocketException

from benchmarks.harness.options import ROOT, Options
from benchmarks.harness.page_server import starting, wait_ready
from benchmarks.harness.questions import bank_questions
from benchmarks.harness.result import Result, Row, Table, percentiles
from benchmarks.harness.session import Session, VisitError, visiting

_LONG = 4_000
_VISITOR, _FIRST_ABUSER = 1, 2
_AGAIN_AFTER_S = 0.5
_EVERY_S = 0.6


@dataclass(frozen=True, slots=True)
class Flood:
    """Who abuses the page, and for how long a visitor asks meanwhile.

    Each of `networks` has `sockets`, each of which sends `per_second` questions. The visitor comes
    `lead_s` after them, when they have used up what they may do at once, and stays for `seconds`.
    """

    networks: int
    sockets: int
    per_second: float = 4.0
    seconds: float = 20.0
    lead_s: float = 10.0


@dataclass(slots=True)
class Visit:
    """What the visitor saw: seconds until the page was open, of every reply, and failures."""

    opening_s: list[float] = field(default_factory=list)
    replies_s: list[float] = field(default_factory=list)
    failed: int = 0


FLOODS: tuple[Flood, ...] = (Flood(0, 0), Flood(1, 40), Flood(6, 20))


def measure(options: Options) -> Result:
    """Ask as one visitor under no flood and under each."""
    floods = FLOODS
    if options.quick:
        floods = tuple(replace(flood, seconds=2.0, lead_s=1.0) for flood in floods[:2])
    table = Table(
        "What one visitor waits while others ask without end",
        (
            *("networks", "sockets of each", "replies", "failed", "opening s"),
            *("p50 s", "p95 s", "longest s"),
        ),
        tuple(_row(flood, run(options.built, options.content, flood)) for flood in floods),
        (
            f"Each socket sends {floods[0].per_second:g} questions of {_LONG:,} characters a"
            f" second, whatever it is answered; the visitor asks every {_EVERY_S:g} s.",
            "Page, abusers and visitor share this machine's processors.",
        ),
    )
    return Result((table,))


def _row(flood: Flood, visit: Visit) -> Row:
    opening, longest = (max(s, default=None) for s in (visit.opening_s, visit.replies_s))
    counts = (flood.networks, flood.sockets, len(visit.replies_s), visit.failed)
    return (*counts, opening, *percentiles(visit.replies_s), longest)


def run(built: Path, content: Path, flood: Flood) -> Visit:
    """Start the page and the abusers, and visit the page."""
    questions = bank_questions(built)
    with starting(built, content, launcher=("-m", "ui")) as page:
        wait_ready(page)
        abusers = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.abuse"], cwd=ROOT, stdin=subprocess.PIPE, text=True
        )
        try:
            assert abusers.stdin is not None  # noqa: S101  for the type checker: it is a pipe
            with abusers.stdin as order:
                json.dump({"url": page.url, "questions": questions, "flood": asdict(flood)}, order)
            time.sleep(flood.lead_s)
            return asyncio.run(_visit(page.url, questions, flood.seconds))
        finally:
            abusers.kill()
            abusers.wait()


async def _visit(url: str, questions: Sequence[str], seconds: float) -> Visit:
    visit = Visit()
    until = time.monotonic() + seconds
    while (begun := time.monotonic()) < until:
        try:
            async with visiting(url, _VISITOR) as session:
                visit.opening_s.append(time.monotonic() - begun)
                while time.monotonic() < until:
                    due = time.monotonic() + _EVERY_S
                    question = questions[len(visit.replies_s) % len(questions)]
                    visit.replies_s.append((await session.ask(question)).seconds)
                    await asyncio.sleep(due - time.monotonic())
        except VisitError:
            visit.failed += 1
    return visit


async def abuse(url: str, questions: Sequence[str], flood: Flood) -> None:
    """Send long questions over every socket of every network until somebody ends the process."""

    async def flood_socket(number: int) -> None:
        seed = number * 1_000
        while True:
            try:
                async with visiting(url, _FIRST_ABUSER + number % flood.networks) as session:
                    ignoring = asyncio.create_task(_ignore(session))
                    try:
                        while True:
                            await session.send(long_question(questions, seed))
                            seed += 1
                            await asyncio.sleep(1 / flood.per_second)
                    finally:
                        ignoring.cancel()
            except (VisitError, WebSocketException, OSError):
                await asyncio.sleep(_AGAIN_AFTER_S)

    await asyncio.gather(*(flood_socket(n) for n in range(flood.networks * flood.sockets)))


def long_question(questions: Sequence[str], seed: int) -> str:
    """Return as long a text as the page reads: another mixture of the questions for each seed."""
    mixed = random.Random(seed).choices(questions, k=_LONG // 10)  # noqa: S311  no secret
    return " ".join(mixed)[:_LONG]


async def _ignore(session: Session) -> None:
    async for _ in session.received():
        pass


if __name__ == "__main__":
    given = json.load(sys.stdin)
    asyncio.run(abuse(given["url"], given["questions"], Flood(**given["flood"])))
