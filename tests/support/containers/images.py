"""Builds the images of deploy/ with Podman, on a machine that reaches packages but no images.

`python -m tests.support.containers.images` builds them; `make containers` also runs them. What the
Containerfile calls `debian:12-slim` is made by debootstrap, of the same packages.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.support.containers.files import COMPOSE, CONTAINERFILE, composed
from tests.support.paths import ROOT

STORE = Path(os.environ.get("CONTAINER_STORE", ROOT / ".cache" / "containers"))
BASE = "debian:12-slim"
_SOURCES = ("/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list")
_MIRROR = re.compile(r"^(?:URIs:|deb(?: \[.*\])?)\s+(\S+)", re.MULTILINE)
_LEFT_OUT = ("usr/share/doc", "usr/share/man", "usr/share/locale")
_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")


def limits() -> dict[str, int]:
    """Return limits that this machine allows: Podman would raise them, which needs more rights."""
    kinds = {"nofile": resource.RLIMIT_NOFILE, "nproc": resource.RLIMIT_NPROC}
    return {name: min(4096, resource.getrlimit(kind)[1]) for name, kind in kinds.items()}


def environment() -> dict[str, str]:
    """Return the environment in which Podman keeps to its own store, after writing its settings."""
    STORE.mkdir(parents=True, exist_ok=True)
    storage, containers = STORE / "storage.conf", STORE / "containers.conf"
    storage.write_text(
        f'[storage]\ndriver = "overlay"\ngraphroot = "{STORE}/root"\n'
        'runroot = "/run/clinic-store"\n'
    )
    usual = [f"{name}={most}:{most}" for name, most in limits().items()]
    containers.write_text(
        f"[containers]\ndefault_ulimits = {json.dumps(usual)}\n"
        '[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n'
    )
    return {
        **os.environ,
        "BUILDAH_FORMAT": "docker",  # the other format knows no health check
        "CONTAINERS_STORAGE_CONF": str(storage),
        "CONTAINERS_CONF": str(containers),
    }


def podman(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run Podman and return what it said."""
    done = subprocess.run(
        ["podman", *arguments], env=environment(), capture_output=True, text=True, check=False
    )
    if check and done.returncode:
        raise RuntimeError(f"podman {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"[-4000:])
    return done


def compose(
    *arguments: str, check: bool = True, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the compose file with podman-compose; `settings` are its variables."""
    limited = STORE / "limits.json"
    own = {"ulimits": limits()}
    limited.write_text(json.dumps({"services": dict.fromkeys(composed()["services"], own)}))
    files = ["-f", str(COMPOSE), "-f", str(limited)]
    command = [sys.executable, "-m", "podman_compose", *files, *arguments]
    done = subprocess.run(
        command,
        env={**environment(), **settings},
        cwd=COMPOSE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if check and done.returncode:
        raise RuntimeError(f"compose {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"[-6000:])
    return done


def make_base() -> None:
    """Make Debian's smallest system an image, with this machine's mirror."""
    texts = [Path(name).read_text() for name in _SOURCES if Path(name).exists()]
    mirror = next(found[1] for text in texts for found in _MIRROR.finditer(text))
    with tempfile.TemporaryDirectory(dir=STORE) as made:
        root = Path(made) / "root"
        command = ["debootstrap", "--variant=minbase", "bookworm", str(root), mirror]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        # As in the image of that name: no lists, documentation and translations, now or later.
        for place in ("var/cache/apt", "var/lib/apt/lists", *_LEFT_OUT):
            shutil.rmtree(root / place)
            (root / place).mkdir()
        kept_out = "".join(f"path-exclude /{place}/*\n" for place in _LEFT_OUT)
        (root / "etc/dpkg/dpkg.cfg.d/docker").write_text(kept_out)
        for name in _SOURCES:
            if Path(name).exists():
                shutil.copy(name, root / name[1:])
        tar = Path(made) / "base.tar"
        subprocess.run(["tar", "-C", str(root), "-cf", str(tar), "."], check=True)
        podman("import", str(tar), BASE)


def _of_this_machine() -> Iterator[str]:
    """Yield the options that let a build ask for packages as this machine does."""
    yield from ("--network", "host")
    wheels = [word for word in os.environ.get("PIP_FIND_LINKS", "").split() if word[0] == "/"]
    settings = STORE / "pip.conf"
    lines = ["[global]", *(["find-links ="] if wheels else []), *(f"    {one}" for one in wheels)]
    if _AUTHORITIES.exists():
        lines.append("cert = /etc/authorities.crt")
        yield from ("--volume", f"{_AUTHORITIES}:/etc/authorities.crt:ro")
    settings.write_text("\n".join(lines) + "\n")
    yield from ("--volume", f"{settings}:/etc/pip.conf:ro")
    for place in wheels:
        yield from ("--volume", f"{place}:{place}:ro")


def build(targets: Sequence[str] = ("serve", "ingest", "nginx")) -> None:
    """Build the images under the names that the compose file gives them."""
    if podman("image", "exists", BASE, check=False).returncode:
        make_base()
    names = {
        one["build"]["target"]: one["image"]
        for one in composed()["services"].values()
        if "build" in one
    }
    for target in targets:
        options = ["--target", target, "--tag", names[target], "--file", str(CONTAINERFILE)]
        command = ["podman", "build", *options, *_of_this_machine(), str(ROOT)]
        subprocess.run(command, env=environment(), check=True)


if __name__ == "__main__":
    build()
