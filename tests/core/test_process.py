"""What a process is told about garbage and pandas holds only where it was told."""

from __future__ import annotations

import gc
import subprocess
import sys

from core.places import ROOT
from core.process import no_collections, rare_collections


def test_garbage_is_looked_for_again_afterwards() -> None:
    before = gc.get_threshold()
    with rare_collections():
        assert gc.get_threshold()[0] > before[0]
        with no_collections():
            assert not gc.isenabled()
        assert gc.isenabled()
    assert gc.get_threshold() == before


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with no_collections():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_arrow_does_without_pandas_and_others_may_still_have_it() -> None:
    code = (
        "import sys\n"
        "from core.process import arrow_without_pandas\n"
        "arrow_without_pandas()\n"
        "import pyarrow\n"
        "import pyarrow.compute as pc\n"
        "assert pc.equal(pyarrow.array(['a', 'b']), 'a').to_pylist() == [True, False]\n"
        "assert 'pandas' not in sys.modules\n"
        "import pandas\n"
        "assert pandas.DataFrame({'a': [1]}).shape == (1, 1)\n"
        "arrow_without_pandas()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
