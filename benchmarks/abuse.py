"""A few networks that ask without end, and one visitor from elsewhere: what that visitor waits.

`python -m benchmarks.abuse` runs the page as `python -m ui` does, every limit in force, and prints
the visitor's times as JSON. The abusers live in a process of their own, as a crowd's visitors do.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from websockets.exceptions import WebSocketException

from benchmarks.questions import bank_questions
from benchmarks.result import middle_and_late
from benchmarks.serving import starting, wait_ready
from benchmarks.session import Session, VisitError, visiting

_ROOT = Path(__file__).resolve().parent.parent
_LONG = 4_000
_VISITOR, _FIRST_ABUSER = 1, 2
_COMING_S = 10.0
_AGAIN_AFTER_S = 0.5


def long_question(questions: Sequence[str], seed: int) -> str:
    """Return as long a text as the page reads: questions of the bank, another mixture each."""
    mixed = random.Random(seed).choices(questions, k=_LONG // 10)  # noqa: S311  no secret
    return " ".join(mixed)[:_LONG]


async def abuse(url: str, *, networks: int, sockets: int, a_second: float, seconds: float) -> None:
    """Send long questions over many sockets of each network, whatever is answered."""
    questions: list[str] = json.load(sys.stdin)
    until = time.monotonic() + seconds

    async def one(number: int) -> None:
        sent = 0
        while time.monotonic() < until:
            try:
                async with visiting(url, _FIRST_ABUSER + number % networks) as session:
                    ignoring = asyncio.create_task(_ignore(session))
                    try:
                        while time.monotonic() < until:
                            await session.send(long_question(questions, number * 1_000 + sent))
                            sent += 1
                            await asyncio.sleep(1 / a_second)
                    finally:
                        ignoring.cancel()
            except (VisitError, WebSocketException, OSError):
                await asyncio.sleep(_AGAIN_AFTER_S)

    await asyncio.gather(*(one(number) for number in range(networks * sockets)))


async def _ignore(session: Session) -> None:
    async for _ in session.received():
        pass


async def visit(
    url: str, questions: Sequence[str], *, seconds: float, every_s: float
) -> tuple[list[float], list[float], int]:
    """Ask as somebody else; return the seconds of opening, of every reply, and how many failed."""
    opening: list[float] = []
    replies: list[float] = []
    failed = 0
    until = time.monotonic() + seconds
    number = 0
    while time.monotonic() < until:
        try:
            came = time.monotonic()
            async with visiting(url, _VISITOR) as session:
                opening.append(time.monotonic() - came)
                while time.monotonic() < until:
                    due = time.monotonic() + every_s
                    replies.append((await session.ask(questions[number % len(questions)])).seconds)
                    number += 1
                    await asyncio.sleep(max(0.0, due - time.monotonic()))
        except VisitError:
            failed += 1
    return opening, replies, failed


def measure(
    built: Path,
    content: Path,
    *,
    sockets: int,
    a_second: float,
    seconds: float,
    networks: int = 1,
    coming_s: float = _COMING_S,
) -> dict[str, float]:
    """Run page, abusers and visitor; return the visitor's times in seconds.

    The visitor comes `coming_s` after them, when they have used up what they may do at once.
    """
    questions = bank_questions(built)
    with starting(built, content, launcher=("-m", "ui")) as page:
        wait_ready(page)
        command = [sys.executable, "-m", "benchmarks.abuse", "--url", page.url]
        command += ["--networks", str(networks), "--sockets", str(sockets)]
        command += ["--a-second", str(a_second)]
        abusers = subprocess.Popen(  # noqa: S603  this very module
            [*command, "--seconds", str(seconds + 2 * coming_s)],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            text=True,
        )
        try:
            with abusers.stdin or sys.stdin as told:
                json.dump(questions, told)
            time.sleep(coming_s)
            told = asyncio.run(visit(page.url, questions, seconds=seconds, every_s=0.6))
        finally:
            abusers.kill()
            abusers.wait()
    opening, replies, failed = told
    if not replies:
        return {"replies": 0, "failed": failed}
    middle, late = middle_and_late(replies)
    return {
        "replies": len(replies),
        "failed": failed,
        "opening s": round(max(opening), 3),
        "p50 s": round(middle, 3),
        "p95 s": round(late, 3),
        "longest s": round(max(replies), 3),
    }


def main() -> int:
    """Measure and print; with an address, be the abusers."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.abuse", description=__doc__)
    parser.add_argument("--built", type=Path, default=_ROOT / "index" / "built")
    parser.add_argument("--content", type=Path, default=_ROOT / "content")
    parser.add_argument("--networks", type=int, default=1)
    parser.add_argument("--sockets", type=int, default=40, help="of each network")
    parser.add_argument("--a-second", type=float, default=4.0, help="questions of each socket")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    load = {name: getattr(chosen, name) for name in ("networks", "sockets", "a_second", "seconds")}
    if chosen.url:
        asyncio.run(abuse(chosen.url, **load))
        return 0
    print(json.dumps(measure(chosen.built, chosen.content, **load)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
