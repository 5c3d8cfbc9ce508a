"""Requests to anonymise customers (LGPD): asked, waited for, withdrawn. Pages and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.anonymisation import ask_anonymisation
from api.commands import command
from api.dependencies import Db, Engine, Ip, Now, Principal, ReadSession, need
from api.forms import submitted
from api.inputs import Input
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.older import AtOnce, Before
from api.once import CommandId, NamedRequest
from api.personal_data import PAGE, customer_page
from api.rendering import redirect
from api.table import Badge, FilterKind, Kind, Tone
from models import contract_lists
from models.anonymisations import Anonymisation, select_requests
from models.customers import read_customer
from models.rows import rows_of
from rules import words
from rules.anonymisation import (
    AnonymisationNotConfirmed,
    AnonymisationNotFound,
    AnonymisationStage,
    WithdrawAnonymisation,
)
from rules.cases import Process

router = APIRouter(tags=["privacy"])

See = Annotated[Principal, need("privacy:see")]
Act = Annotated[Principal, need("privacy:act")]

STAGES = words.STAGES[Process.ANONYMISATION]
TONES = {
    AnonymisationStage.WAITING: Tone.BLUE,
    AnonymisationStage.HELD: Tone.YELLOW,
    AnonymisationStage.DONE: Tone.GREEN,
    AnonymisationStage.WITHDRAWN: Tone.GREY,
}
BASES = {"request": N_("Pedido"), "retention": N_("Prazo vencido")}
REQUESTS = Listing(
    columns=(
        Column("label", N_("Cliente")),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("waits_until", N_("Guardar até"), Kind.DAY),
        Column("why", N_("Motivo")),
        Column("asked_at", N_("Pedido em"), Kind.MOMENT),
        Column("asked_by", N_("Por"), Kind.PERSON),
        Column("ended_at", N_("Encerrado em"), Kind.MOMENT),
    ),
    default_sort="-id",
    filters=(
        Filter("busca", N_("Cliente")),
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE, tuple(STAGES.items()), blank=N_("Todas")
        ),
    ),
    empty=N_("Ninguém pediu para ser anonimizado."),
)


class AnonymisationInput(Input):
    """A request; `wait`: should the law still have the data kept, until it no longer does."""

    reason: str = Field(min_length=1, max_length=300)
    wait: bool = False


class AnonymisationForm(BaseModel):
    """The same as it is typed; the customer's code, typed again, says that it is meant."""

    reason: str = Field(default="", max_length=300)
    wait: bool = False
    confirmation: str = Field(default="", max_length=40)


class WithdrawalInput(Input):
    """Why a request is taken back."""

    reason: str = Field(min_length=1, max_length=300)
    seen_version: int | None = None


class AnonymisationView(BaseModel):
    """A request as programs read it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    customer_id: int
    basis: str
    stage: str
    waits_until: date | None
    asked_at: datetime
    asked_by: str
    ended_at: datetime | None
    ended_by: str | None


@router.get("/pessoas/privacidade", include_in_schema=False)
async def requests_page(request: Request, by: See, session: ReadSession) -> Response:
    """The requests, and the way to a customer's data."""
    view = REQUESTS.view(request)
    asked = request.query_params.get("cliente", "").strip()[:100]
    found = await contract_lists.customers_like(session, asked) if asked else []
    statement = select_requests(view.text("situacao"), view.text("busca"))
    return await view.answer(
        session, statement, "pages/anonymisation/requests.html", present=_shown, asked=asked,
        found=found,
    )  # fmt: skip


@router.post(PAGE + "/anonimizacao", include_in_schema=False)
async def ask_on_page(
    request: Request, customer_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Begins a customer's anonymisation."""
    form = await submitted(request, AnonymisationForm)
    if form.value:
        with form.refusals():
            said = form.value
            async with database.write() as session:
                await _check_confirmed(session, customer_id, said.confirmation)
                await ask_anonymisation(
                    session, customer_id, reason=said.reason, wait=said.wait,
                    deed=by.deed(at=now, ip=ip),
                )  # fmt: skip
            asked = N_("Pedido registrado: os dados são substituídos assim que a lei deixar.")
            return redirect(request, request.url.path.rpartition("/")[0], asked)
    async with database.read() as session:
        return await customer_page(request, session, customer_id, form, by=by, now=now)


@router.post(
    "/pessoas/privacidade/pedidos/{anonymisation_id:int}/retirada", include_in_schema=False
)
async def withdraw_on_page(
    request: Request, anonymisation_id: int, by: Act, database: Db, engine: Engine
) -> Response:
    """Takes a request back."""
    form = await submitted(request, AnonymisationForm)
    async with database.read() as session:
        known = await _request(session, anonymisation_id)
    told = WithdrawAnonymisation(by.login, form.value.reason if form.value else "", by.ip)
    await command(
        engine, database, process=Process.ANONYMISATION, subject_id=anonymisation_id,
        update="withdraw", argument=told,
    )  # fmt: skip
    back = f"/pessoas/privacidade/clientes/{known.customer_id}"
    return redirect(request, back, N_("Pedido de anonimização retirado."))


@router.get("/api/anonymisations", dependencies=[need("privacy:see")])
async def list_requests(
    session: ReadSession,
    stage: AnonymisationStage | None = None,
    before: Before = None,
    limit: AtOnce = 200,
) -> list[dict[str, Any]]:
    """Requests, the newest first; the next ones come `before` the last."""
    key = col(Anonymisation.id)
    statement = select_requests(stage).order_by(key.desc()).limit(limit)
    older = statement if before is None else statement.where(key < before)
    return [dict(row) for row in await rows_of(session, older)]


@router.get("/api/anonymisations/{anonymisation_id}", dependencies=[need("privacy:see")])
async def show(session: ReadSession, anonymisation_id: int) -> AnonymisationView:
    """One request."""
    return AnonymisationView.model_validate(await _request(session, anonymisation_id))


@router.post("/api/customers/{customer_id}/anonymisation", status_code=201)
async def ask(
    customer_id: int,
    asked: AnonymisationInput,
    by: Act,
    database: Db,
    now: Now,
    ip: Ip,
    once: NamedRequest,
) -> dict[str, Any]:
    """Begins a customer's anonymisation; what stands against it is refused, with the reason."""
    deed = by.deed(at=now, ip=ip)

    async def work(session: AsyncSession) -> dict[str, Any]:
        made = await ask_anonymisation(
            session, customer_id, reason=asked.reason, wait=asked.wait, deed=deed
        )
        return AnonymisationView.model_validate(made).model_dump()

    return await once.do(database, deed, work)


@router.post("/api/anonymisations/{anonymisation_id}/withdrawal")
async def withdraw(
    anonymisation_id: int,
    asked: WithdrawalInput,
    by: Act,
    database: Db,
    engine: Engine,
    command_id: CommandId = None,
) -> dict[str, Any]:
    """Takes a request back; one that was carried out stays carried out."""
    async with database.read() as session:
        await _request(session, anonymisation_id)
    return await command(
        engine, database, process=Process.ANONYMISATION, subject_id=anonymisation_id,
        update="withdraw", argument=WithdrawAnonymisation(by.login, asked.reason, by.ip),
        command_id=command_id, seen_version=asked.seen_version,
    )  # fmt: skip


async def _request(session: AsyncSession, anonymisation_id: int) -> Anonymisation:
    found = await session.get(Anonymisation, anonymisation_id)
    if found is None:
        raise AnonymisationNotFound
    return found


async def _check_confirmed(session: AsyncSession, customer_id: int, typed: str) -> None:
    customer = await read_customer(session, customer_id)
    if typed.strip() != customer.code:
        raise AnonymisationNotConfirmed(code=customer.code)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    stage = AnonymisationStage(row["stage"])
    return {
        **row,
        "href": f"/pessoas/privacidade/clientes/{row['customer_id']}",
        "label": row["customer"],
        "state": Badge(gettext(STAGES[stage]), TONES[stage]),
        "why": gettext(BASES[row["basis"]]),
    }
