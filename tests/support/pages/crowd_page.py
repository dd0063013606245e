"""The page that the load generator visits: the real server, and a search with a fixed duration."""

from __future__ import annotations

import sys

from benchmarks.harness.page_server import lift_limits
from tests.support.pages import stand_in

if __name__ == "__main__":
    lift_limits()
    sys.exit(stand_in.run(sys.argv[1:]))
