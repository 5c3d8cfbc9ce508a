"""Portfolio imports: looked through whole, then written page by page, each page in one transaction.

The position stands in the run's row and moves in the transaction that writes the page. So an import
goes on where it was after any crash, and two activities that believe the page theirs write it once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.import_agreements import write_agreements
from activities.import_contracts import write_contracts
from activities.import_customers import write_customers
from activities.import_earlier import EarlierLines
from activities.import_files import FileFacts, Page, inspect, read_page
from activities.import_invoices import write_invoices
from activities.import_pages import Outcome, PageContext
from activities.import_payments import write_payments
from activities.import_records import Position
from activities.import_shift import Counts, ImportShift, context_of, count
from models import imports
from models.bulk import BulkRun
from models.database import Database
from rules.import_columns import ImportKind
from rules.import_rows import Row, refused
from rules.refusals import Refusal
from rules.runs import RunStatus

#: Rows of one transaction: long enough to be fast, short enough that other writers hardly wait.
PAGE_SIZE = 5_000
#: An agreement writes a dozen rows: so many take as long as a page of anything else.
SIZES = {ImportKind.AGREEMENTS: 1_000}
Writer = Callable[[AsyncSession, Sequence[Row], PageContext], Awaitable[Outcome]]
WRITERS: Mapping[ImportKind, Writer] = {
    ImportKind.CUSTOMERS: write_customers,
    ImportKind.CONTRACTS: write_contracts,
    ImportKind.INVOICES: write_invoices,
    ImportKind.AGREEMENTS: write_agreements,
    ImportKind.PAYMENTS: write_payments,
}


@dataclass(frozen=True)
class ImportRef:
    """Which import a workflow lives for."""

    run_id: int


@dataclass(frozen=True)
class UploadedFile:
    """A file to import; `kind` empty: the header says what it is. Ours are deleted once written."""

    path: str
    name: str
    sha256: str
    size: int
    kind: str = ""
    is_ours: bool = True


class ImportWork:
    """The look through the files of an import, and its pages; inside an activity or outside."""

    def __init__(self, database: Database, *, page_size: int = PAGE_SIZE) -> None:
        self.database = database
        self.page_size = page_size

    async def inspect(self, ref: ImportRef, *, at: datetime) -> str:
        """This will look through every file before a row is written; returns the run's status."""
        async with self.database.read() as session:
            run = await imports.run_of(session, ref.run_id)
        if _is_looked_through(run):
            return run.status
        files: list[FileFacts] = []
        for uploaded in (UploadedFile(**each) for each in run.parameters["files"]):
            try:
                files.append(await with_heartbeat(partial(_inspect, uploaded)))
            except Refusal as refusal:
                status = await self._refuse(ref, uploaded, refusal, at)
                await self._forget_files(ref)
                return status
        return await self._accept(ref, sorted(files, key=_order), at)

    async def write(self, ref: ImportRef, *, at: datetime) -> str:
        """This will write pages until the end, a stop, or the end of the shift."""
        with closing(EarlierLines()) as earlier:
            shift = ImportShift(at, monotonic(), earlier=earlier)
            while True:
                status = await self._write_page(ref, shift)
                if status == RunStatus.DONE:
                    await self._forget_files(ref)
                    await self.database.refresh_statistics()
                if status != RunStatus.RUNNING or shift.is_over:
                    return status

    async def _forget_files(self, ref: ImportRef) -> None:
        """Files hold personal data: written or refused, they go. A dry run's may yet be needed."""
        async with self.database.read() as session:
            run = await imports.run_of(session, ref.run_id)
        if not (run.is_dry_run and run.status == RunStatus.DONE):
            ours = [file["path"] for file in run.parameters["files"] if file["is_ours"]]
            await asyncio.to_thread(_delete, ours)

    async def _refuse(
        self, ref: ImportRef, uploaded: UploadedFile, refusal: Refusal, at: datetime
    ) -> str:
        line = int(refusal.params.get("line", 0))
        async with self.database.write() as session:
            run = await imports.lock_run(session, ref.run_id)
            if _is_looked_through(run):
                return run.status
            error = refused(line, refusal)
            await imports.add_errors(session, run, [error], file=uploaded.name)
            run.status, run.started_at, run.finished_at = RunStatus.FAILED, at, at
            run.errors = 1
            session.add(run)
            return run.status

    async def _accept(self, ref: ImportRef, files: Sequence[FileFacts], at: datetime) -> str:
        async with self.database.write() as session:
            run = await imports.lock_run(session, ref.run_id)
            if _is_looked_through(run):
                return run.status
            run.status, run.started_at = RunStatus.RUNNING, at
            run.total = sum(file.rows for file in files)
            run.position = _position(0, files[0].start)
            run.summary = {
                "files": [file.as_json() for file in files],
                "counts": [asdict(Counts()) for _ in files],
            }
            session.add(run)
            return run.status

    async def _write_page(self, ref: ImportRef, shift: ImportShift) -> str:
        async with self.database.read() as session:
            run = await imports.run_of(session, ref.run_id)
        files = [FileFacts.of_json(kept) for kept in run.summary["files"]]
        seen, place = dict(run.position), run.position["file"]
        if place < len(files) and not run.stop_requested:
            page = await with_heartbeat(partial(self._read, files[place], run.position))
            await self._look_back(run, shift, files)
        else:
            page = None
        async with self.database.write() as session:
            run = await imports.lock_run(session, ref.run_id)
            if run.position == seen and run.status in {RunStatus.WAITING, RunStatus.RUNNING}:
                await self._advance(session, run, files, page, shift)
            session.add(run)
            return run.status

    async def _look_back(
        self, run: BulkRun, shift: ImportShift, files: Sequence[FileFacts]
    ) -> None:
        """What stands in no table although this import told it: all of a dry run, and the rows of
        earlier files that were refused."""
        place, earlier = run.position["file"], shift.earlier
        for number, file in enumerate(files[: place + run.is_dry_run]):
            until = run.position["offset"] if number == place else None
            has_some = run.is_dry_run or run.summary["counts"][number]["refused"]
            if not has_some or earlier.has_read(file, until=until):
                continue
            async with self.database.read() as session:
                after = earlier.line_of(file)
                refused = await imports.refused_lines(session, run, file=file.name, after=after)
            await with_heartbeat(
                partial(
                    earlier.read_on, file, until=until, refused=refused,
                    only_refused=not run.is_dry_run,
                )
            )  # fmt: skip

    def _read(self, file: FileFacts, position: Mapping[str, int]) -> Page:
        begin = Position(position["offset"], position["line"])
        size = min(self.page_size, SIZES.get(file.header.kind, self.page_size))
        return read_page(file, begin, size=size)

    async def _advance(
        self,
        session: AsyncSession,
        run: BulkRun,
        files: Sequence[FileFacts],
        page: Page | None,
        shift: ImportShift,
    ) -> None:
        if run.stop_requested:
            run.status = RunStatus.STOPPED
            return
        if page is None:
            run.status, run.finished_at = RunStatus.DONE, shift.at
            return
        place = run.position["file"]
        context = context_of(run, files[place], shift)
        outcome = await WRITERS[files[place].header.kind](session, page.rows, context)
        outcome.errors += page.errors
        outcome.errors.sort(key=lambda error: error.line)
        await imports.add_errors(session, run, outcome.errors, file=files[place].name)
        count(run, place, page, outcome)
        last = page.is_last
        following = files[place + 1].start if last and place + 1 < len(files) else page.end
        run.position = _position(place + last, following)
        run.status = RunStatus.RUNNING


def _is_looked_through(run: BulkRun) -> bool:
    """Whether the look is done, by this activity or by one that was given up too early."""
    return "files" in run.summary or run.status == RunStatus.FAILED


def _inspect(uploaded: UploadedFile) -> FileFacts:
    kind = ImportKind(uploaded.kind) if uploaded.kind else None
    return inspect(Path(uploaded.path), name=uploaded.name, kind=kind)


def _delete(paths: Sequence[str]) -> None:
    for path in paths:
        Path(path).unlink(missing_ok=True)


def _order(file: FileFacts) -> int:
    return list(ImportKind).index(file.header.kind)


def _position(place: int, position: Position) -> dict[str, Any]:
    return {"file": place, "offset": position.offset, "line": position.line}


async def with_heartbeat(work: Callable[[], Any]) -> Any:
    """This will do file work beside the event loop, with a sign of life every few seconds."""
    doing = asyncio.ensure_future(asyncio.to_thread(work))
    while not doing.done():
        if activity.in_activity():
            activity.heartbeat()
        await asyncio.wait({doing}, timeout=5)
    return doing.result()
