"""Settings that cannot be are told by name at the start, before anything is made or served."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from running.folders import make_folder
from running.up import welcome
from settings import EngineSettings, Settings

pytestmark = pytest.mark.once

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACERTO_LOG_LEVEL", "LOUD"),
        ("ACERTO_SESSION_HOURS", "-3"),
        ("ACERTO_SESSION_HOURS", "0"),
        ("ACERTO_PUBLIC_URL", "acerto.example.com.br"),
        ("ACERTO_PUBLIC_URL", "https://"),
        ("ACERTO_PUBLIC_URL", "https://acerto.example/?x=1"),
        ("ACERTO_INTERNAL_URL", "api:8000"),
        ("ACERTO_ATTACHMENTS_URL", "s4://bucket"),
        ("ACERTO_DATABASE_URL", "acerto"),
        ("ACERTO_DATABASE_URL", "postgresql://acerto:s3cret@localhost/acerto"),
        ("ACERTO_DATABASE_URL", "postgresql+asyncpg://acerto:s3cret@localhost:port/acerto"),
        ("ACERTO_SECRET_KEY", "short"),
        ("ACERTO_SECRET_KEY", " " * 40),
        ("ACERTO_PORT", "70000"),
        ("ACERTO_ENGINE__UI_PORT", "70000"),
        ("ACERTO_SMTP__PORT", "70000"),
        ("ACERTO_SUPPORT__PORT", "-1"),
        ("ACERTO_SUPPORT__MAX_MEGABYTES", "0"),
        ("ACERTO_SUPPORT__ADDRESS", "suporte"),
        ("ACERTO_SMTP__FROM_ADDRESS", "Acerto\nBcc: x@y.test"),
        ("ACERTO_TWILIO__BASE_URL", "ftp://x"),
        ("ACERTO_OIDC__ISSUER", "login.example"),
        ("ACERTO_APP__URL", "app"),
        ("ACERTO_PROVISIONING__URL", "rede"),
        ("ACERTO_PROVISIONING__URLS", '{"tv": "rede"}'),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValueError, match="validation error") as refused:
        Settings()

    [error] = refused.value.errors(include_input=False)  # type: ignore[attr-defined]
    assert (
        name == f"ACERTO_{'__'.join(str(each) for each in error['loc'][:2]).upper()}"[: len(name)]
    )
    assert "s3cret" not in error["msg"]


@pytest.mark.parametrize(
    "name",
    ["ACERTO_SMTP__HOST", "ACERTO_TWILIO__ACCOUNT_SID", "ACERTO_OIDC__ISSUER", "ACERTO_SECRET_KEY",
     "ACERTO_PUBLIC_URL", "ACERTO_DATABASE_URL", "ACERTO_TRAINING"],
)  # fmt: skip
def test_a_setting_left_empty_is_not_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    without = Settings()
    monkeypatch.setenv(name, "")

    assert Settings() == without


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("public_url", "https://acerto.example/", "https://acerto.example"),
        ("internal_url", "http://api:8000", "http://api:8000"),
        ("log_level", "debug", "DEBUG"),
        ("database_url", "postgresql+asyncpg://a@/x?host=/run/pg", None),
        ("database_url", "sqlite+aiosqlite:////tmp/x.db", None),
        ("attachments_url", "s3://bucket/prefix", None),
    ],
)
def test_what_can_be_is_taken(name: str, value: str, kept: str | None) -> None:
    assert getattr(Settings(**{name: value}), name) == (kept or value)


@pytest.mark.parametrize(
    ("told", "settings"),
    [
        ("folder", {"ACERTO_DATA": str(ROOT / "README.md")}),
        ("folder", {"ACERTO_DATA": "/proc/acerto"}),
        ("database", {"ACERTO_DATABASE_URL": "postgresql+asyncpg://a:s3cret@127.0.0.1:1/x"}),
    ],
)
def test_where_nothing_can_be_kept_is_told_in_a_sentence(
    tmp_path: Path, told: str, settings: dict[str, str]
) -> None:
    environment = {**os.environ, "ACERTO_DATA": str(tmp_path), **settings}

    ended = subprocess.run(
        [sys.executable, "cli.py", "migrate"], cwd=ROOT, env=environment, check=False,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False), ended.stderr
    assert told in ended.stderr
    assert "s3cret" not in ended.stderr


def test_the_folder_of_the_data_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    made, there = tmp_path / "a" / "var", tmp_path / "there"
    there.mkdir(mode=0o750)

    make_folder(made)
    make_folder(there)

    assert (made.stat().st_mode & 0o777, there.stat().st_mode & 0o777) == (0o700, 0o750)


def test_the_engines_page_opens_where_the_journeys_are(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, port=8123, engine=EngineSettings(namespace="casa"))

    told = welcome(settings, first_password=None)

    assert "http://127.0.0.1:18124/namespaces/casa/workflows\n" in told
