"""Switches off what libraries do besides their work: telemetry, look-ups, files in the home folder.

`core/__init__.py` calls this, so it comes before every import of such a library: each reads the
environment once, when it is imported, and child processes inherit it.
tests/project/test_system_calls.py watches what the processes really do.
"""

from __future__ import annotations

import os
from pathlib import Path

_CACHE = Path(__file__).resolve().parent.parent / ".cache"

# A promise of the product: what a machine's environment says does not undo it.
QUIET = {
    # onnxruntime: a device id and usage figures under the home folder, sent to Microsoft. Importing
    # it starts that; its disable_telemetry_events() comes too late.
    "ORT_DISABLE_TELEMETRY": "1",
    # huggingface_hub and transformers: models that are not here, and telemetry.
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
# A matter of taste, which somebody may have settled otherwise.
DEFAULTS = {
    "TOKENIZERS_PARALLELISM": "false",
    # matplotlib keeps a list of fonts, in the home folder unless it has a folder of its own.
    "MPLCONFIGDIR": str(_CACHE / "matplotlib"),
}


def stay_offline() -> None:
    """Set the environment of this process and of those that it starts."""
    os.environ.update(QUIET)
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
