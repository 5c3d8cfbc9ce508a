"""Connections of a customer: tab 10 of the account, and the same as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.connections import set_by_hand
from activities.ladder_pauses import NewException, end_exception, except_contract
from api.account_frame import PATH, account
from api.account_tables import TABS
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.forms import Day, submitted
from api.inputs import Input
from api.ladder_forms import ACTIONS
from api.language import N_
from api.once import NamedRequest
from api.problems import problem_of
from api.rendering import page, redirect
from models import connection_lists
from models.colleagues import names_by_login
from models.connections import Connection
from models.people import Deed
from models.policies import load_policy
from rules.connections import ConnectionState
from rules.ladder_exceptions import ExceptionKind
from rules.ladder_steps import LadderPolicy
from rules.ladder_words import CONNECTION_KINDS, CONNECTION_STATES, REASONS, reason_of
from rules.provisioning import receives_until
from rules.refusals import Refusal

router = APIRouter(tags=["connections"])

Sees = Annotated[Principal, need("connections:see")]
Acts = Annotated[Principal, need("connections:act")]
TAB = "/conexoes"
TONES = {"active": "green", "reduced": "yellow", "blocked": "red"}
#: What each deed puts a connection into.
DEEDS = {
    "block": ConnectionState.BLOCKED,
    "unblock": ConnectionState.ACTIVE,
    "disconnect": ConnectionState.OFF,
}


class DeedInput(Input):
    """What is done to a connection by hand, and why; unblocking takes a reduction away too."""

    deed: Literal["block", "unblock", "disconnect"]
    reason: str = Field(min_length=1, max_length=200)


class ExceptionInput(Input):
    """No step of the ladder touches the contract before `until`."""

    kind: ExceptionKind = ExceptionKind.EXCEPTION
    until: Day
    reason: str = Field(min_length=1, max_length=300)


# --- pages ----------------------------------------------------------------------------------------


@router.get(PATH + TAB, include_in_schema=False)
async def connections_page(
    request: Request, customer_id: int, by: Sees, session: ReadSession, now: Now, today: Today
) -> Response:
    """Tab 10: the connections of each contract, and its exceptions."""
    return page(request, "pages/accounts/connections.html", now=now,
                **await _shown(session, customer_id, by, now, today))  # fmt: skip


@router.post(PATH + TAB + "/{connection_id:int}", include_in_schema=False)
async def set_by_page(
    request: Request, customer_id: int, connection_id: int, by: Acts, database: Db, now: Now,
    ip: Ip,
) -> Response:  # fmt: skip
    """Blocks, unblocks or disconnects."""
    form = await submitted(request, DeedInput)
    if form.value is None:
        return _told(request, customer_id, N_("Diga o motivo."))
    try:
        async with database.write() as session:
            await _set(session, connection_id, form.value, by, by.deed(at=now, ip=ip))
    except Refusal as refusal:
        return _told(request, customer_id, refusal)
    return _told(request, customer_id, N_("Conexão mudada: a rede é avisada."))


@router.post(PATH + TAB + "/contratos/{contract_id:int}/excecao", include_in_schema=False)
async def except_by_page(
    request: Request, customer_id: int, contract_id: int, by: Acts, database: Db, now: Now
) -> Response:
    """Leaves a contract alone until a day."""
    form = await submitted(request, ExceptionInput)
    if form.value is None:
        return _told(request, customer_id, N_("Informe até quando e por quê."))
    try:
        async with database.write() as session:
            await _except(session, contract_id, form.value, by, now)
    except Refusal as refusal:
        return _told(request, customer_id, refusal)
    return _told(request, customer_id, N_("Exceção gravada: a régua espera."))


@router.post(PATH + TAB + "/contratos/{contract_id:int}/excecao/fim", include_in_schema=False)
async def end_by_page(
    request: Request, customer_id: int, contract_id: int, by: Acts, database: Db, now: Now
) -> Response:
    """Ends a contract's exception today."""
    async with database.write() as session:
        await end_exception(session, contract_id, by=by.login, at=now)
    return _told(request, customer_id, N_("Exceção encerrada."))


# --- JSON -----------------------------------------------------------------------------------------


class ConnectionView(BaseModel):
    """A connection as it stands."""

    id: int
    contract_id: int
    kind: str
    state: str
    since: datetime
    reason: str
    by_hand: bool


@router.get("/api/customers/{customer_id}/connections", dependencies=[need("connections:see")])
async def list_connections(customer_id: int, session: ReadSession) -> list[ConnectionView]:
    """Every connection of a customer."""
    found = await connection_lists.connections_of_customer(session, customer_id)
    return [_view(each) for each in found]


@router.post("/api/connections/{connection_id}/deeds")
async def set_connection(
    connection_id: int, body: DeedInput, by: Acts, database: Db, now: Now, ip: Ip,
    once: NamedRequest,
) -> ConnectionView:  # fmt: skip
    """Blocks, unblocks or disconnects; refused while the ladder asks for the suspension, and before
    the law lets a debt cut a telecom service, but for `connections:override`."""
    deed = by.deed(at=now, ip=ip)

    async def set_state(session: AsyncSession) -> ConnectionView:
        return _view(await _set(session, connection_id, body, by, deed))

    return ConnectionView(**await once.do(database, deed, set_state))


@router.post("/api/contracts/{contract_id}/ladder-exception", status_code=201)
async def add_exception(
    contract_id: int, body: ExceptionInput, by: Acts, database: Db, now: Now, once: NamedRequest
) -> dict[str, int]:
    """Leaves a contract alone until a day; a release in confidence is given once in so many."""

    async def add(session: AsyncSession) -> dict[str, int]:
        return {"id": await _except(session, contract_id, body, by, now)}

    return await once.do(database, by.deed(at=now, ip=by.ip), add)


@router.delete("/api/contracts/{contract_id}/ladder-exception", status_code=204)
async def remove_exception(contract_id: int, by: Acts, database: Db, now: Now) -> None:
    """Ends a contract's exception today; without one, nothing."""
    async with database.write() as session:
        await end_exception(session, contract_id, by=by.login, at=now)


async def _set(
    session: AsyncSession, connection_id: int, body: DeedInput, by: Principal, deed: Deed
) -> Connection:
    return await set_by_hand(
        session, connection_id, DEEDS[body.deed], reason=body.reason,
        may_override=by.may("connections:override"), deed=deed,
    )  # fmt: skip


async def _except(
    session: AsyncSession, contract_id: int, body: ExceptionInput, by: Principal, now: datetime
) -> int:
    new = NewException(body.kind, body.until, body.reason)
    kept = await except_contract(
        session, contract_id, new, may_override=by.may("connections:override"), by=by.login, at=now
    )
    await session.flush()
    return kept.id or 0


async def _shown(
    session: ReadSession, customer_id: int, by: Principal, now: datetime, today: Today
) -> dict[str, Any]:
    contracts = await connection_lists.contracts_of(session, customer_id, today=today)
    policy = await load_policy(session, LadderPolicy())
    return {
        "whose": await account(session, customer_id, by=by, now=now),
        "tabs": TABS,
        "contracts": contracts,
        "actions": {action: label for action, (label, _, _) in ACTIONS.items()},
        "receives": {
            each.id: receives_until(
                each.kind, each.state, since=each.since, days=policy.incoming_days
            )
            for contract in contracts
            for each, _ in contract.connections
        },
        "states": CONNECTION_STATES,
        "tones": TONES,
        "kinds": CONNECTION_KINDS,
        "reasons": REASONS,
        "reason_of": reason_of,
        "may_act": by.may("connections:act"),
        "people": await names_by_login(session),
    }


def _told(request: Request, customer_id: int, message: str | Refusal) -> Response:
    path = PATH.format(customer_id=customer_id) + TAB
    if isinstance(message, Refusal):
        problem = problem_of(message)
        return redirect(request, path, problem.message, **problem.params)
    return redirect(request, path, message)


def _view(connection: Connection) -> ConnectionView:
    return ConnectionView.model_validate(connection.model_dump())
