"""deploy/compose.yaml names only what is there: images, folders, ports, addresses and commands."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from check_jsonschema.builtin_schemas import get_builtin_schema

from tests.support.containers.files import (
    COMPOSE,
    CONTAINERFILE,
    command,
    composed,
    copied,
    stages,
    variables,
)
from tests.support.paths import ROOT
from ui.service.settings import Settings

DEPLOY = ROOT / "deploy"
STEPS = (DEPLOY / "README.md").read_text(encoding="utf-8").partition("## Containers")[2]
STEPS = STEPS.partition("\n## ")[0]
NGINX, REPLICAS = ((DEPLOY / name).read_text("utf-8") for name in ("nginx.conf", "replicas.conf"))
WHOLE = composed()
SERVICES: dict[str, dict[str, Any]] = WHOLE["services"]
OURS = {name: one for name, one in SERVICES.items() if "build" in one}
PATIENTS = ("page", "page-2", "page-3")


def address(service: str) -> str:
    return str(SERVICES[service]["networks"]["inside"]["ipv4_address"])


# -- the file --------------------------------------------------------------------------------------


def test_the_file_is_one_that_the_compose_specification_allows() -> None:
    schema = get_builtin_schema("vendor.compose-spec")
    jsonschema.validate(WHOLE, schema)
    for wrong in ({"read_onyl": True}, {"ports": "80"}):  # the schema does look at services
        changed = {**WHOLE, "services": {"page": {**SERVICES["page"], **wrong}}}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(changed, schema)


def test_each_image_is_built_of_a_stage_that_there_is() -> None:
    assert {one["build"]["target"] for one in OURS.values()} == {"serve", "ingest", "nginx"}
    for one in OURS.values():
        context = (DEPLOY / one["build"]["context"]).resolve()
        assert context == ROOT
        assert context / one["build"]["dockerfile"] == CONTAINERFILE
        assert one["build"]["target"] in stages()
        assert (ROOT / one["build"]["args"]["LIBRARIES"]).exists()
    images = {(one["image"], one["build"]["target"]) for one in OURS.values()}
    assert len(images) == 3


def test_networks_and_volumes_are_declared() -> None:
    for one in SERVICES.values():
        assert set(one["networks"]) <= set(WHOLE["networks"])
        named = {text.partition(":")[0] for text in one.get("volumes", ()) if text[0] not in "./"}
        assert named <= set(WHOLE["volumes"])


def test_the_profiles_start_one_page_or_three_behind_one_nginx() -> None:
    def of(profile: str) -> set[str]:
        return {name for name, one in SERVICES.items() if profile in one["profiles"]}

    assert of("nginx") == {"page", "nginx"}
    assert of("milvus") == {*PATIENTS, "nginx-replicas", "milvus"}
    assert (of("ingest"), of("staff"), of("try")) == ({"ingest"}, {"staff"}, {"try"})


# -- what the images have --------------------------------------------------------------------------


def test_folders_are_mounted_where_the_images_look_for_them() -> None:
    (place,) = stages()["base"].all("WORKDIR")
    usual = Settings()
    content, built = (
        f"{place}/{path.relative_to(ROOT).as_posix()}" for path in (usual.content, usual.built)
    )
    assert (DEPLOY / "../content").resolve() == usual.content
    for name in (*PATIENTS, "try"):
        assert SERVICES[name]["volumes"] == [f"../content:{content}:ro", f"index:{built}:ro"]
    for name in ("ingest", "staff"):
        assert SERVICES[name]["volumes"] == [f"../content:{content}", f"index:{built}"]
    made = " ".join(stages()["base"].all("RUN"))
    assert f"chown -R clinic-search:clinic-search {built} {content}" in made


def test_everything_runs_as_one_user_who_is_not_root() -> None:
    (user,) = re.findall(r"useradd --uid (\d+)", CONTAINERFILE.read_text("utf-8"))
    for name in ("serve", "ingest"):
        assert stages()[name].all("USER") == [f"{user}:{user}"]
    assert f"user {user}" in STEPS


@pytest.mark.parametrize("name", OURS)
def test_a_container_cannot_write_its_root_or_gain_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ulimits"] == {"core": 0}
    allowed = service.get("cap_add", [])
    assert ("ALL" not in allowed and bool(allowed)) == name.startswith("nginx")
    assert not {"privileged", "pid", "ipc", "devices"} & set(service)


@pytest.mark.parametrize("name", [*PATIENTS, "try", "staff"])
def test_the_command_of_a_page_is_one_that_the_launcher_knows(name: str) -> None:
    from ui.__main__ import cli

    (usual,) = stages()["ingest" if name == "staff" else "serve"].all("CMD")[-1:]
    started = SERVICES[name].get("command") or command(usual)
    assert started[:3] == ["python", "-m", "ui"]
    given = cli.make_context("ui", started[3:]).params
    assert (given["host"], given["is_staff"]) == ("0.0.0.0", name == "staff")
    assert given["proxies"] == (() if name == "staff" else (address("nginx"),))


def test_the_health_check_asks_the_port_that_the_page_listens_to() -> None:
    (check,), (started,) = (stages()["serve"].all(name) for name in ("HEALTHCHECK", "CMD"))
    port = command(started)[command(started).index("--port") + 1]
    assert f"http://127.0.0.1:{port}/readyz" in command(check)[-1]
    assert stages()["serve"].all("EXPOSE") == [port]
    for name in (*PATIENTS, "try", "staff"):
        assert SERVICES[name]["command"][SERVICES[name]["command"].index("--port") + 1] == port


def test_ingest_can_be_run_as_the_image_says() -> None:
    (started,) = stages()["ingest"].all("CMD")
    assert command(started) == ["python", "-m", "ingest"]


# -- who reaches what ------------------------------------------------------------------------------


def test_only_nginx_listens_to_other_machines() -> None:
    listened = sorted(set(re.findall(r"listen (\d+)", NGINX)))
    for name, one in SERVICES.items():
        for published in one.get("ports", ()):
            if name.startswith("nginx"):
                host, _, inside = published.partition(":")
                assert host == inside
                assert inside in listened
            else:
                assert published.startswith("127.0.0.1:")
                assert published.endswith(":8501")
    assert SERVICES["nginx"]["ports"] == ["443:443", "80:80"][::-1]


def test_the_pages_of_patients_reach_nobody_outside() -> None:
    assert WHOLE["networks"]["inside"]["internal"] is True
    for name in (*PATIENTS, "ingest", "milvus"):
        assert set(SERVICES[name]["networks"]) == {"inside"}
    assert address("nginx") == address("nginx-replicas")
    (network,) = WHOLE["networks"]["inside"]["ipam"]["config"]
    for name in (*PATIENTS, "nginx"):
        assert f"{address(name).rpartition('.')[0]}.0/24" == network["subnet"]


# -- nginx's configuration -------------------------------------------------------------------------


def fitted(service: str, folder: Path, **environment: str) -> str:
    """Return what front.sh makes of the shipped configuration, with a stand-in for nginx."""
    stand_in = folder / "nginx"
    stand_in.write_text("#!/bin/sh\n")
    stand_in.chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    made = folder / "made.conf"
    settings = {**SERVICES[service]["environment"], **environment}
    subprocess.run(
        ["sh", str(DEPLOY / "front.sh")],
        env={**settings, "PATH": path, "FITTED": str(made)},
        check=True,
    )
    return made.read_text(encoding="utf-8")


def test_nginx_gets_the_shipped_file_with_other_lines_only_where_it_says_change(
    tmp_path: Path,
) -> None:
    made = fitted("nginx", tmp_path, CLINIC_NAME="praxis.example", CLINIC_EMERGENCY="112")
    shipped = NGINX.splitlines()
    assert len(made.splitlines()) == len(shipped)
    changed = [
        (old, new) for old, new in zip(shipped, made.splitlines(), strict=True) if old != new
    ]
    assert all("CHANGE" in old for old, _ in changed)
    assert len(changed) == NGINX.count("# CHANGE")
    assert f"server {address('page')}:8501;" in made
    assert made.count("praxis.example") == 4
    assert "call 112." in made
    assert "clinic.example" not in made.replace("praxis.example", "")


def test_nginx_gets_the_shipped_list_of_replicas_with_the_addresses_of_the_pages(
    tmp_path: Path,
) -> None:
    made = fitted("nginx-replicas", tmp_path)
    upstreams = re.findall(r"^upstream (\w+) \{(.*?)^\}", made, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in upstreams] == ["clinic_search"]
    servers = re.findall(r"server ([\d.]+):8501 ", upstreams[0][1])
    assert servers == [address(name) for name in PATIENTS]
    rest = NGINX.replace(re.findall(r"^upstream .*?^\}\n", NGINX, re.MULTILINE | re.DOTALL)[0], "")
    assert len(made.splitlines()) == len((REPLICAS + rest).splitlines())


@pytest.mark.parametrize(
    "wrong",
    [
        {"CLINIC_NAME": "a b"},
        {"CLINIC_NAME": "a.example; }"},
        {"CLINIC_NAME": ""},
        {"CLINIC_EMERGENCY": '112" {'},
        {"CLINIC_NETWORK": "10.0.0/24"},
    ],
)
def test_a_setting_that_would_break_nginx_is_refused_by_name(
    wrong: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        ["sh", str(DEPLOY / "front.sh")],
        env={
            **SERVICES["nginx"]["environment"],
            **wrong,
            "PATH": os.environ["PATH"],
            "FITTED": str(tmp_path / "made.conf"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert next(iter(wrong)) in done.stderr
    assert not (tmp_path / "made.conf").exists()


def test_the_images_logs_are_the_containers() -> None:
    made = " ".join(stages()["nginx"].all("RUN"))
    for log in set(re.findall(r"access_log (\S+)", NGINX)):
        assert f"ln -sf /dev/stdout {log}" in made


# -- steps, secrets --------------------------------------------------------------------------------


def test_each_setting_is_explained_and_each_that_is_explained_is_read() -> None:
    explained = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", STEPS.partition("- **Update")[0]))
    assert explained == variables()


def test_the_steps_name_services_and_profiles_that_there_are() -> None:
    named = re.findall(r"docker compose (?:up -d|run --rm(?: -T)?) (\S+?)[`\s]", STEPS)
    assert {"ingest", "try", "staff", "milvus"} <= set(named)
    assert set(named) <= set(SERVICES)
    profiles = {profile for one in SERVICES.values() for profile in one["profiles"]}
    assert set(re.findall(r"--profile (\w+)", STEPS)) <= profiles
    assert f"COMPOSE_FILE={COMPOSE.relative_to(ROOT)}" in STEPS
    assert f"{WHOLE['name']}-nginx-1" in STEPS


def test_the_settings_and_secrets_are_kept_out_of_git_and_of_the_images() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "deploy/.env" in ignored
    taken = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in taken if not line.startswith("#")]
    assert rules[0] == "*"
    allowed = {line[1:] for line in rules if line.startswith("!")}
    assert allowed == set(copied())
    assert all((ROOT / name).exists() for name in allowed if "*" not in name)
    assert {"index/built", "**/__pycache__"} <= set(rules)
