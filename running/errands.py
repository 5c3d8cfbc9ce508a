"""What the command line has others do: demonstration, repair, schedules, imports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from activities import bank_returns, carriers, demo, imports
from activities import repair as repairing
from activities.demo.people import PASSWORD, STAFF
from engine import connect
from rules.carrier_errors import plant
from rules.carrier_layouts import LAYOUTS
from rules.carrier_samples import file_of, make_sample
from rules.carrier_terms import Rule
from running.problems import ExpectedProblem
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
            uploads=settings.data.absolute() / "uploads",
        )  # fmt: skip
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


async def import_carrier_files(
    settings: Settings, files: Sequence[Path], *, at: datetime
) -> Sequence[str]:
    """This will take in and audit carriers' files and tell, a line each, what came of it."""
    async with open_database(settings) as database:
        return [await carriers.import_carrier_file(database, path, at=at) for path in files]


async def write_bank_returns(
    settings: Settings, files: Sequence[Path], *, at: datetime
) -> Sequence[str]:
    """This will write banks' return files and tell, a line each, what came of them."""
    async with open_database(settings) as database:
        return [await bank_returns.write_return_file(database, path, at=at) for path in files]


def write_carrier_file(
    path: Path, *, layout: str, seed: int, lines: int, calls: int, planted: Sequence[str]
) -> Sequence[str]:
    """This will write a sample of a carrier's file and tell, a line each, what is wrong in it.

    Refuses an unknown layout or rule.
    """
    if layout not in LAYOUTS:
        raise SampleUnknown(f"There is no layout {layout}; there are {', '.join(LAYOUTS)}.")
    unknown = set(planted) - set(Rule)
    if unknown:
        raise SampleUnknown(f"There is no rule {', '.join(unknown)}; there are {', '.join(Rule)}.")
    sample = make_sample(seed, lines=lines, calls=calls)
    wrong = [plant(sample, Rule(each), seed=seed) for each in planted]
    path.write_bytes(file_of(sample.bill, layout))
    told = [f"{path}: account {sample.bill.account}, R$ {sample.bill.total / 100:.2f}"]
    return told + [f"  {each.rule}: line {each.number}, {each.difference} cents" for each in wrong]


class SampleUnknown(ExpectedProblem):
    """A layout or a rule that does not exist."""


async def import_files(settings: Settings, files: Sequence[Path], *, at: datetime) -> Sequence[str]:
    """This will take in each file and tell, a line each, what came of it."""
    async with open_database(settings) as database:
        return [await imports.import_file(database, path, at=at) for path in files]
