"""Orders to the credit bureau for programs: listed, sent in batches, answered one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import RowMapping
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.bureau_orders import answer_order, hand_out, send_again
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.documents import shown_document
from api.forms import Key
from api.inputs import Input
from api.older import AtOnce, Before
from api.once import NamedRequest
from models.bureau_orders import BureauOrder, select_orders
from models.rows import rows_of
from rules.bureau_orders import LONGEST_CODE, LONGEST_NOTE, BureauAnswer, OrderKind, OrderStatus

router = APIRouter(tags=["collections"])

See = Annotated[Principal, need("bureau:see")]
Act = Annotated[Principal, need("bureau:act")]
API = "/api/bureau/orders"


class AnswerInput(Input):
    """What the bureau said of an order; a refusal has its code."""

    accepted: bool
    code: str = Field(default="", max_length=LONGEST_CODE)
    note: str = Field(default="", max_length=LONGEST_NOTE)


@router.get(API)
async def list_orders(
    by: See, session: ReadSession, kind: OrderKind | None = None,
    status: OrderStatus | None = None, before: Before = None, limit: AtOnce = 200,
) -> list[dict[str, Any]]:  # fmt: skip
    """Orders, the newest first; the next ones come `before` the last."""
    key = col(BureauOrder.id)
    statement = select_orders(kind=kind, status=status).order_by(key.desc()).limit(limit)
    older = statement if before is None else statement.where(key < before)
    return [_told(row, by) for row in await rows_of(session, older)]


@router.post("/api/bureau/batches", status_code=201)
async def create_batch(
    by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, Any]:
    """Puts what waits into a batch, once. Refuses NothingToSend."""
    deed = by.deed(at=now, ip=ip)

    async def work(session: AsyncSession) -> dict[str, Any]:
        return {"batch": await hand_out(session, deed=deed)}

    batch = str((await once.do(database, deed, work))["batch"])
    async with database.read() as session:
        return {"batch": batch, "orders": [_told(row, by) for row in
                                           await of_batch(session, batch)]}  # fmt: skip


@router.get("/api/bureau/batches/{batch}")
async def read_batch(batch: str, by: See, session: ReadSession) -> list[dict[str, Any]]:
    """A batch once more; none of that name: empty."""
    return [_told(row, by) for row in await of_batch(session, batch)]


@router.post(API + "/{order_id}/answer")
async def create_answer(
    order_id: Key, asked: AnswerInput, by: Act, database: Db, now: Now, ip: Ip
) -> dict[str, Any]:
    """Writes down what the bureau said of an order; the same again changes nothing."""
    answer = BureauAnswer(order_id, asked.accepted, asked.code.strip(), asked.note.strip())
    async with database.write() as session:
        order = await answer_order(session, answer, deed=by.deed(at=now, ip=ip))
        return {"id": order.number, "status": order.status, "code": order.code}


@router.post(API + "/{order_id}/resend", status_code=201)
async def create_again(
    order_id: Key, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, Any]:
    """Asks once more for a removal that was refused."""
    deed = by.deed(at=now, ip=ip)

    async def work(session: AsyncSession) -> dict[str, Any]:
        made = await send_again(session, order_id, deed=deed)
        return {"id": made.number, "status": made.status}

    return await once.do(database, deed, work)


async def of_batch(session: AsyncSession, batch: str) -> Sequence[RowMapping]:
    """The orders of a batch; none of that name: nothing."""
    statement = select_orders(batch=batch or "-").order_by(col(BureauOrder.id))
    return await rows_of(session, statement)


def _told(row: RowMapping, by: Principal) -> dict[str, Any]:
    told = {**row, "amount": str(row["amount"])}
    return {**told, "document": shown_document(row["document"], by=by)}
