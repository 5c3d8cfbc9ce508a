"""A carrier's invoice replaced by the file in which its carrier issued it anew."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.carrier_requests import begin_replacement
from activities.contestation_invoices import replace_by_known
from activities.import_work import UploadedFile
from api.carrier_imports import CarrierRunView, view_of
from api.carrier_invoice_page import invoice_shown
from api.carrier_invoices import Act
from api.carrier_json import CarrierInvoiceView
from api.dependencies import Config, Db, Ip, Now
from api.forms import Key, submitted
from api.import_uploads import keep_uploads
from api.inputs import Input
from api.language import N_
from api.once import NamedRequest
from api.rendering import redirect
from models.bulk import BulkRun
from models.carrier_invoices import invoice_of
from models.people import Deed, record
from models.sight import seen_company

router = APIRouter(tags=["carriers"])

REASON = 300


class ReplacementInput(Input):
    """Why another file takes an invoice's place."""

    reason: str = Field(min_length=1, max_length=REASON)


class KnownReplacementInput(ReplacementInput):
    """Which invoice that is here takes an invoice's place, and why."""

    by_id: Key


async def replace(
    session: AsyncSession, invoice_id: int, file: UploadedFile | None, *, reason: str, deed: Deed
) -> BulkRun:
    """This will have an invoice replaced whole by a file; nothing changes before that was read."""
    invoice = await invoice_of(session, invoice_id)
    run = await begin_replacement(
        session, invoice, file, reason=reason, by=deed.by, at=deed.at, company_id=seen_company()
    )
    record(
        session, deed, "carrier_invoice.replace", subject=f"carrier_invoice/{invoice_id}",
        run=run.number, file=file.name if file else "", reason=reason,
    )  # fmt: skip
    return run


@router.post("/operadoras/faturas/{invoice_id:int}/substituicao", include_in_schema=False)
async def replace_on_page(
    request: Request, by: Act, database: Db, config: Config, now: Now, ip: Ip, invoice_id: int
) -> Response:
    """Begin the replacement by the file that was sent."""
    async with request.form() as sent:  # closes the file that came with it
        form = await submitted(request, ReplacementInput)
        if form.value:
            with form.refusals():
                async with (
                    keep_uploads(sent.getlist("files")[:1], config) as kept,
                    database.write() as session,
                ):
                    run = await replace(
                        session, invoice_id, kept.first, reason=form.value.reason,
                        deed=by.deed(at=now, ip=ip),
                    )  # fmt: skip
                return redirect(request, f"/operadoras/importacoes/{run.id}")
    async with database.read() as session:
        return await invoice_shown(request, by, session, invoice_id, replacement=form)


@router.post("/operadoras/faturas/{invoice_id:int}/substituida", include_in_schema=False)
async def replace_by_known_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, invoice_id: int
) -> Response:
    """Have another invoice of the month, which is here already, count in this one's place."""
    form = await submitted(request, KnownReplacementInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                await replace_by_known(
                    session, invoice_id, form.value.by_id, reason=form.value.reason,
                    deed=by.deed(at=now, ip=ip),
                )  # fmt: skip
            told = N_("Fatura substituída: vale a outra.")
            return redirect(request, f"/operadoras/faturas/{invoice_id}", told)
    async with database.read() as session:
        return await invoice_shown(request, by, session, invoice_id, known=form)


@router.put("/api/carrier-invoices/{invoice_id}/replaced-by")
async def replace_by_known_invoice(
    invoice_id: int, asked: KnownReplacementInput, by: Act, database: Db, now: Now, ip: Ip
) -> CarrierInvoiceView:
    """Have another invoice of the same account and month, which is here, count in this one's place.

    Refused as a replacement by a file is.
    """
    async with database.write() as session:
        old = await replace_by_known(
            session, invoice_id, asked.by_id, reason=asked.reason, deed=by.deed(at=now, ip=ip)
        )
    return CarrierInvoiceView.model_validate(old.model_dump())


@router.post("/api/carrier-invoices/{invoice_id}/replacement", status_code=202)
async def replace_carrier_invoice(
    invoice_id: int,
    by: Act,
    database: Db,
    config: Config,
    now: Now,
    ip: Ip,
    *,
    file: Annotated[UploadFile, File(description="the invoice as its carrier issued it anew")],
    reason: Annotated[str, Form(min_length=1, max_length=REASON)],
    once: NamedRequest,
) -> CarrierRunView:
    """Replace an invoice whole by another file of it; follow it at /api/carrier-files/{id}.

    The old one is kept and counts no more. Refused: a preview, an invoice of which the carrier
    granted something in a contestation, a file of another account or month.
    """
    deed = by.deed(at=now, ip=ip)
    async with keep_uploads([file], config) as kept:
        answer = await kept.begin_once(
            once, database, deed,
            lambda session: replace(session, invoice_id, kept.first, reason=reason, deed=deed),
            partial(view_of, now=now),
        )  # fmt: skip
    return CarrierRunView.model_validate(answer)
