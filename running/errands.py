"""What the command line has others do: demonstration, repair, schedules, imports."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from activities import bank_returns, carriers, demo, imports
from activities import repair as repairing
from activities.demo.clients import CLIENTS
from activities.demo.people import PASSWORD, STAFF
from activities.sample_returns import AskedSample, SampleFile
from activities.sample_returns import make_sample as make_sample_return
from engine import connect
from models.sample_returns import open_invoice_called
from rules.business_days import local_date
from rules.return_files import check_is_of_a_bank, look_at_return
from rules.sample_returns import Fate, NotForTraining
from running.samples import SampleUnknown
from running.storage import open_database
from settings import Settings
from workflows import schedules


async def load_demo(
    settings: Settings, *, when_empty: bool, at: datetime, say: Callable[[str], None]
) -> str:
    """This will load the demonstration; with `when_empty`, only where there is no customer.

    What is being made is told to `say`. Gives the line that tells who can log in; "" when nothing
    was loaded.
    """
    async with open_database(settings, is_alone=True) as database:
        loaded = await demo.load(
            database, when_empty=when_empty, at=at, say=say,
            uploads=settings.uploads(),
        )  # fmt: skip
    return demo_log_ins() if loaded else ""


def demo_log_ins() -> str:
    """Who works at the demonstration's provider, and their password."""
    house = ", ".join(login for login, _, _ in STAFF)
    clients = ", ".join(login for login, *_ in CLIENTS)
    told = f"{house}; de clientes · of clients: {clients}"
    return f"  Demonstração · demo       {told} / {PASSWORD}"


async def repair(settings: Settings, *, apply: bool, at: datetime) -> Sequence[str]:
    """This will tell, a line each, where engine and database disagree; `apply` puts it right."""
    client = await connect(settings)
    async with open_database(settings) as database:
        lines: Sequence[str] = await repairing.repair(database, client, apply=apply, at=at)
        return lines


async def ensure_schedules(settings: Settings) -> None:
    """This will create or update what the engine starts by the clock. Safe to repeat."""
    async with open_database(settings):  # which sets the clocks that the schedules go by
        await schedules.ensure(await connect(settings))


async def import_carrier_files(
    settings: Settings, files: Sequence[Path], *, at: datetime
) -> Sequence[str]:
    """This will take in and audit carriers' files and tell, a line each, what came of it."""
    async with open_database(settings) as database:
        return [await carriers.import_carrier_file(database, path, at=at) for path in files]


async def write_bank_returns(
    settings: Settings, files: Sequence[Path], *, at: datetime
) -> Sequence[str]:
    """This will write banks' return files and tell, a line each, what came of them.

    Refuses, before the first, one that was made to train with, where it is earnest.
    """
    if not settings.is_training():
        await asyncio.to_thread(_check_are_of_banks, files)
    async with open_database(settings) as database:
        return [await bank_returns.write_return_file(database, path, at=at) for path in files]


def _check_are_of_banks(files: Sequence[Path]) -> None:
    for path in files:
        check_is_of_a_bank(look_at_return(path.read_bytes(), name=path.name))


async def sample_return(
    settings: Settings, codes: Sequence[str], *, fate: str, unknown: bool, at: datetime
) -> SampleFile:
    """This will make a return file to train with, of invoices named by code or number.

    Refuses as the page does (activities/sample_returns.py), and where it is earnest.
    """
    if not settings.is_training():
        raise NotForTraining
    if fate not in set(Fate):
        raise SampleUnknown(f"There is no fate {fate}; there are {', '.join(Fate)}.")
    async with open_database(settings) as database, database.write() as session:
        found = {each: await open_invoice_called(session, each) for each in codes}
        missing = [each for each, number in found.items() if number is None]
        if missing:
            raise SampleUnknown(f"There is no open invoice {', '.join(missing)}.")
        fates = [(number, Fate(fate)) for number in found.values() if number is not None]
        asked = AskedSample(fates, local_date(at), has_unknown=unknown)
        return await make_sample_return(session, asked, at=at)


async def import_files(settings: Settings, files: Sequence[Path], *, at: datetime) -> Sequence[str]:
    """This will take in each file and tell, a line each, what came of it."""
    async with open_database(settings) as database:
        return [await imports.import_file(database, path, at=at) for path in files]
