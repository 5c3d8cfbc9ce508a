"""Promises to pay of a customer: a tab of the account, and the same as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.promises import NewPromise, make_promise, withdraw_promise
from api.account_frame import PATH, SeesAccounts, WorksAccounts, tab
from api.dependencies import Db, Now, Principal, ReadSession
from api.forms import Amount, Day, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.once import NamedRequest
from api.rendering import redirect
from api.table import Badge, FilterKind, Kind, Tone
from models.promises import (
    Promise,
    promise_in_force,
    select_all_promises,
    select_promises,
)
from models.rows import rows_of
from rules.promises import PromiseStatus

router = APIRouter(tags=["promises"])

#: Promises of one answer.
AT_ONCE = 100

STATES: dict[str, tuple[str, Tone]] = {
    PromiseStatus.MADE: (N_("Em vigor"), Tone.BLUE),
    PromiseStatus.KEPT: (N_("Cumprida"), Tone.GREEN),
    PromiseStatus.BROKEN: (N_("Não cumprida"), Tone.RED),
    PromiseStatus.WITHDRAWN: (N_("Retirada"), Tone.GREY),
}
PROMISES = Listing(
    columns=(
        Column("promised_on", N_("Para"), Kind.DAY),
        Column("amount", N_("Valor"), Kind.MONEY),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("made_at", N_("Quando"), Kind.MOMENT),
        Column("made_by", N_("Operador"), Kind.PERSON),
        Column("note", N_("Nota")),
    ),
    default_sort="-id",
    empty=N_("Este cliente ainda não prometeu nada."),
)


EVERY = Listing(
    columns=(Column("customer", N_("Cliente")), *PROMISES.columns),
    default_sort="-id",
    filters=(
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE,
            tuple((status, label) for status, (label, _) in STATES.items()),
        ),
        Filter("de", N_("Para o dia, de"), FilterKind.DAY),
        Filter("ate", N_("Até"), FilterKind.DAY),
    ),
    empty=N_("Nenhuma promessa."),
)  # fmt: skip


class PromiseInput(Input):
    """A promise; without an amount, of all that is overdue."""

    promised_on: Day
    amount: Amount | None = None
    note: str = Field(default="", max_length=300)


class PromiseView(BaseModel):
    """A promise as programs read it."""

    id: int
    customer_id: int
    promised_on: date
    amount: Decimal
    status: str
    note: str
    made_at: datetime
    made_by: str
    ended_at: datetime | None


@router.get(PATH + "/promessas", include_in_schema=False)
async def promises_page(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """The customer's promises, and the form of another."""
    return await _page(request, session, customer_id, by, blank(PromiseInput), now)


@router.post(PATH + "/promessas", include_in_schema=False)
async def promise_by_page(
    request: Request, customer_id: int, by: WorksAccounts, database: Db, now: Now
) -> Response:
    """Writes a promise down."""
    form = await submitted(request, PromiseInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                await _make(session, customer_id, form.value, by, now)
            path = f"/cobrancas/contas/{customer_id}/promessas"
            return redirect(request, path, N_("Promessa registrada: régua e contatos esperam."))
    async with database.read() as session:
        return await _page(request, session, customer_id, by, form, now)


@router.get("/cobrancas/promessas", include_in_schema=False)
async def every_promise(request: Request, _by: SeesAccounts, session: ReadSession) -> Response:
    """The promises of all customers: what is promised for today, what was not kept."""
    view = EVERY.view(request)
    statement = select_all_promises(
        status=view.text("situacao"), since=view.day("de"), until=view.day("ate")
    )
    return await view.answer(session, statement, "pages/accounts/every_promise.html",
                             present=_whose)  # fmt: skip


@router.post("/cobrancas/promessas/{promise_id:int}/retirada", include_in_schema=False)
async def withdraw_by_page(
    request: Request, promise_id: int, by: WorksAccounts, database: Db, now: Now
) -> Response:
    """Takes a promise back."""
    async with database.write() as session:
        promise = await _withdraw(session, promise_id, by, now)
    path = f"/cobrancas/contas/{promise.customer_id}/promessas"
    return redirect(request, path, N_("Promessa retirada: a cobrança segue."))


@router.post("/api/collections/customers/{customer_id}/promises", status_code=201)
async def promise(
    customer_id: int, body: PromiseInput, by: WorksAccounts, database: Db, now: Now,
    once: NamedRequest,
) -> PromiseView:  # fmt: skip
    """Writes a promise down; ladder and cadence wait until it is kept or broken."""

    async def make(session: AsyncSession) -> PromiseView:
        return _view(await _make(session, customer_id, body, by, now))

    return PromiseView(**await once.do(database, by.deed(at=now, ip=by.ip), make))


@router.get("/api/promises")
async def list_promises(
    _by: SeesAccounts,
    session: ReadSession,
    status: PromiseStatus | None = None,
    since: date | None = None,
    until: date | None = None,
    after: Annotated[int, Query(ge=0, le=10**15)] = 0,
) -> list[dict[str, Any]]:
    """Promises of all customers, 100 at once in their order; the next ones `after` the last."""
    statement = select_all_promises(status=status, since=since, until=until)
    wanted = statement.where(col(Promise.id) > after).order_by(col(Promise.id)).limit(AT_ONCE)
    return [
        {**row, "amount": str(row["amount"])} for row in await rows_of(session, wanted)
    ]  # fmt: skip


@router.post("/api/promises/{promise_id}/withdrawal")
async def withdraw(
    promise_id: int, by: WorksAccounts, database: Db, now: Now, once: NamedRequest
) -> PromiseView:
    """Takes a promise back that was written down by mistake."""

    async def take_back(session: AsyncSession) -> PromiseView:
        return _view(await _withdraw(session, promise_id, by, now))

    return PromiseView(**await once.do(database, by.deed(at=now, ip=by.ip), take_back))


async def _make(
    session: AsyncSession, customer_id: int, asked: PromiseInput, by: Principal, now: datetime
) -> Promise:
    new = NewPromise(asked.promised_on, asked.amount, asked.note)
    return await make_promise(session, customer_id, new, deed=by.deed(at=now, ip=by.ip))


async def _withdraw(
    session: AsyncSession, promise_id: int, by: Principal, now: datetime
) -> Promise:
    return await withdraw_promise(session, promise_id, deed=by.deed(at=now, ip=by.ip))


async def _page(
    request: Request,
    session: ReadSession,
    customer_id: int,
    by: Principal,
    form: Submitted[PromiseInput],
    now: datetime,
) -> Response:
    return await tab(
        request, session, customer_id, PROMISES, select_promises(customer_id), "promises",
        present=_row, by=by, now=now, form=form, status=form.status,
        may_act=by.may("collections.account:act"),
        in_force=await promise_in_force(session, customer_id),
        is_asked="nova" in request.query_params,
    )  # fmt: skip


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    label, tone = STATES[row["status"]]
    return {**row, "state": Badge(gettext(label), tone)}


def _whose(row: Mapping[str, Any]) -> dict[str, Any]:
    path = f"/cobrancas/contas/{row['customer_id']}/promessas"
    return {**_row(row), "href": path, "label": row["customer"]}


def _view(promise: Promise) -> PromiseView:
    return PromiseView.model_validate(promise.model_dump())
