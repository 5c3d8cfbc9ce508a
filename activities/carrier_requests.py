"""What people ask of carriers' files: import one, stop it, audit an invoice anew."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.carrier_replacements import check_counted, check_replaceable
from activities.import_requests import ImportNotStopped, ImportNotUnderWay, NoFileGiven
from activities.import_work import UploadedFile
from models import runs
from models.bulk import BulkRun
from models.carrier_invoices import CarrierInvoice, check_new
from models.outbox import Verb
from rules.business_days import local_date
from rules.refusals import Refusal
from rules.runs import UNDER_WAY, RunNotFound, RunStatus

KIND = "carrier-file"
WORKFLOW = "CarrierInvoiceImport"


class CarrierFileGone(Refusal):
    message = "O arquivo desta fatura já não é guardado: não há o que auditar de novo."


class CarrierFileForgotten(Refusal):
    message = "O arquivo desta leitura já não é guardado: envie-o de novo."


async def begin_carrier_import(  # noqa: PLR0913 - all but two have defaults
    session: AsyncSession,
    file: UploadedFile | None,
    *,
    by: str,
    at: datetime,
    starts: bool = True,
    is_preview: bool = False,
    key: str = "",
    company_id: int | None = None,
) -> BulkRun:
    """This will have an uploaded file imported and audited.

    Refuses NoFileGiven, and CarrierFileAlreadyDone for a file that was imported before. Without
    `starts` no workflow is asked for: the caller does the work. A preview is what the carrier
    means to issue: what it charges too much is contested at once. `key` names the run, for who
    must find it again. `company_id`: sent by that company's own people, who send no other's.
    """
    if file is None:
        raise NoFileGiven
    await check_new(session, file.sha256, is_preview=is_preview)
    parameters: dict[str, Any] = {"file": asdict(file), "is_preview": is_preview}
    if company_id is not None:
        parameters["company_id"] = company_id
    run = await _open(session, parameters, total=file.size, by=by, at=at, key=key)
    if starts:
        runs.start(session, run, workflow=WORKFLOW, at=at)
    return run


async def begin_replacement(  # noqa: PLR0913 - all but three are who, when and why
    session: AsyncSession,
    invoice: CarrierInvoice,
    file: UploadedFile | None,
    *,
    reason: str,
    by: str,
    at: datetime,
    starts: bool = True,
    company_id: int | None = None,
) -> BulkRun:
    """This will have an invoice replaced whole by a file in which its carrier issued it anew.

    Refuses as begin_carrier_import does, and what may not be replaced (check_replaceable); both
    again when the file has been read.
    """
    await check_replaceable(session, invoice)
    run = await begin_carrier_import(
        session, file, by=by, at=at, starts=starts, company_id=company_id
    )
    run.parameters = {**run.parameters, "replaces_id": invoice.key, "reason": reason}
    session.add(run)
    return run


async def begin_audit(
    session: AsyncSession, invoice: CarrierInvoice, *, by: str, at: datetime, starts: bool = True
) -> BulkRun:
    """This will have an invoice audited anew, by its agreement as it is now.

    Findings that somebody has acted on stay. Refuses CarrierFileGone, and what was replaced.
    """
    await check_counted(session, invoice)
    if invoice.file_path is None:
        raise CarrierFileGone
    file = UploadedFile(
        invoice.file_path, invoice.file_name, invoice.sha256, invoice.size, invoice.layout
    )
    parameters = {"file": asdict(file), "invoice_id": invoice.id}
    run = await _open(session, parameters, total=invoice.size, by=by, at=at)
    if starts:
        runs.start(session, run, workflow=WORKFLOW, at=at)
    return run


async def stop_carrier_import(session: AsyncSession, run_id: int) -> BulkRun:
    """This will stop a reading: nothing of it is written.

    Refuses one that has ended, be it that the audit of what was read goes on (ImportNotUnderWay).
    """
    run = await lock_carrier_run(session, run_id)
    if run.status not in UNDER_WAY or is_read(run):
        raise ImportNotUnderWay
    run.stop_requested = True
    session.add(run)
    return run


async def resume_carrier_import(session: AsyncSession, run_id: int, *, at: datetime) -> BulkRun:
    """This will have a stopped file read again, from its beginning: it is whole or nothing.

    Refuses a run that was not stopped (ImportNotStopped), a file that is no longer kept
    (CarrierFileForgotten), and one that was imported meanwhile.
    """
    run = await lock_carrier_run(session, run_id)
    if run.status != RunStatus.STOPPED:
        raise ImportNotStopped
    if not may_be_resumed(run):
        raise CarrierFileForgotten
    is_preview = bool(run.parameters.get("is_preview"))
    await check_new(session, run.parameters["file"]["sha256"], is_preview=is_preview)
    run.status, run.stop_requested = RunStatus.WAITING, False
    run.done = run.errors = 0
    run.started_at = run.finished_at = None
    session.add(run)
    runs.start(session, run, workflow=WORKFLOW, at=at, verb=Verb.RESTART)
    return run


def is_read(run: BulkRun) -> bool:
    """Whether there is an invoice, and only its audit is left."""
    return bool(run.parameters.get("invoice_id") or run.summary.get("invoice_id"))


def may_be_resumed(run: BulkRun) -> bool:
    """Whether a run was stopped and its file is still here."""
    return run.status == RunStatus.STOPPED and Path(run.parameters["file"]["path"]).exists()


async def carrier_run(session: AsyncSession, run_id: int) -> BulkRun:
    """This will read a run. Refuses one that is not of a carrier's file (RunNotFound)."""
    run = await session.get(BulkRun, run_id)
    if run is None or run.kind != KIND:
        raise RunNotFound
    return run


async def lock_carrier_run(session: AsyncSession, run_id: int) -> BulkRun:
    """This will read a run for changing it. Refuses as carrier_run does."""
    run = await runs.lock_run(session, run_id)
    if run.kind != KIND:
        raise RunNotFound
    return run


async def _open(
    session: AsyncSession,
    parameters: dict[str, Any],
    *,
    total: int,
    by: str,
    at: datetime,
    key: str = "",
) -> BulkRun:
    run = BulkRun(
        key=key or f"{KIND}/{uuid4().hex}", kind=KIND, business_date=local_date(at), total=total,
        parameters=parameters, requested_by=by, requested_at=at,
    )  # fmt: skip
    session.add(run)
    await session.flush()
    return run
