"""Bureau records: the internal control of what stands at the credit bureau."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import identity, instant, reference


class BureauRecord(SQLModel, table=True):
    """An invoice's time at the bureau, from the notice to the customer until it is removed."""

    __tablename__ = "bureau_records"
    __table_args__ = (Index("ix_bureau_records_stage", "stage", "invoice_id"),)

    id: int | None = identity()
    invoice_id: int = reference("invoices.id")
    customer_id: int = reference("customers.id")
    stage: str = Field(max_length=12)
    details: str = ""
    override_reason: str = ""
    added_by: str = Field(max_length=60)
    noticed_at: datetime = instant()
    notice_message_id: int | None = reference("messages.id", nullable=True, index=False)
    registered_at: datetime | None = instant(None)
    expires_on: date
    conflict_since: datetime | None = instant(None)
    remove_by: date | None = None
    removed_at: datetime | None = instant(None)
    removed_by: str | None = Field(default=None, max_length=60)
    removal_details: str = ""
