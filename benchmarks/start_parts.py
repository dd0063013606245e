"""Where the time goes until a new process has answered: `python -m benchmarks.start_parts`.

Told the moment at which it was started (seconds since 1970), the built folder and a question, it
prints the seconds of each part as JSON, in order. At its top it imports nothing that is not there
in every Python, or that would be missing from what it measures.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def parts(started: float, built: Path, question: str) -> dict[str, float]:
    """Do what `python -m index search` does, part by part, and return the seconds of each."""
    took = {"interpreter": time.time() - started}

    begun = time.perf_counter()
    import index.__main__  # noqa: F401  all that the command line brings in
    from index.generation import assemble, equipped
    from index.search import search
    from index.store import read_current

    took["imports"] = time.perf_counter() - begun

    begun = time.perf_counter()
    stored = read_current(built)
    took["files read and checked"] = time.perf_counter() - begun

    begun = time.perf_counter()
    held = equipped(built / stored.manifest.generation, stored)
    whole = time.perf_counter() - begun
    begun = time.perf_counter()
    assemble(stored, held.encoder)
    together = time.perf_counter() - begun
    took["encoder loaded"] = whole - together
    took["index put together"] = together

    for name in ("first search", "second search"):
        begun = time.perf_counter()
        search(held, question)
        took[name] = time.perf_counter() - begun
    return took


if __name__ == "__main__":
    print(json.dumps(parts(float(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])))
