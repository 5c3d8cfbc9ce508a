"""What people ask of carriers' files: import one, stop it, audit an invoice anew."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_requests import ImportNotUnderWay, NoFileGiven
from activities.import_work import UploadedFile
from models import runs
from models.bulk import BulkRun
from models.carrier_invoices import CarrierInvoice, check_new
from models.carriers import CarrierAccount, CarrierAccountNotRegistered
from rules.business_days import local_date
from rules.refusals import Refusal
from rules.runs import UNDER_WAY, RunNotFound

KIND = "carrier-file"
WORKFLOW = "CarrierInvoiceImport"


class CarrierFileGone(Refusal):
    message = "O arquivo desta fatura já não é guardado: não há o que auditar de novo."


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
    await check_new(session, file.sha256)
    parameters: dict[str, Any] = {"file": asdict(file), "is_preview": is_preview}
    if company_id is not None:
        parameters["company_id"] = company_id
    run = await _open(session, parameters, total=file.size, by=by, at=at, key=key)
    if starts:
        runs.start(session, run, workflow=WORKFLOW, at=at)
    return run


async def begin_audit(
    session: AsyncSession, invoice: CarrierInvoice, *, by: str, at: datetime, starts: bool = True
) -> BulkRun:
    """This will have an invoice audited anew, by its agreement as it is now.

    Findings that somebody has acted on stay. Refuses CarrierFileGone.
    """
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
    """This will stop an import: nothing of it is kept. Refuses ImportNotUnderWay."""
    run = await lock_carrier_run(session, run_id)
    if run.status not in UNDER_WAY:
        raise ImportNotUnderWay
    run.stop_requested = True
    session.add(run)
    return run


def check_sender(run: BulkRun, account: CarrierAccount) -> None:
    """This will refuse a client's file of another company, as of an account that is not there."""
    if run.parameters.get("company_id") not in {None, account.customer_id}:
        raise CarrierAccountNotRegistered(number=account.number)


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
