"""`python -m tests.crowd_page CONTROL`: the stand-in for a crowd, which the limits would refuse."""

from __future__ import annotations

import sys

from benchmarks.harness.page_server import lift_limits
from tests import stand_in

if __name__ == "__main__":
    lift_limits()
    sys.exit(stand_in.run(sys.argv[1:]))
