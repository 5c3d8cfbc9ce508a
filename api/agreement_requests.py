"""Agreements that wait for a second person: the list, one of them, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import Client

from activities.agreement_requests import (
    askers_of,
    check_decision,
    note_approval,
    refuse_request,
)
from activities.agreements import preview
from api.agreement_form import AgreementInput, to_command
from api.agreements import SeesAgreements
from api.commands import command
from api.dependencies import Db, Engine, Now, Principal, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.rendering import page, redirect
from api.table import Badge, FilterKind, Kind, Tone
from models.agreement_rules import AgreementRequest, select_requests
from models.colleagues import names_by_login
from models.customers import Customer
from models.database import Database
from models.people import Deed
from rules.agreement_requests import AgreementRequestNotFound, RequestStatus
from rules.cases import Process

router = APIRouter(include_in_schema=False)

Approves = Annotated[Principal, need("agreements:approve")]
PATH = "/cobrancas/pedidos-de-acordo"
STATES: dict[str, tuple[str, Tone]] = {
    RequestStatus.WAITING: (N_("À espera"), Tone.YELLOW),
    RequestStatus.APPROVED: (N_("Aprovado"), Tone.GREEN),
    RequestStatus.REFUSED: (N_("Recusado"), Tone.RED),
}
REQUESTS = Listing(
    columns=(
        Column("customer", N_("Cliente")),
        Column("asked_at", N_("Quando"), Kind.MOMENT),
        Column("asked_by", N_("Operador"), Kind.PERSON),
        Column("principal", N_("Principal"), Kind.MONEY),
        Column("total", N_("Total"), Kind.MONEY),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("decided_by", N_("Decidido por"), Kind.PERSON),
    ),
    default_sort="-id",
    filters=(
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE,
            tuple((status, label) for status, (label, _) in STATES.items()),
        ),
    ),
    empty=N_("Nenhum acordo espera por aprovação."),
)  # fmt: skip


class RefusalInput(Input):
    """Why not."""

    reason: str = Field(default="", max_length=300)


@router.get(PATH)
async def requests_page(request: Request, _by: SeesAgreements, session: ReadSession) -> Response:
    """What was asked, the newest first."""
    view = REQUESTS.view(request)
    statement = select_requests(status=view.text("situacao"))
    return await view.answer(session, statement, "pages/agreements/requests.html", present=_row)


@router.get(PATH + "/{request_id:int}")
async def request_page(
    request: Request, request_id: int, by: SeesAgreements, session: ReadSession, now: Now
) -> Response:
    """One of them: what it would be, and by what it passes the limit."""
    return await _page(request, session, request_id, blank(RefusalInput), by=by, now=now)


@router.post(PATH + "/{request_id:int}/aprovacao")
async def approve_on_page(
    request: Request, request_id: int, by: Approves, database: Db, engine: Engine, now: Now
) -> Response:
    """Makes the agreement, with both names on it."""
    made = await approve_request(database, engine, request_id, by.deed(at=now, ip=by.ip))
    path = f"/cobrancas/acordos/{made.agreement_id}"
    return redirect(request, path, N_("Acordo %(number)s efetivado."), number=made.agreement_id)


@router.post(PATH + "/{request_id:int}/recusa")
async def refuse_on_page(
    request: Request, request_id: int, by: Approves, database: Db, now: Now
) -> Response:
    """Refuses it, with a reason."""
    form = await submitted(request, RefusalInput)
    if form.value:
        with form.refusals():
            deed = by.deed(at=now, ip=by.ip)
            async with database.write() as session:
                await refuse_request(session, request_id, reason=form.value.reason, deed=deed)
            return redirect(request, PATH, N_("Pedido recusado."))
    async with database.read() as session:
        return await _page(request, session, request_id, form, by=by, now=now)


async def approve_request(
    database: Database, engine: Client, request_id: int, deed: Deed
) -> AgreementRequest:
    """This will make the agreement once, however often it is tried; then the request is over.

    Refuses who asked for it, and AgreementRequestNotFound.
    """
    async with database.read() as session:
        request = await found_request(session, request_id)
        await check_decision(session, request, deed=deed)
    asked = to_command(AgreementInput.model_validate(request.form), by=request.asked_by, ip=deed.ip)
    made = await command(
        engine, database, process=Process.COLLECTIONS, subject_id=request.customer_id,
        update="make_agreement", argument=replace(asked, approved_by=deed.by),
        command_id=f"agreement-request/{request_id}",
    )  # fmt: skip
    async with database.write() as session:
        return await note_approval(
            session, request_id, agreement_id=made["agreement_id"], deed=deed
        )


async def found_request(session: AsyncSession, request_id: int) -> AgreementRequest:
    """This will read a request. Refuses AgreementRequestNotFound."""
    request = await session.get(AgreementRequest, request_id)
    if request is None:
        raise AgreementRequestNotFound
    return request


async def _page(
    request: Request,
    session: AsyncSession,
    request_id: int,
    form: Submitted[RefusalInput],
    *,
    by: Principal,
    now: datetime,
) -> Response:
    asked = await found_request(session, request_id)
    wanted = to_command(AgreementInput.model_validate(asked.form), by=asked.asked_by)
    is_waiting, priced = asked.status == RequestStatus.WAITING, None
    if is_waiting:
        with form.refusals():  # what was paid meanwhile may leave nothing to divide
            priced = await preview(session, wanted, customer_id=asked.customer_id)
    label, tone = STATES[asked.status]
    return page(
        request, "pages/agreements/request.html", status=form.status, now=now, asked=asked,
        people=await names_by_login(session),
        customer=await session.get_one(Customer, asked.customer_id), wanted=wanted, form=form,
        priced=priced, beyond=beyond_of(asked), state=Badge(gettext(label), tone),
        may_decide=is_waiting and by.may("agreements:approve")
        and by.login not in await askers_of(session, asked, at=now),
    )  # fmt: skip


def beyond_of(request: AgreementRequest) -> list[str]:
    """What of it passes the limit, in the reader's language."""
    return [gettext(each["message"], **each["params"]) for each in request.excess["told"]]


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    label, tone = STATES[row["status"]]
    return {
        **row, "state": Badge(gettext(label), tone), "href": f"{PATH}/{row['id']}",
        "label": row["customer"],
    }  # fmt: skip
