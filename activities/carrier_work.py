"""A carrier's file imported whole or not at all, then audited; inside an activity or outside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.carrier_audits import subject_of, told_unjudged, write_findings
from activities.carrier_expected import came
from activities.carrier_files import ReadingStopped, lines_at, pack, read_file
from activities.carrier_invoices import keep_unread, write_invoice
from activities.carrier_replacements import replace_invoice
from activities.carrier_requests import carrier_run, lock_carrier_run
from activities.contestation_invoices import hear_of_invoice
from activities.import_work import UploadedFile
from activities.usage_limits import ask_about_usage
from models import imports
from models.bulk import BulkRun
from models.carrier_invoices import (
    CarrierInvoice,
    check_new,
    invoice_of,
    invoice_of_run,
    lock_invoice,
)
from models.carrier_mappings import layout_of, layouts_in_use
from models.carriers import CarrierAccountNotRegistered, account_of, account_of_file
from models.database import Database
from rules.audit import Objection, audit
from rules.audit_subject import Subject
from rules.carrier_mappings import family_of
from rules.carrier_reading import Reading
from rules.carrier_records import Layout
from rules.import_rows import refused
from rules.refusals import Refusal
from rules.runs import UNDER_WAY, RunStatus

#: Seconds between two looks at how far it is, and whether somebody asked to stop.
BEAT = 1.0
T = TypeVar("T")


@dataclass(frozen=True)
class CarrierRunRef:
    """Which run a workflow lives for."""

    run_id: int


@dataclass
class _Pace:
    done: int = 0
    faults: int = 0
    is_wanted: bool = True

    def step(self, done: int, faults: int) -> bool:
        """What the reader calls after each block."""
        self.done, self.faults = done, faults
        return self.is_wanted


class CarrierWork:
    """The two halves of a run: the import, and the audit of what it imported."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def import_file(self, ref: CarrierRunRef, *, at: datetime) -> str:
        """This will read a file and write its invoice, or nothing; returns the run's status."""
        run = await self._begun(ref, at)
        if run.status not in UNDER_WAY or run.parameters.get("invoice_id"):
            return run.status
        file = UploadedFile(**run.parameters["file"])
        try:
            reading = await self._reading(ref, file)
        except ReadingStopped:
            status = await self._end(ref, RunStatus.STOPPED, at)
        except Refusal as refusal:
            status = await self._refuse(ref, refusal, at)
        else:
            status = await self._write(ref, reading, at)
        if status == RunStatus.FAILED and file.is_ours:  # it names whom people called
            await asyncio.to_thread(Path(file.path).unlink, missing_ok=True)
        return status

    async def audit(self, ref: CarrierRunRef, *, at: datetime) -> str:
        """This will audit the run's invoice and write its findings; returns the run's status."""
        async with self.database.read() as session:
            run = await carrier_run(session, ref.run_id)
            invoice = await _invoice_of(session, run)
            layout = await layout_of(session, invoice.layout)
        if run.status not in UNDER_WAY:
            return run.status
        path = Path(invoice.file_path or "")
        reading = await _beside(partial(read_file, path, name=invoice.file_name, layout=layout))
        async with self.database.read() as session:
            account = await account_of(session, invoice.account_id)
            subject = await subject_of(session, invoice, account, reading)
        found, fields = await _beside(partial(_found_in, subject, path, layout))
        async with self.database.write() as session:
            run = await lock_carrier_run(session, ref.run_id)
            kept = await invoice_of(session, invoice.key)
            count = await write_findings(session, kept, found, fields, at=at)
            kept.audited_at, kept.agreement_id = at, account.agreement_id
            kept.unjudged = told_unjudged(subject)
            run.status, run.finished_at, run.changed = RunStatus.DONE, at, count
            run.summary = {**run.summary, "invoice_id": invoice.id, "findings": count}
            session.add_all([kept, run])
            await hear_of_invoice(session, kept, at=at)
            await came(session, kept, at=at)
            await ask_about_usage(session, kept, at=at)
        await self._keep_packed(run, invoice)
        return RunStatus.DONE

    async def _begun(self, ref: CarrierRunRef, at: datetime) -> BulkRun:
        async with self.database.write() as session:
            run = await lock_carrier_run(session, ref.run_id)
            if run.status == RunStatus.WAITING:
                run.status, run.started_at = RunStatus.RUNNING, at
                session.add(run)
            return run

    async def _reading(self, ref: CarrierRunRef, file: UploadedFile) -> Reading:
        pace = _Pace()
        async with self.database.read() as session:
            mapped = await layouts_in_use(session)
        read = partial(
            read_file, Path(file.path), name=file.name, mapped=mapped, on_block=pace.step
        )
        return await _beside(read, on_beat=partial(self._tell, ref, pace))

    async def _tell(self, ref: CarrierRunRef, pace: _Pace) -> None:
        async with self.database.write() as session:
            run = await lock_carrier_run(session, ref.run_id)
            run.done, run.errors = pace.done, pace.faults
            pace.is_wanted = not run.stop_requested
            session.add(run)

    async def _write(self, ref: CarrierRunRef, reading: Reading, at: datetime) -> str:
        try:
            async with self.database.write() as session:
                run = await lock_carrier_run(session, ref.run_id)
                if run.stop_requested:
                    run.status, run.finished_at = RunStatus.STOPPED, at
                    return run.status
                if await invoice_of_run(session, ref.run_id):  # by an attempt thought dead
                    return run.status
                await self._write_reading(session, run, reading, at)
                return run.status
        except Refusal as refusal:
            return await self._refuse(ref, refusal, at)

    async def _write_reading(
        self, session: AsyncSession, run: BulkRun, reading: Reading, at: datetime
    ) -> None:
        file, faults = UploadedFile(**run.parameters["file"]), reading.faults
        await imports.add_errors(session, run, faults.in_order(), file=file.name)
        await keep_unread(session, faults.unread, run_id=run.number)
        run.done, run.errors = file.size, sum(faults.counts.values())
        run.summary = {
            "layout": reading.layout.key, "encoding": reading.encoding, "lines": reading.lines,
            "charges": len(reading.charges), "faults": faults.counts,
        }  # fmt: skip
        session.add(run)
        if not reading.is_accepted:
            run.status, run.finished_at = RunStatus.FAILED, at
            return
        is_preview = bool(run.parameters.get("is_preview"))
        await check_new(session, file.sha256, is_preview=is_preview)
        account = await account_of_file(
            session, number=reading.header.get("account", ""),
            layout=family_of(reading.layout.key), company_id=run.parameters.get("company_id"),
        )  # fmt: skip
        invoice = await write_invoice(session, reading, run=run, account=account, at=at)
        if replaces := run.parameters.get("replaces_id"):
            old = await lock_invoice(session, replaces)
            await replace_invoice(
                session, old, invoice, reason=run.parameters.get("reason", ""),
                by=run.requested_by, at=at,
            )  # fmt: skip
        run.summary = {**run.summary, "invoice_id": invoice.id}

    async def _refuse(self, ref: CarrierRunRef, refusal: Refusal, at: datetime) -> str:
        async with self.database.write() as session:
            run = await lock_carrier_run(session, ref.run_id)
            file = UploadedFile(**run.parameters["file"])
            error = refused(int(refusal.params.get("line", 0)), refusal)
            if known := refusal.params.get("invoice_id"):
                run.summary = {**run.summary, "known_invoice_id": known}
            if isinstance(refusal, CarrierAccountNotRegistered):
                run.summary = {**run.summary, "unknown_account": refusal.params["number"]}
            await imports.add_errors(session, run, [error], file=file.name)
            run.status, run.finished_at, run.errors = RunStatus.FAILED, at, 1
            session.add(run)
        return RunStatus.FAILED

    async def _end(self, ref: CarrierRunRef, status: RunStatus, at: datetime) -> str:
        async with self.database.write() as session:
            run = await lock_carrier_run(session, ref.run_id)
            run.status, run.finished_at = status, at
            session.add(run)
        return status

    async def _keep_packed(self, run: BulkRun, invoice: CarrierInvoice) -> None:
        """A file of ours is kept, compressed, as long as rules may be tried on it."""
        file = UploadedFile(**run.parameters["file"])
        if not file.is_ours:
            return
        packed = await _beside(partial(pack, Path(file.path)))
        async with self.database.write() as session:
            kept = await invoice_of(session, invoice.key)
            kept.file_path = str(packed)
            session.add(kept)


async def _invoice_of(session: AsyncSession, run: BulkRun) -> CarrierInvoice:
    number = run.parameters.get("invoice_id") or run.summary.get("invoice_id") or 0
    return await invoice_of(session, int(number))


def _found_in(
    subject: Subject, path: Path, layout: Layout
) -> tuple[list[Objection], dict[int, dict[str, str]]]:
    found = audit(subject)
    lines = {row.line for each in found for row in each.evidence}
    return found, lines_at(path, lines, layout=layout) if lines else {}


async def _beside(work: Callable[[], T], *, on_beat: Callable[[], Any] | None = None) -> T:
    """This will do long work beside the event loop, with a sign of life at every beat."""
    doing = asyncio.ensure_future(asyncio.to_thread(work))
    while True:
        await asyncio.wait({doing}, timeout=BEAT)
        if doing.done():
            return doing.result()
        if activity.in_activity():
            activity.heartbeat()
        if on_beat is not None:
            await on_beat()
