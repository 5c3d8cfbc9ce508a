"""Notices before bureau records: what became of each, and which states want proof of delivery."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import Select, case, func, literal
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bureau import BureauRecord
from models.cases import Case, is_case_of
from models.customers import Customer
from models.folding import holds
from models.invoices import Invoice
from models.messages import Message
from models.notices import notice_of
from models.policies import flagged_states
from rules.bureau import RecordStage
from rules.bureau_notices import GivenNotice, NoticeTold, counted
from rules.business_days import at_local_time
from rules.cases import Process
from rules.messages import MessageStatus, NoticeState
from rules.policies import BUREAU_PROOF

NOTICE = "bureau_notice"
NOON = time(12)


async def counted_notice(
    session: AsyncSession, own: Case, record: BureauRecord
) -> tuple[NoticeState, datetime | None]:
    """What a record's notice is worth by its customer's state, and from when its period runs."""
    state, sent_at = await notice_of(session, own, NOTICE)
    uf = select(Customer.uf).where(Customer.id == record.customer_id)
    wants_proof = (await session.exec(uf)).one() in await flagged_states(session, BUREAU_PROOF)
    proven_at = at_local_time(record.proven_on, at=NOON) if record.proven_on else None
    given = GivenNotice(state, sent_at, await _delivered_at(session, own), proven_at)
    return counted(given, wants_proof=wants_proof)


async def _delivered_at(session: AsyncSession, own: Case) -> datetime | None:
    """When the first copy of the notice was delivered, as its provider told."""
    statement = select(func.min(Message.delivered_at)).where(
        Message.case_id == own.id, Message.purpose == NOTICE,
        Message.status == MessageStatus.DELIVERED,
    )  # fmt: skip
    return (await session.exec(statement)).one()


def select_notices(*, search: str | None, told: str | None) -> Select[Any]:
    """Records that wait for their notice's period, with what became of the notice."""
    number = case((col(Invoice.number) != "", col(Invoice.number)), else_=col(Invoice.code))
    statement: Any = (
        select_columns(
            col(BureauRecord.id).label("id"), col(BureauRecord.noticed_at).label("noticed_at"),
            col(BureauRecord.proven_on).label("proven_on"), col(BureauRecord.proof).label("proof"),
            col(BureauRecord.added_by).label("added_by"), col(Invoice.id).label("invoice_id"),
            number.label("invoice"), col(Invoice.open_amount).label("amount"),
            col(Customer.id).label("customer_id"), col(Customer.name).label("customer"),
            col(Customer.uf).label("uf"), col(Case.id).label("case_id"),
            col(Case.next_kind).label("next_kind"), col(Case.next_at).label("next_at"),
            _told().label("told"),
        )
        .join(Invoice, col(Invoice.id) == col(BureauRecord.invoice_id))
        .join(Customer, col(Customer.id) == col(BureauRecord.customer_id))
        .join(Case, is_case_of(Process.BUREAU, BureauRecord.id))
        .where(col(BureauRecord.stage) == RecordStage.NOTICED)
    )  # fmt: skip
    if search:
        named = holds(Customer.name, search)
        statement = statement.where(named | (number == search))
    if told:
        statement = statement.where(_told() == told)
    return statement  # type: ignore[no-any-return]


def _told() -> Any:
    """Of several copies what is best."""
    return case(
        (col(BureauRecord.proven_on).is_not(None), literal(str(NoticeTold.PROVEN))),
        (_has(MessageStatus.DELIVERED), literal(str(NoticeTold.DELIVERED))),
        (_has(MessageStatus.SENT), literal(str(NoticeTold.SENT))),
        (_has(MessageStatus.QUEUED, MessageStatus.SENDING), literal(str(NoticeTold.WAITING))),
        else_=literal(str(NoticeTold.LOST)),
    )


def _has(*statuses: MessageStatus) -> Any:
    copy = select_columns(col(Message.id)).where(
        col(Message.case_id) == col(Case.id), col(Message.purpose) == NOTICE,
        col(Message.status).in_(statuses),
    )  # fmt: skip
    return copy.correlate(Case).exists()
