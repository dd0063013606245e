"""What the product finds, raises, says and shows is what the golden record holds.

A difference that is meant is written by `python -m tests.support.golden save`, and read in the
commit that changes it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.golden.process import ROOT
from tests.support.golden.short import FOLDER, SHORT
from tests.support.golden.text import alike, diff

SAVE = (sys.executable, "-m", "tests.support.golden", "save")
LONG = {"broken", "pages"}  # tests of readers and pages ask the same in small
PARTS = [pytest.param(name, marks=[pytest.mark.slow] * (name in LONG)) for name in SHORT]


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.parametrize("name", PARTS)
def test_the_product_puts_out_what_the_golden_record_holds(
    real_built: Path, name: str, tmp_path: Path
) -> None:
    command = [*SAVE, str(tmp_path), "--built", str(real_built), "--only", name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    file = f"{name}.txt"
    old, new = ((folder / file).read_text().splitlines() for folder in (FOLDER, tmp_path))
    assert alike(old, new, within=0.002), diff(old, new, file)


def test_a_changed_word_or_score_is_a_difference_and_noise_is_not() -> None:
    assert alike(["a 0.500 b"], ["a 0.501 b"], within=0.002)
    assert not alike(["a 0.500 b"], ["a 0.503 b"], within=0.002)
    assert not alike(["a 0.500 b"], ["a 0.500 c"], within=0.002)
    assert not alike(["a"], ["a", "a"], within=0.002)
    assert "-a" in diff(["a"], ["b"], "x")
