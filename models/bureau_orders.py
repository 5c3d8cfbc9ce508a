"""Orders to the credit bureau, as they are kept, handed out and answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Index, Select
from sqlalchemy import case as sql_case
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, money, reference
from models.bureau import BureauRecord
from models.contested import contested_invoices
from models.customer_marks import is_marked_since
from models.customers import Customer
from models.folding import holds
from models.invoices import Invoice
from rules.bureau import RecordStage
from rules.bureau_orders import BureauOrderNotFound, OrderKind, OrderStatus
from rules.panels import InvoiceStatus


class BureauOrder(SQLModel, table=True):
    """One request to the bureau about a record; refused ones stay, and another takes their place.

    `code` and `note` are the bureau's own words.
    """

    __tablename__ = "bureau_orders"
    __table_args__ = (Index("ix_bureau_orders_status", "status", "id"),)

    id: int | None = identity()
    record_id: int = reference("bureau_records.id")
    kind: str = Field(max_length=8)
    status: str = Field(default=OrderStatus.WAITING, max_length=8)
    amount: Decimal = money()
    batch: str = Field(default="", max_length=40, index=True)
    made_at: datetime = instant()
    sent_at: datetime | None = instant(None)
    answered_at: datetime | None = instant(None)
    answered_by: str | None = Field(default=None, max_length=60)
    code: str = Field(default="", max_length=20)
    note: str = Field(default="", max_length=300)

    @property
    def number(self) -> int:
        """The order's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


async def lock_order(session: AsyncSession, order_id: int) -> BureauOrder:
    """This will read an order for changing it. Raises BureauOrderNotFound."""
    statement = select(BureauOrder).where(BureauOrder.id == order_id).with_for_update()
    order = (await session.exec(statement)).one_or_none()
    if order is None:
        raise BureauOrderNotFound(order=order_id)
    return order


async def newest_order(
    session: AsyncSession, record_id: int, kind: OrderKind
) -> BureauOrder | None:
    """The newest order of a kind about a record; None: it was never asked for."""
    statement = select(BureauOrder).where(
        BureauOrder.record_id == record_id, BureauOrder.kind == kind
    )
    ordered = statement.order_by(col(BureauOrder.id).desc()).limit(1).with_for_update()
    return (await session.exec(ordered)).one_or_none()


def select_orders(
    *, kind: str | None = None, status: str | None = None, batch: str | None = None,
    search: str | None = None,
) -> Select[Any]:  # fmt: skip
    """Orders with record, invoice and customer, as the list shows them."""
    own = ("id", "record_id", "kind", "status", "amount", "batch", "made_at", "sent_at",
           "answered_at", "answered_by", "code", "note")  # fmt: skip
    number = sql_case((col(Invoice.number) != "", col(Invoice.number)), else_=col(Invoice.code))
    statement: Any = (
        select_columns(
            *(col(getattr(BureauOrder, name)).label(name) for name in own),
            col(Invoice.id).label("invoice_id"), number.label("invoice"),
            col(Invoice.due_date).label("due_date"), col(BureauRecord.remove_by).label("remove_by"),
            col(Customer.id).label("customer_id"), col(Customer.name).label("customer"),
            col(Customer.document).label("document"), col(Customer.uf).label("uf"),
        )
        .join(BureauRecord, col(BureauRecord.id) == col(BureauOrder.record_id))
        .join(Invoice, col(Invoice.id) == col(BureauRecord.invoice_id))
        .join(Customer, col(Customer.id) == col(BureauRecord.customer_id))
    )  # fmt: skip
    for column, wanted in ((BureauOrder.kind, kind), (BureauOrder.status, status),
                           (BureauOrder.batch, batch)):  # fmt: skip
        if wanted:
            statement = statement.where(col(column) == wanted)
    if search:
        named = holds(Customer.name, search)
        statement = statement.where(named | (number == search))
    return statement  # type: ignore[no-any-return]


async def is_any_waiting(session: AsyncSession) -> bool:
    """Whether an order waits for the next batch."""
    waiting = select(BureauOrder.id).where(BureauOrder.status == OrderStatus.WAITING).limit(1)
    return (await session.exec(waiting)).first() is not None


async def orders_to_send(session: AsyncSession) -> Sequence[tuple[BureauOrder, Invoice]]:
    """What nobody sent yet, in order, for sending it, with the invoice it is about.

    An inclusion only while its record holds: one that was paid or contested a moment ago may not
    have been looked at yet. Of who was marked since the notice it waits until that is taken back.
    """
    holds = (
        (col(BureauRecord.stage) == RecordStage.REGISTERED)
        & col(Invoice.status).not_in((InvoiceStatus.SETTLED, InvoiceStatus.CANCELLED))
        & col(Invoice.id).not_in(contested_invoices())
        & ~is_marked_since(col(BureauRecord.customer_id), col(BureauRecord.noticed_at))
    )
    statement = (
        select(BureauOrder, Invoice)
        .join(BureauRecord, col(BureauRecord.id) == col(BureauOrder.record_id))
        .join(Invoice, col(Invoice.id) == col(BureauRecord.invoice_id))
        .where(BureauOrder.status == OrderStatus.WAITING)
        .where((col(BureauOrder.kind) != OrderKind.INCLUDE) | holds)
        .order_by(col(BureauOrder.id))
    )
    return (await session.exec(statement.with_for_update(of=cast(Any, BureauOrder)))).all()
