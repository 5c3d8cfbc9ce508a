"""Bank return files: taken in, written page by page, each page in one transaction.

The position stands in the run's row and moves in the transaction that writes the page: after any
crash the work goes on where it was, and nothing is written twice.
"""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.cases import now
from activities.import_pages import WrittenPage
from activities.import_shift import Shift
from activities.import_work import UploadedFile, with_heartbeat
from activities.return_pages import Report, write_lines
from activities.return_requests import take_in
from activities.return_tasks import ask_for_a_look
from models import bank_returns
from models.bulk import BulkRun
from models.database import Database
from models.runs import lock_run
from rules.bank_returns import PAID, TO_BE_SEEN
from rules.business_days import local_date
from rules.cases import SYSTEM
from rules.cnab import read_return
from rules.cnab_titles import FileProblem, ReturnFile, ReturnLine
from rules.money import ZERO
from rules.return_files import look_at_return
from rules.runs import UNDER_WAY, RunStatus

#: Lines of one transaction.
PAGE_SIZE = 5_000


@dataclass(frozen=True)
class ReturnRef:
    """Which return file a workflow lives for."""

    run_id: int


class ReturnActivities:
    """What the workflow of a return file asks, in shifts."""

    def __init__(self, database: Database) -> None:
        self.work = ReturnWork(database)

    @activity.defn
    async def write_bank_return(self, ref: ReturnRef) -> str:
        """This will write pages until the end, a stop, or the end of the shift."""
        return await self.work.write(ref, at=now())


async def write_return_file(
    database: Database, path: Path, *, at: datetime, clock: Callable[[], float] = monotonic
) -> str:
    """This will take in and write a file here and now, without the engine; sums it up in a line.

    The file stays where it is. Refuses as the page does.
    """
    content = await asyncio.to_thread(path.read_bytes)
    head = look_at_return(content, name=path.name)
    with NamedTemporaryFile(suffix=".ret", delete=False) as copy:
        copy.write(content)
    kept = UploadedFile(copy.name, path.name[:120], head.digest, len(content))
    async with database.write() as session:
        run = await take_in(session, head, kept, is_corrected=False, by=SYSTEM, at=at)
    status: str = RunStatus.WAITING
    while status in UNDER_WAY:
        status = await ReturnWork(database, clock=clock).write(ReturnRef(run.number), at=at)
    async with database.read() as session:
        run, _ = await bank_returns.file_of(session, run.number)
    return (
        f"{path.name}: {status}, {run.changed} pagamentos, {run.errors} a conferir "
        f"(/pagamentos/retornos/{run.id})"
    )


class ReturnWork:
    """The writing of a return file; inside an activity or outside. `clock` counts the seconds."""

    def __init__(
        self,
        database: Database,
        *,
        page_size: int = PAGE_SIZE,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.database = database
        self.page_size = page_size
        self.clock = clock

    async def write(self, ref: ReturnRef, *, at: datetime) -> str:
        """This will write pages until the end, a stop, or the end of the shift."""
        shift = Shift(at, self.clock(), self.clock)
        async with self.database.read() as session:
            run, kept = await bank_returns.file_of(session, ref.run_id)
        if run.status not in UNDER_WAY:
            return run.status
        try:
            with uncollected():
                file: ReturnFile = await with_heartbeat(
                    lambda: read_return(Path(kept.path).read_bytes())
                )
        except FileNotFoundError:
            return await self._fail(ref, at)
        gc.freeze()  # what was read stays until the end
        reported = [line for line in file.lines if line.title or line.problem]
        status = await self._begin(ref, file, reported, at)
        while status == RunStatus.RUNNING and not shift.is_over:
            with uncollected():
                status = await self._write_page(ref, file, reported, shift)
        if status == RunStatus.DONE:
            await asyncio.to_thread(Path(kept.path).unlink, missing_ok=True)
        return status

    async def _begin(
        self, ref: ReturnRef, file: ReturnFile, reported: Sequence[ReturnLine], at: datetime
    ) -> str:
        async with self.database.write() as session:
            run = await lock_run(session, ref.run_id)
            if run.status == RunStatus.WAITING:
                run.status, run.started_at = RunStatus.RUNNING, run.started_at or at
                run.total = len(reported)
                first = _first_summary(file)
                run.summary = {**first, **run.summary, "problems": first["problems"]}
                session.add(run)
            return run.status

    async def _fail(self, ref: ReturnRef, at: datetime) -> str:
        """The file was taken away, by a backup put back say: it is to be sent in again."""
        async with self.database.write() as session:
            run = await lock_run(session, ref.run_id)
            run.status, run.finished_at = RunStatus.FAILED, at
            run.summary = {**run.summary, "problems": [str(FileProblem.GONE)]}
            session.add(run)
            return run.status

    async def _write_page(
        self, ref: ReturnRef, file: ReturnFile, reported: Sequence[ReturnLine], shift: Shift
    ) -> str:
        async with self.database.write() as session:
            run = await lock_run(session, ref.run_id)
            if run.status == RunStatus.RUNNING:
                lines = reported[run.done : run.done + self.page_size]
                await _advance(session, run, file, lines, shift.at)
                session.add(run)
        if activity.in_activity():
            activity.heartbeat(run.done)
        return run.status


async def _advance(
    session: AsyncSession, run: BulkRun, file: ReturnFile, lines: Sequence[ReturnLine], at: datetime
) -> None:
    if run.stop_requested:
        run.status = RunStatus.STOPPED
    elif lines:
        page = WrittenPage(f"{run.kind}/{run.id}/{run.done}", run.requested_by, at, local_date(at))
        report = await write_lines(session, file, lines, run_id=run.number, page=page)
        _count(run, report, len(lines))
    else:
        run.status, run.finished_at = RunStatus.DONE, at
        await ask_for_a_look(session, run, at=at)


@contextmanager
def uncollected() -> Iterator[None]:
    """Lines and rows are kept until their page is written: looking through them again and again for
    what may go took a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _first_summary(file: ReturnFile) -> dict[str, Any]:
    return {
        "lines": len(file.lines),
        "kinds": Counter(str(line.kind) for line in file.lines),
        "problems": [str(problem) for problem in file.problems],
        "outcomes": {},
        "fees": str(ZERO),
    }


def _count(run: BulkRun, report: Report, lines: int) -> None:
    """This will add a page to what the file comes to so far."""
    outcomes = dict(run.summary["outcomes"])
    for name, count in report.lines.items():
        was = outcomes.get(name, {"lines": 0, "amount": "0.00"})
        amount = report.amounts.get(name, ZERO)
        outcomes[str(name)] = {
            "lines": was["lines"] + count,
            "amount": str(Decimal(was["amount"]) + amount),
        }
    fees = Decimal(run.summary["fees"]) + report.fees
    run.summary = {**run.summary, "outcomes": outcomes, "fees": str(fees)}
    run.done += lines
    run.changed += sum(report.lines.get(name, 0) for name in PAID)
    run.errors += sum(report.lines.get(name, 0) for name in TO_BE_SEEN)
