"""Contestations for programs: listed, made, read, and every command of its page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from sqlalchemy import RowMapping
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api.actions import add_commands
from api.attachment_routes import add_attachment_routes
from api.contestation_inputs import ACTIONS, MakeInput, ReceiveInput
from api.contestation_page import PLACE
from api.contestation_received import take_in
from api.contestations import Act, make
from api.dependencies import Db, Ip, Now, ReadSession, need
from api.once import NamedRequest
from models import contestations
from models.contestation_desks import is_by_hand
from models.contestation_facts import credits_found
from models.contestation_lists import ContestationFilter, select_contestations
from models.people import record
from models.received_contestations import received_of
from models.rows import rows_of
from rules.cases import Process
from rules.contestation import ContestationStage, Direction

router = APIRouter(tags=["contestations"])
ONE = "/api/contestations/{contestation_id}"
add_attachment_routes(router, PLACE)


@router.get("/api/contestations", dependencies=[need("contestations:see")])
async def list_contestations(
    session: ReadSession,
    stage: ContestationStage | None = None,
    carrier: str | None = None,
    direction: Direction | None = None,
    after: int = 0,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Contestations in the order in which they were made; go on with `after`."""
    statement = select_contestations(
        ContestationFilter(stage=stage, carrier=carrier, direction=direction)
    )
    number = statement.selected_columns["id"]
    most = max(1, min(limit, 500))
    rows = await rows_of(session, statement.where(number > after).order_by(number).limit(most))
    return [_plain(row) for row in rows]


@router.post("/api/contestations", status_code=201)
async def make_contestations(
    body: MakeInput, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, Any]:
    """Makes a draft for each invoice of these findings, or one of an invoice's above an amount."""
    deed = by.deed(at=now, ip=ip)

    async def make_all(session: AsyncSession) -> dict[str, Any]:
        made = [each.number for each in await make(session, body, by=by, at=now)]
        record(session, deed, "contestation.make", contestations=made)
        return {"contestation_ids": made}

    return await once.do(database, deed, make_all)


@router.post("/api/contestations/received", status_code=201)
async def receive(
    body: ReceiveInput, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, Any]:
    """Takes in a customer's contestation of one of our invoices; the protocol is given at once."""
    deed = by.deed(at=now, ip=ip)

    async def take(session: AsyncSession) -> dict[str, Any]:
        made, received = await take_in(session, body, deed)
        return {
            "contestation_id": made.number, "protocol": received.protocol,
            "answer_by": made.due_on, "claimed": str(made.claimed),
        }  # fmt: skip

    return await once.do(database, deed, take)


@router.get(ONE, dependencies=[need("contestations:see")])
async def read(contestation_id: int, session: ReadSession) -> dict[str, Any]:
    """A contestation with its items, credits found, protocols and corrections.

    `received`: the customer's side. `is_by_hand`: its letter is to be delivered by other means
    than ours, and no protocol says yet that it was.
    """
    found = await contestations.read_contestation(session, contestation_id)
    items = await contestations.every_item_of(session, contestation_id)
    is_received = found.direction == Direction.RECEIVED
    received = await received_of(session, contestation_id) if is_received else None
    contacts = await contestations.protocols_of(session, contestation_id)
    return {
        **_dumped(found),
        "received": _dumped(received) if received else None,
        "is_by_hand": not is_received and await is_by_hand(session, found, contacts),
        "items": [
            {
                **_dumped(item), "rule": finding.rule, "number": finding.number,
                "code": finding.code, "description": finding.description,
                "status": finding.status,
            }
            for item, finding in items
        ],
        "credits": [
            {**vars(each), "amount": str(each.amount), "issue_date": each.issue_date.isoformat()}
            for each in await credits_found(session, contestation_id)
        ],
        "protocols": list(map(_dumped, contacts)),
        "corrections": list(
            map(_dumped, await contestations.corrections_of(session, contestation_id))
        ),
    }  # fmt: skip


add_commands(router, ONE, Process.CONTESTATION, ACTIONS, act=Act)


def _dumped(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(mode="json")


def _plain(row: RowMapping) -> dict[str, Any]:
    """Amounts as text, as everywhere in JSON."""
    return {str(name): _told(value) for name, value in row.items()}


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
