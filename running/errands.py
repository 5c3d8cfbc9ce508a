"""What the command line has others do: demonstration, repair, schedules, imports."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from activities import demo
from engine import connect
from running.problems import ExpectedProblem
from running.storage import open_database
from settings import Settings
from workflows import schedules

#: TODO(lead): import these at the top, typed, once each of them stands.
AWAITED = {
    "repair": "activities.repair",
    "imports": "activities.imports",
}


class NotBuiltYet(ExpectedProblem):
    """A part of Acerto that this version does not have."""


async def load_demo(settings: Settings, *, when_empty: bool, at: datetime) -> None:
    """This will load the demonstration; with `when_empty`, only where there is no customer."""
    async with open_database(settings) as database:
        await demo.load(database, when_empty=when_empty, at=at)


async def repair(settings: Settings, *, apply: bool, at: datetime) -> Sequence[str]:
    """This will tell, a line each, where engine and database disagree; `apply` puts it right."""
    client = await connect(settings)
    async with open_database(settings) as database:
        lines: Sequence[str] = await _awaited("repair").repair(database, client, apply=apply, at=at)
        return lines


async def ensure_schedules(settings: Settings) -> None:
    """This will create or update what the engine starts by the clock. Safe to repeat."""
    await schedules.ensure(await connect(settings))


async def import_files(settings: Settings, files: Sequence[Path], *, at: datetime) -> Sequence[str]:
    """This will take in each file and tell, a line each, what came of it."""
    async with open_database(settings) as database:
        return [await _awaited("imports").import_file(database, path, at=at) for path in files]


def _awaited(name: str) -> Any:
    module = AWAITED[name]
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise NotBuiltYet(f"This version of Acerto has no {name} yet.") from error
