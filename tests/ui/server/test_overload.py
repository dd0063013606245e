"""One address that asks without end does not take the page away from anybody else.

`python -m benchmarks abuse` measures the same for longer. The bound here is a wide one: without
limits on work the visitor is not answered within half a minute, or not let in.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.abuse import Flood, run
from benchmarks.harness.result import percentiles
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow


def test_forty_sockets_of_long_questions_leave_the_page_to_everybody_else(real_built: Path) -> None:
    flood = Flood(networks=1, sockets=40, per_second=4.0, seconds=6.0, lead_s=5.0)
    with ThreadPoolExecutor(1) as pool:  # the browser tests keep a loop running in this thread
        visit = pool.submit(run, real_built, ROOT / "content", flood).result()
    assert visit.failed == 0
    assert len(visit.replies_s) >= 3
    assert percentiles(visit.replies_s)[1] < 4.0
