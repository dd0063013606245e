"""deploy/clinic-search.service and the steps around it: systemd itself reads the unit."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.paths import ROOT

UNIT = ROOT / "deploy" / "clinic-search.service"
STEPS = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
MOST_EXPOSED = 15  # of 100, as `systemd-analyze security` counts; an ordinary service has 96

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="SKIPPED: no systemd-analyze on this machine"
)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The shipped unit, with a program that is there on every machine."""
    text = UNIT.read_text(encoding="utf-8")
    assert text.count("/opt/clinic-search/.venv/bin/python") == 1
    path = tmp_path / UNIT.name
    path.write_text(text.replace("/opt/clinic-search/.venv/bin/python", "/bin/true"))
    return path


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=False
    )


@needs_systemd
def test_systemd_accepts_every_line_of_the_unit(unit: Path) -> None:
    done = analyze("verify", str(unit))
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
def test_systemd_finds_the_service_hardly_exposed(unit: Path) -> None:
    done = analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", str(unit))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "line",
    [
        *("IPAddressDeny=any", "IPAddressAllow=localhost", "ProtectSystem=strict"),
        *("ProtectHome=yes", "PrivateTmp=yes", "NoNewPrivileges=yes", "LimitCORE=0"),
        *("MemorySwapMax=0", "User=clinic-search"),
    ],
)
def test_the_unit_keeps_what_privacy_stands_on(line: str) -> None:
    assert line in UNIT.read_text(encoding="utf-8").splitlines()


def test_the_unit_allows_a_thread_for_every_connection_and_as_many_again() -> None:
    """Streamlit has one for each script that runs; libraries and the server have their own."""
    from ui.limits.rate_limit import Limits

    allowed = re.search(r"^TasksMax=(\d+)$", UNIT.read_text(), re.MULTILINE)
    assert allowed is not None
    assert int(allowed[1]) >= 2 * Limits().connections


def test_the_units_command_is_one_that_the_launcher_knows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from ui.__main__ import main

    command = re.search(r"^ExecStart=\S+ -m ui (.*)$", UNIT.read_text(), re.MULTILINE)
    assert command is not None
    assert main(["--help"]) == 0
    known = set(re.findall(r"--[a-z]+", capsys.readouterr().out))
    assert set(re.findall(r"--[a-z]+", command[1])) <= known


def test_the_files_that_the_steps_name_are_there() -> None:
    named = set(re.findall(r"\bdeploy/[\w.-]+", STEPS)) - {"deploy/.env"}  # the reader's own
    assert named == {
        *("deploy/clinic-search.service", "deploy/nginx.conf", "deploy/copy.sh"),
        *("deploy/staff.conf", "deploy/compose.yaml"),
    }
    assert all((ROOT / name).exists() for name in named)


def test_the_step_that_makes_a_unit_for_staff_of_the_shipped_one_makes_a_whole_one() -> None:
    line = next(line for line in STEPS.splitlines() if line.startswith("sed "))
    command = line.partition(" | sudo tee")[0]
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    made = done.stdout.splitlines()
    (start,) = [one for one in made if one.startswith("ExecStart=")]
    assert start.endswith("--port 8502 --proxy 127.0.0.1 --name staff.clinic.example --staff")
    assert made[made.index(start) - 1] == "EnvironmentFile=/etc/clinic-search/staff.env"
    assert "SocketBindAllow=tcp:8502" in made
    assert "ReadWritePaths=-/opt/clinic-search/index/built /opt/clinic-search/content" in made
    assert not [one for one in made if "8501" in one]
    assert len(made) == len(UNIT.read_text().splitlines()) + 1


def test_the_steps_put_the_secret_where_nginx_reads_it(tmp_path: Path) -> None:
    (tmp_path / "staff.env").write_text("CLINIC_STAFF_TOKEN=0123abc\n")
    line = next(line for line in STEPS.splitlines() if line.startswith("sudo sed "))
    command = line.partition(" | ")[0].removeprefix("sudo ")
    command = command.replace("/etc/clinic-search/", f"{tmp_path}/")
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout == 'proxy_set_header Authorization "Bearer 0123abc";\n'
