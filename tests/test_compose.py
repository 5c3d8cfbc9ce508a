"""The deployment of docker-compose.yml: pinned, watched, in order, and without a secret inside."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from settings import Settings

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOTS = {"migrate", "schedules", "temporal-schema", "temporal-namespace"}
LONG_RUNNING = sorted(SERVICES.keys() - ONE_SHOTS)

pytestmark = pytest.mark.once


def test_all_parts_of_the_deployment_are_there() -> None:
    assert SERVICES.keys() > ONE_SHOTS
    assert LONG_RUNNING == [
        "api", "mailpit", "postgresql", "sink", "support", "temporal", "temporal-ui", "worker",
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_image_is_pinned_to_an_exact_version(name: str) -> None:
    tag = SERVICES[name]["image"].rpartition(":")[2]

    assert re.fullmatch(r"v?\d+\.\d+(\.\d+)?", tag)


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_whatever_keeps_running_has_a_health_check_and_is_started_again(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_each_service_waits_for_what_it_needs_to_be_well_or_done() -> None:
    for service in SERVICES.values():
        for needed, wait in service.get("depends_on", {}).items():
            done = "service_completed_successfully" if needed in ONE_SHOTS else "service_healthy"
            assert wait["condition"] == done


def test_only_the_pages_may_be_published_beyond_this_host() -> None:
    published = {port for service in SERVICES.values() for port in service.get("ports", [])}

    assert published
    assert all(
        port.startswith(("127.0.0.1:", "${ACERTO_PUBLISH:-127.0.0.1:")) for port in published
    )


def test_every_secret_comes_from_the_environment_and_must_be_given() -> None:
    secret = re.compile(r"(PASSWORD|PWD|_KEY)$")
    values = [
        value
        for service in SERVICES.values()
        for name, value in service.get("environment", {}).items()
        if secret.search(name)
    ]

    assert values
    assert all(re.fullmatch(r"\$\{\w+:\?.+\}", value) for value in values)


def test_the_role_of_the_engine_is_told_apart_from_acertos() -> None:
    assert SERVICES["temporal"]["environment"]["POSTGRES_USER"] == "temporal"
    assert SERVICES["postgresql"]["environment"]["POSTGRES_USER"] == "acerto"


def test_server_and_tools_of_the_engine_have_one_version() -> None:
    versions = {
        SERVICES[name]["image"].rpartition(":")[2]
        for name in ("temporal", "temporal-schema", "temporal-namespace")
    }

    assert len(versions) == 1


def test_what_compose_sets_and_the_example_lists_are_settings_that_exist() -> None:
    known = {name.upper() for name in setting_names()} | {"ACERTO_SECRETS", "ACERTO_PUBLISH"}
    example = (ROOT / ".env.example").read_text()
    listed = set(re.findall(r"^#?(ACERTO_\w+)=", example, re.MULTILINE))
    given = {name for name in SERVICES["api"]["environment"] if name.startswith("ACERTO_")}

    assert listed == known
    assert given <= known


def test_without_an_account_sms_go_to_the_sink_of_the_deployment() -> None:
    environment = {
        name: re.sub(r"\$\{\w+:-(.*)\}", r"\1", str(value))
        for name, value in SERVICES["worker"]["environment"].items()
        if name in {"ACERTO_SINK_HOST", "ACERTO_INTERNAL_URL", "ACERTO_PORT"}
    }
    settings = Settings(
        sink_host=environment["ACERTO_SINK_HOST"], internal_url=environment["ACERTO_INTERNAL_URL"],
        port=int(SERVICES["sink"]["environment"]["ACERTO_PORT"]),
    )  # fmt: skip

    assert settings.sink_host == SERVICES["sink"]["hostname"] == "sink"
    assert settings.api_url() == f"http://api:{settings.port}"
    assert str(settings.sink_port() + 1) in SERVICES["sink"]["healthcheck"]["test"][-1]
    assert SERVICES["api"]["depends_on"]["sink"]["condition"] == "service_healthy"


def setting_names() -> list[str]:
    """Spell every setting as the environment does."""
    names = []
    for name, field in Settings.model_fields.items():
        group = getattr(field.annotation, "model_fields", None)
        names += [f"acerto_{name}__{member}" for member in group] if group else [f"acerto_{name}"]
    return names
