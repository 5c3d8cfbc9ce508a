"""The watched folder and the invoices that did not come, without the engine."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from activities import carrier_folder
from activities.carrier_expected import ask_for_missing
from activities.carrier_folder import take_dropped
from activities.carrier_requests import begin_carrier_import, stop_carrier_import
from activities.carrier_retention import forget_old_calls
from activities.carriers import carry_out
from models.bulk import BulkRun
from models.carrier_invoices import CarrierInvoice
from models.carriers import CarrierAccount
from models.contestations import Contestation
from models.database import Database
from models.tasks import Task
from rules.audit_rules import Rule
from rules.carrier_errors import plant
from rules.carrier_samples import file_of, make_sample
from settings import Settings
from tests.support.carriers import a_company, import_sample, on_disk
from tests.support.contestations import noon

NOVEMBER = date(2026, 11, 22)
LAYOUT = "febraban_v3r0"


@pytest.fixture
def watched(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"carrier_folder": tmp_path / "operadoras"})


def drop(settings: Settings, name: str, raw: bytes) -> Path:
    assert settings.carrier_folder is not None
    path = settings.carrier_folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    long_ago = noon(NOVEMBER).timestamp() - 3600
    os.utime(path, (long_ago, long_ago))
    return path


def names(settings: Settings) -> list[str]:
    folder = settings.carrier_folder
    assert folder is not None
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


def lies_there(path: str | None) -> bool:
    return Path(path or "").is_file()


def put_there(path: str) -> None:
    Path(path).write_bytes(b"another's")


async def all_of(database: Database, model):
    async with database.read() as session:
        return (await session.exec(select(model).order_by(model.id))).all()


async def test_a_dropped_file_is_imported_once_and_moved(
    database: Database, watched: Settings
) -> None:
    sample = make_sample(1)
    async with database.write() as session:
        await a_company(session, sample)
    raw = file_of(sample.bill, LAYOUT)
    drop(watched, "claro.txt", raw)
    drop(watched, "claro.txt.part", raw)

    first = await take_dropped(database, watched, at=noon(NOVEMBER))
    drop(watched, "claro.txt", raw)
    second = await take_dropped(database, watched, at=noon(NOVEMBER))

    [invoice] = await all_of(database, CarrierInvoice)
    assert (first, second) == (1, 1)
    assert [name.split("/")[0] for name in names(watched)] == [
        "claro.txt.part", "importados", "importados",
    ]  # fmt: skip
    assert invoice.audited_at is not None
    assert invoice.file_path.endswith(".gz")
    assert len(await all_of(database, BulkRun)) == 1


async def test_what_is_dropped_among_the_previews_is_contested_before_it_is_issued(
    database: Database, watched: Settings
) -> None:
    sample = make_sample(1)
    plant(sample, Rule.RATE_DIFFERS)
    async with database.write() as session:
        await a_company(session, sample)
    drop(watched, "previas/claro.txt", file_of(sample.bill, LAYOUT))

    count = await take_dropped(database, watched, at=noon(NOVEMBER))

    [invoice] = await all_of(database, CarrierInvoice)
    [made] = await all_of(database, Contestation)
    assert (count, names(watched)) == (1, ["importados/claro.txt"])
    assert invoice.is_preview
    assert (made.stage, made.is_preview) == ("filed", True)


async def test_a_stopped_file_that_came_again_stays_with_its_invoice(
    database: Database, watched: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = make_sample(1)
    async with database.write() as session:
        await a_company(session, sample)
    raw = file_of(sample.bill, LAYOUT)

    async def stopped(database: Database, number: int, *, at: datetime) -> str:
        async with database.write() as session:
            await stop_carrier_import(session, number)
        return await carry_out(database, number, at=at)

    drop(watched, "claro.txt", raw)
    with monkeypatch.context() as patched:
        patched.setattr(carrier_folder, "carry_out", stopped)
        await take_dropped(database, watched, at=noon(NOVEMBER))
    drop(watched, "claro.txt", raw)
    await take_dropped(database, watched, at=noon(NOVEMBER))

    await forget_old_calls(database, today=NOVEMBER + timedelta(days=8))

    [invoice] = await all_of(database, CarrierInvoice)
    runs = await all_of(database, BulkRun)
    assert lies_there(invoice.file_path)
    assert [run.status for run in runs] == ["stopped", "done"]
    assert [run.summary.get("file_forgotten") for run in runs] == [True, None]


async def test_a_file_is_forgotten_once(database: Database, tmp_path: Path) -> None:
    async with database.write() as session:
        file = on_disk(tmp_path, b"x")
        run = await begin_carrier_import(session, file, by="ana", at=noon(NOVEMBER), starts=False)
        run.status = "stopped"
        session.add(run)

    await forget_old_calls(database, today=NOVEMBER + timedelta(days=8))
    was_kept = lies_there(file.path)
    put_there(file.path)
    await forget_old_calls(database, today=NOVEMBER + timedelta(days=8))

    assert not was_kept
    assert lies_there(file.path)


async def test_a_file_that_may_not_be_read_keeps_no_other_waiting(
    database: Database, watched: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = make_sample(1)
    async with database.write() as session:
        await a_company(session, sample)
    drop(watched, "a.txt", b"locked")
    drop(watched, "b.txt", file_of(sample.bill, LAYOUT))
    copy = carrier_folder._copied

    def copied(path: Path, uploads: Path):
        if path.name == "a.txt":
            raise PermissionError(path)
        return copy(path, uploads)

    monkeypatch.setattr(carrier_folder, "_copied", copied)

    assert await take_dropped(database, watched, at=noon(NOVEMBER)) == 1
    assert names(watched) == ["a.txt", "importados/b.txt"]


async def test_what_cannot_be_imported_is_moved_and_a_task_says_so(
    database: Database, watched: Settings
) -> None:
    drop(watched, "strange.txt", b"this is no invoice\n")

    await take_dropped(database, watched, at=noon(NOVEMBER))

    [task] = await all_of(database, Task)
    assert names(watched) == ["recusados/strange.txt"]
    assert task.kind == "refused_carrier_file"
    assert await all_of(database, CarrierInvoice) == []


async def test_a_look_that_died_goes_on_with_the_same_run(
    database: Database, watched: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = make_sample(1)
    async with database.write() as session:
        await a_company(session, sample)
    drop(watched, "claro.txt", file_of(sample.bill, LAYOUT))

    async def dies(*_args: object, **_named: object) -> str:
        raise ConnectionError

    monkeypatch.setattr(carrier_folder, "carry_out", dies)
    with pytest.raises(ConnectionError):
        await take_dropped(database, watched, at=noon(NOVEMBER))
    monkeypatch.undo()
    await take_dropped(database, watched, at=noon(NOVEMBER))

    [run] = await all_of(database, BulkRun)
    assert run.status == "done"
    assert names(watched) == ["importados/claro.txt"]


async def test_a_file_that_is_still_written_waits(database: Database, watched: Settings) -> None:
    path = drop(watched, "claro.txt", b"half")
    just_now = noon(NOVEMBER).timestamp()
    os.utime(path, (just_now, just_now))

    assert await take_dropped(database, watched, at=noon(NOVEMBER)) == 0


async def test_no_folder_is_watched_unless_one_is_named(
    database: Database, settings: Settings
) -> None:
    assert await take_dropped(database, settings, at=noon(NOVEMBER)) == 0


async def test_an_invoice_that_did_not_come_is_asked_for_until_it_does(
    database: Database, tmp_path: Path
) -> None:
    older = make_sample(1, issue_date=NOVEMBER - timedelta(days=30))
    async with database.write() as session:
        account = await a_company(session, older, expected_day=25)
    file = on_disk(tmp_path, file_of(older.bill, LAYOUT))
    await import_sample(database, file, at=noon(NOVEMBER))

    asked = [await ask(database, day) for day in (25, 26, 27)]
    newer = make_sample(1, issue_date=NOVEMBER)
    file = on_disk(tmp_path, file_of(newer.bill, LAYOUT))
    await import_sample(database, file, at=noon(date(2026, 11, 28)))

    [task] = await all_of(database, Task)
    assert asked == [0, 1, 1]
    assert (task.kind, task.status) == ("missing_carrier_invoice", "cancelled")
    assert task.places["account"] == account.number
    assert await ask(database, 29) == 0


async def test_an_account_that_is_off_or_new_is_not_asked_for(database: Database) -> None:
    async with database.write() as session:
        await a_company(session, make_sample(1), expected_day=5)

    assert await ask(database, 26) == 0
    assert len(await all_of(database, CarrierAccount)) == 1


async def test_the_first_invoice_of_a_new_account_is_asked_for_where_its_month_was_told(
    database: Database,
) -> None:
    async with database.write() as session:
        await a_company(session, make_sample(1), expected_day=25, expected_since=date(2026, 11, 1))

    asked = [await ask(database, day) for day in (25, 26)]

    [task] = await all_of(database, Task)
    assert (asked, task.places["month"]) == ([0, 1], "11/2026")


async def ask(database: Database, day: int) -> int:
    async with database.write() as session:
        today = date(2026, 11, day)
        return await ask_for_missing(session, today=today, at=noon(today))
