"""Bureau records: the internal control of what stands at the credit bureau."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import outbox
from models.agreements import AgreementInvoice
from models.base import identity, instant, reference
from models.cases import Case
from rules.bureau import LIVE
from rules.cases import Process
from rules.refusals import Refusal


class BureauRecordNotFound(Refusal):
    message = "Este registro de SPC não existe."


class BureauRecord(SQLModel, table=True):
    """An invoice's time at the bureau, from the notice to the customer until it is removed."""

    __tablename__ = "bureau_records"
    __table_args__ = (
        Index("ix_bureau_records_stage", "stage", "invoice_id"),
        Index("ix_bureau_records_registered", "registered_at"),
        Index("ix_bureau_records_removed", "removed_at", "registered_at"),
    )

    id: int | None = identity()
    invoice_id: int = reference("invoices.id")
    customer_id: int = reference("customers.id")
    stage: str = Field(max_length=12)
    details: str = ""
    override_reason: str = ""
    added_by: str = Field(max_length=60)
    noticed_at: datetime = instant()
    proven_on: date | None = Field(
        default=None, description="when the notice was delivered by other means than ours"
    )
    proof: str = Field(default="", max_length=300)
    notice_message_id: int | None = reference("messages.id", nullable=True, index=False)
    registered_at: datetime | None = instant(None)
    expires_on: date
    conflict_since: datetime | None = instant(None)
    remove_by: date | None = None
    removed_at: datetime | None = instant(None)
    removed_by: str | None = Field(default=None, max_length=60)
    removal_details: str = ""

    @property
    def number(self) -> int:
        """The record's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


async def record_of(session: AsyncSession, record_id: int) -> BureauRecord:
    """This will read a record for changing it. Raises BureauRecordNotFound."""
    statement = select(BureauRecord).where(BureauRecord.id == record_id).with_for_update()
    record = (await session.exec(statement)).one_or_none()
    if record is None:
        raise BureauRecordNotFound
    return record


async def live_records(
    session: AsyncSession, invoice_ids: Sequence[int]
) -> dict[int, BureauRecord]:
    """The records of these invoices that have not ended, by invoice."""
    statement = select(BureauRecord).where(
        col(BureauRecord.invoice_id).in_(invoice_ids), col(BureauRecord.stage).in_(LIVE)
    )
    return {record.invoice_id: record for record in await session.exec(statement)}


async def tell_records_of(
    session: AsyncSession, agreement_id: int, *, news_id: str, at: datetime
) -> None:
    """This will have the records of an agreement's invoices, originals too, look again."""
    invoices = select(AgreementInvoice.invoice_id).where(
        AgreementInvoice.agreement_id == agreement_id
    )
    await _tell(session, col(BureauRecord.invoice_id).in_(invoices), news_id=news_id, at=at)


async def tell_records_of_customer(
    session: AsyncSession, customer_id: int, *, news_id: str, at: datetime
) -> None:
    """This will have the records of a customer look again."""
    of_customer = col(BureauRecord.customer_id) == customer_id
    await _tell(session, of_customer, news_id=news_id, at=at)


async def _tell(session: AsyncSession, which: Any, *, news_id: str, at: datetime) -> None:
    records = select(BureauRecord.id).where(which, col(BureauRecord.stage).in_(LIVE))
    statement = select(Case).where(
        Case.process == Process.BUREAU, col(Case.subject_id).in_(records)
    )
    for case in await session.exec(statement):
        outbox.tell_case(session, case, news_id=news_id, at=at)
