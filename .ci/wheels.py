"""`make wheels`: fill a folder from which the project installs without a network, hashes checked.

pip downloads what requirements*.txt list, and takes only files with the hashes in there. The
project's own wheel is built with what requirements-dev.txt has installed here. The folder holds for
machines like this one: the same system, kind of processor and version of Python.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The lists of each kind of installation; where pip does not find the first, the second.
LISTS = {
    "everything": (
        ("requirements-cpu.txt", "requirements.txt"),
        ("requirements-cuda.txt", "requirements.txt"),
    ),
    "serving": (("requirements-serve.txt",),),
}
LISTED = "requirements.txt"


def pip(*arguments: str, said: int | None = None) -> int:
    """Run pip in the project's folder and return its exit code; its complaints go to `said`."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, cwd=ROOT, stderr=said, check=False).returncode  # noqa: S603


def download(folder: Path, kind: str) -> int:
    """Download what a kind of installation needs; return 0, or pip's exit code."""
    only = ("--require-hashes", "--only-binary", ":all:", "--dest", str(folder))
    *first, last = (
        ("download", "--quiet", *only, *(word for file in files for word in ("-r", file)))
        for files in LISTS[kind]
    )
    if any(pip(*command, said=subprocess.DEVNULL) == 0 for command in first):
        return 0
    return pip(*last)


def listed(wheel: Path) -> str:
    """Return the requirement that only this file fulfils."""
    name, version, _ = wheel.name.split("-", 2)
    return f"{name}=={version} --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n"


def main() -> int:
    """Fill the folder; return 0, or the exit code of what failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "wheels")
    parser.add_argument("--for", dest="kind", choices=[*LISTS], default="everything")
    chosen = parser.parse_args()
    folder: Path = chosen.folder.resolve()
    for old in (*folder.glob("*.whl"), *folder.glob(LISTED)):
        old.unlink()
    built = ("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", ".")
    if code := download(folder, chosen.kind) or pip(*built, "--wheel-dir", str(folder)):
        return code
    wheels = sorted(folder.glob("*.whl"))
    (folder / LISTED).write_text("".join(map(listed, wheels)), encoding="utf-8")
    size_mb = sum(wheel.stat().st_size for wheel in wheels) / 1e6
    print(f"{len(wheels)} wheels, {size_mb:.0f} MB. To install from them, without a network:")
    print(f"  pip install --no-index --find-links {folder} --require-hashes -r {folder / LISTED}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
