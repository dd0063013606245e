"""Switch off telemetry, look-ups and files in the home folder of libraries.

Each library reads the environment once, when it is imported, so `core/__init__.py` calls this
before every such import; child processes inherit the environment.
tests/project/test_system_calls.py watches what the processes really do.
"""

from __future__ import annotations

import os

from core.places import ROOT

# A promise of the product, so the machine's environment does not override it.
QUIET = {
    # onnxruntime: a device id and usage figures under the home folder, sent to Microsoft. Importing
    # it starts that; its disable_telemetry_events() comes too late.
    "ORT_DISABLE_TELEMETRY": "1",
    # huggingface_hub and transformers: downloads of models, and telemetry.
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
# Defaults, which the machine's environment may override.
DEFAULTS = {
    # Of children, whose output is read as UTF-8: Windows would choose another encoding for a pipe.
    "PYTHONUTF8": "1",
    "TOKENIZERS_PARALLELISM": "false",
    # matplotlib writes its list of fonts into the home folder by default.
    "MPLCONFIGDIR": str(ROOT / ".cache" / "matplotlib"),
}


def stay_offline() -> None:
    """Set the environment of this process and of those that it starts."""
    os.environ.update(QUIET)
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
