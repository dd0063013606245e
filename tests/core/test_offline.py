"""Libraries are switched off before they are imported, whoever starts the process.

What they do all the same is watched in tests/project/test_system_calls.py.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.offline import DEFAULTS, QUIET
from tests.support.paths import ROOT

ORDINARY = {name: value for name, value in os.environ.items() if name not in {*QUIET, *DEFAULTS}}


def run(code: str, home: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**ORDINARY, "HOME": str(home), "XDG_CACHE_HOME": "", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_onnxruntime_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    run("import core.encoders.onnx, onnxruntime", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "module",
    [
        *(f"{room}.__main__" for room in ("index", "ingest", "safety", "evaluation", "ui")),
        *(
            "benchmarks.__main__",
            "benchmarks.harness.peer_searches",
            "ingest.files.worker",
            "ui.counting.__main__",
        ),
    ],
)
def test_every_command_switches_them_off_before_any_is_imported(
    module: str, tmp_path: Path
) -> None:
    told = run(
        f"import os, sys, {module}\n"
        f"print({{*{list(QUIET)!r}}} <= {{k for k, v in os.environ.items() if v == '1'}},"
        " 'onnxruntime' in sys.modules, 'huggingface_hub' in sys.modules)",
        tmp_path,
        ORT_DISABLE_TELEMETRY="0",  # whatever a machine says
    )
    assert told.split() == ["True", "False", "False"]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("Makefile", "export ORT_DISABLE_TELEMETRY = 1"),
        ("deploy/clinic-search.service", "Environment=ORT_DISABLE_TELEMETRY=1"),
    ],
)
def test_what_starts_a_process_switches_it_off_too(file: str, line: str) -> None:
    assert line in (ROOT / file).read_text(encoding="utf-8").splitlines()
