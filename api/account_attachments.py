"""Attachments of a collection account: tab 5, and the same as JSON."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api.account_frame import SeesAccounts, WorksAccounts, tab
from api.attachment_routes import add_attachment_routes
from api.attachments import (
    ATTACHED,
    Place,
    UploadForm,
    attach_on_page,
    shown_attachment,
    upload_values,
)
from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession
from api.forms import Submitted, blank
from models.attachments import select_attachments
from models.customers import read_customer
from rules.cases import Process

router = APIRouter()

PLACE = Place(
    Process.COLLECTIONS,
    "/cobrancas/contas/{subject_id}/anexos",
    "/api/collections/customers/{subject_id}/attachments",
    "collections.account:see",
    "collections.account:act",
    read_customer,
)
PATH = PLACE.path.replace("subject_id", "customer_id")


@router.get(PATH, include_in_schema=False)
async def files(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """Tab 5: the files of this account."""
    return await _files_page(request, session, customer_id, by, blank(UploadForm), now)


@router.post(PATH, include_in_schema=False)
async def attach(
    request: Request, customer_id: int, by: WorksAccounts, database: Db, config: Config, now: Now,
    ip: Ip,
) -> Response:  # fmt: skip
    """Attaches a file, with what it is."""
    deed = by.deed(at=now, ip=ip)
    form, done = await attach_on_page(request, PLACE, customer_id, database, config, deed=deed)
    if done is not None:
        return done
    async with database.read() as session:
        return await _files_page(request, session, customer_id, by, form, now)


async def _files_page(
    request: Request,
    session: AsyncSession,
    customer_id: int,
    by: Principal,
    form: Submitted[UploadForm],
    now: datetime,
) -> Response:
    path = PLACE.at(customer_id)
    return await tab(
        request, session, customer_id, ATTACHED, select_attachments(PLACE.subject(customer_id)),
        "attachments", present=lambda row: shown_attachment(row, path=path), by=by, now=now,
        form=form, status=form.status, may_act=by.may(PLACE.act), **upload_values(),
    )  # fmt: skip


add_attachment_routes(router, PLACE)
