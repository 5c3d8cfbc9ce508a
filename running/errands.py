"""What the command line has others do: demonstration, repair, schedules, imports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from activities import demo, imports
from activities import repair as repairing
from activities.demo.people import PASSWORD, STAFF
from engine import connect
from running.storage import open_database
from settings import Settings
from workflows import schedules


async def load_demo(settings: Settings, *, when_empty: bool, at: datetime) -> str:
    """This will load the demonstration; with `when_empty`, only where there is no customer.

    Gives the line that tells who can log in; "" when nothing was loaded.
    """
    async with open_database(settings) as database:
        loaded = await demo.load(database, when_empty=when_empty, at=at)
    return demo_log_ins() if loaded else ""


def demo_log_ins() -> str:
    """Who works at the demonstration's provider, and their password."""
    logins = ", ".join(login for login, _, _ in STAFF)
    return f"  Demonstração · demo       {logins} / {PASSWORD}"


async def repair(settings: Settings, *, apply: bool, at: datetime) -> Sequence[str]:
    """This will tell, a line each, where engine and database disagree; `apply` puts it right."""
    client = await connect(settings)
    async with open_database(settings) as database:
        lines: Sequence[str] = await repairing.repair(database, client, apply=apply, at=at)
        return lines


async def ensure_schedules(settings: Settings) -> None:
    """This will create or update what the engine starts by the clock. Safe to repeat."""
    await schedules.ensure(await connect(settings))


async def import_files(settings: Settings, files: Sequence[Path], *, at: datetime) -> Sequence[str]:
    """This will take in each file and tell, a line each, what came of it."""
    async with open_database(settings) as database:
        return [await imports.import_file(database, path, at=at) for path in files]
