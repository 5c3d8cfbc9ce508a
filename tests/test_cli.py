"""The `acerto` command: what it does, and that it tells expected problems in a sentence."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import cli
import logs
import settings as configuration
from running.installation import add_first_rows

ROOT = Path(__file__).parent.parent

Run = Callable[..., Any]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path) -> Iterator[Run]:
    """Runs a command on this test's database and data folder."""
    monkeypatch.setattr(logs, "set_up", lambda *_, **__: None)
    monkeypatch.setenv("ACERTO_DATA", str(tmp_path))
    monkeypatch.setenv("ACERTO_DATABASE_URL", database_url)
    configuration.load.cache_clear()
    runner = CliRunner()
    yield lambda *arguments: runner.invoke(cli.app, arguments)
    configuration.load.cache_clear()


@pytest.fixture
def first_rows(settings: configuration.Settings) -> None:
    """The first roles and the first administrator."""
    asyncio.run(add_first_rows(settings, at=NOW))


def test_a_user_made_here_is_listed_with_the_role(run: Run, first_rows: None) -> None:
    made = run("users", "create", "ana", "--name", "Ana Souza", "--role", "operator")

    assert made.exit_code == 0
    assert len(made.stdout.strip()) == 19  # the one-time password
    listed = run("users", "list").stdout
    assert "Ana Souza" in listed
    assert "Operador" in listed


def test_a_reset_gives_another_password_each_time(run: Run, first_rows: None) -> None:
    passwords = {run("users", "reset", "admin").stdout for _ in range(2)}

    assert len(passwords) == 2


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("users", "reset", "nobody"), "Este usuário não existe."),
        (("users", "create", "ana", "--role", "queen"), "Este perfil não existe."),
    ],
)
def test_a_refusal_is_one_sentence_and_exit_code_2(
    run: Run, command: tuple[str, ...], sentence: str
) -> None:
    refused = run(*command)

    assert refused.exit_code == 2
    assert refused.stderr.strip() == f"acerto: {sentence}"


def test_a_setting_that_is_wrong_is_named_without_its_value(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACERTO_SMTP__PORT", "s3cret")

    refused = run("users", "list")

    assert refused.exit_code == 2
    assert "ACERTO_SMTP__PORT" in refused.stderr
    assert "s3cret" not in refused.stderr


@pytest.mark.once
@pytest.mark.parametrize("command", ["demo", "schedules", "users list", "worker"])
def test_a_database_that_is_not_there_is_told_and_not_made(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = tmp_path / "nowhere"
    monkeypatch.setattr(logs, "set_up", lambda *_, **__: None)
    configuration.load.cache_clear()

    told = CliRunner().invoke(cli.app, [*command.split(), "--data", str(nowhere)])

    assert told.exit_code == cli.REFUSED
    assert "acerto migrate" in told.stderr
    assert not nowhere.exists()


def test_help_needs_nothing_heavy() -> None:
    script = (
        "import sys, cli\n"
        "heavy = {'temporalio', 'fastapi', 'sqlalchemy', 'alembic', 'uvicorn'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)\n"
    )

    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)

    assert ended.returncode == 0


def test_a_sample_of_a_carriers_file_is_written_with_what_is_wrong_in_it(tmp_path: Path) -> None:
    path = tmp_path / "fatura.txt"
    runner = CliRunner()

    clean = runner.invoke(cli.app, ["carrier-file", str(path), "--layout", "tim_csv"])
    planted = runner.invoke(cli.app, ["carrier-file", str(path), "--plant", "duplicate"])
    unknown = runner.invoke(cli.app, ["carrier-file", str(path), "--plant", "nothing"])

    assert (clean.exit_code, planted.exit_code, unknown.exit_code) == (0, 0, cli.REFUSED)
    assert "duplicate: line 119" in planted.output
    assert path.read_bytes().startswith(b"00")
    assert "There is no rule nothing" in unknown.output
