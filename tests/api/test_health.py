"""Whoever watches Acerto learns within a second what is well and what is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from structlog.testing import capture_logs
from temporalio.client import Client

from api.app import create_app
from engine import connect
from models.database import Database
from settings import Settings, SmtpSettings, TwilioSettings
from tests.conftest import House
from tests.support.engine import own_deployment, started
from tests.support.web import Web


@pytest.fixture
def mailing(settings: Settings) -> Settings:
    """A deployment with a mail server and an SMS account, and so without a sink of its own."""
    outside = {
        "smtp": SmtpSettings(host="mail.example.com"),
        "twilio": TwilioSettings(account_sid="AC1"),
    }
    return settings.model_copy(update=outside)


@asynccontextmanager
async def served(
    settings: Settings, database: Database, client: Client | None
) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(create_app(settings, database, client))
    async with httpx2.AsyncClient(transport=transport, base_url="http://acerto") as http:
        yield http


async def test_all_is_well_when_every_part_is(house: House, mailing: Settings) -> None:
    async with served(mailing, house.database, house.client) as http, asyncio.timeout(60):
        # A worker that has just started asks for its first work in a moment.
        while (answer := await http.get("/health")).status_code != 200:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)

    assert answer.json() == {
        "status": "ok",
        "parts": {"api": "ok", "database": "ok", "engine": "ok", "worker": "ok"},
    }


async def test_an_engine_without_a_worker_is_not_well(
    database: Database, mailing: Settings, tmp_path: Path
) -> None:
    async with (
        started(own_deployment(tmp_path)) as (_, client),
        served(mailing, database, client) as http,
    ):
        answer = await http.get("/health")

    assert answer.status_code == 503
    assert answer.json()["parts"]["engine"] == "ok"
    assert answer.json()["parts"]["worker"] == "no worker asks for work"


async def test_an_engine_that_is_away_is_told_within_two_seconds(
    database: Database, mailing: Settings, tmp_path: Path
) -> None:
    client = await connect(own_deployment(tmp_path), lazy=True)
    async with served(mailing, database, client) as http:
        answer = await http.get("/health", timeout=2)

    assert answer.status_code == 503
    assert answer.json()["parts"] == {
        "api": "ok",
        "database": "ok",
        "engine": "no answer",
        "worker": "no answer",
    }


async def test_without_an_engine_the_pages_are_not_well_but_alive(
    database: Database, mailing: Settings
) -> None:
    async with served(mailing, database, None) as http:
        health, live = await http.get("/health"), await http.get("/health/live")

    assert (health.status_code, live.status_code) == (503, 200)
    assert health.json()["parts"]["engine"] == "not configured"


async def test_a_database_that_is_away_is_told_without_its_address(
    mailing: Settings, tmp_path: Path
) -> None:
    gone = Database(f"sqlite+aiosqlite:///{tmp_path}/nowhere/acerto.db")
    async with served(mailing, gone, None) as http:
        answer = await http.get("/health")
    await gone.dispose()

    assert answer.json()["parts"]["database"] == "no answer"
    assert "nowhere" not in answer.text


async def test_a_sink_that_is_ours_must_listen(database: Database, settings: Settings) -> None:
    async with served(settings, database, None) as http:
        answer = await http.get("/health")

    assert answer.json()["parts"]["sink"] == "no answer"


async def test_measures_are_by_route_and_not_by_address(
    database: Database, mailing: Settings
) -> None:
    async with served(mailing, database, None) as http:
        await http.get("/health/live")
        await http.get("/nobody/serves/this")
        measures = (await http.get("/metrics")).text

    assert 'route="/health/live",status="200"' in measures
    assert "acerto_outbox_waiting 0.0" in measures
    assert "nobody" not in measures


@pytest.mark.parametrize(
    ("method", "path", "level"),
    [
        ("GET", "/entrar", "debug"),
        ("GET", "/nobody/serves/this", "info"),
        ("POST", "/entrar", "info"),
    ],
)
async def test_a_page_that_was_read_well_does_not_fill_the_console(
    database: Database, mailing: Settings, method: str, path: str, level: str
) -> None:
    with capture_logs() as lines:
        async with served(mailing, database, None) as http:
            await http.request(method, path)

    assert [each["log_level"] for each in lines if each["event"] == "request"] == [level]


@pytest.mark.parametrize(("status", "level"), [(200, "debug"), (403, "info")])
async def test_a_report_that_was_taken_does_not_fill_the_console(
    web: Web, status: int, level: str
) -> None:
    web.app.add_api_route("/webhooks/prova", lambda: None, methods=["POST"], status_code=status)

    with capture_logs() as lines:
        answer = await web.visitor().post("/webhooks/prova")

    assert answer.status_code == status
    assert [each["log_level"] for each in lines if each["event"] == "request"] == [level]


async def test_every_answer_names_its_request(database: Database, mailing: Settings) -> None:
    async with served(mailing, database, None) as http:
        own = await http.get("/health/live")
        given = await http.get("/health/live", headers={"x-request-id": "proxy-12345"})
        forged = await http.get("/health/live", headers={"x-request-id": "a\tb = evil"})

    assert len(own.headers["x-request-id"]) == 32
    assert given.headers["x-request-id"] == "proxy-12345"
    assert len(forged.headers["x-request-id"]) == 32
