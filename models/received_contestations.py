"""What is known of a contestation only when it was received: protocol, bill, answer, refund."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import or_
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, money, reference
from models.cases import Case
from models.charges import Charge
from models.contestations import Contestation
from models.contested import contested_invoices
from models.invoices import Invoice
from rules.cases import Process
from rules.charges import PENDING, ChargeKind, ChargeStatus
from rules.contestation import ContestationStage
from rules.contestation_commands import ProtocolChannel
from rules.contestation_received import BillForm, RefundChannel
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.refunds import Overpaid

#: Of a customer's invoices, those that anybody still looks for.
MOST_OFFERED = 24


class ReceivedContestation(SQLModel, table=True):
    """The customer's side of a contestation of one of our invoices.

    `invoice_amount` is what the invoice was before; `bill_id` the bill of what is not contested,
    `ticket_id` the ticket by which it came.
    `cancelled` was unpaid and is not owed any more. `was_paid` came by `paid_on`, on each day of
    `paid_by_day` so much of it (none: all on `paid_on`), and goes back `times` times; `refund` is
    all that goes back, of it `correction` and `interest`, as of `refund_on` until it was given
    back. `given` is what went back by now; `awaits_index`: a month of the index was not known on
    that day, and what it adds goes back once it is.
    `told_on` is when the customer was told of the answer.
    """

    __tablename__ = "received_contestations"

    contestation_id: int = Field(foreign_key="contestations.id", primary_key=True)
    protocol: str = Field(max_length=20, unique=True)
    channel: str = Field(default=ProtocolChannel.PHONE, max_length=12)
    refund_channel: str = Field(default=RefundChannel.NEXT_INVOICE, max_length=12)
    bill_form: str = Field(default=BillForm.ELECTRONIC, max_length=12)
    invoice_amount: Decimal = money()
    bill_id: int | None = reference("invoices.id", nullable=True)
    ticket_id: int | None = reference("tickets.id", nullable=True)
    cancelled: Decimal = money(ZERO)
    was_paid: Decimal = money(ZERO)
    paid_on: date | None = None
    paid_by_day: dict[str, Any] = facts()
    times: int = 2
    correction: Decimal = money(ZERO)
    interest: Decimal = money(ZERO)
    refund: Decimal = money(ZERO)
    refund_on: date | None = None
    charge_id: int | None = reference("charges.id", nullable=True)
    told_on: date | None = None
    told_how: str = Field(default="", max_length=300)
    refunded_on: date | None = None
    receipt: str = Field(default="", max_length=120)
    given: Decimal = money(ZERO)
    awaits_index: bool = False

    @property
    def left(self) -> Decimal:
        """What is still to be given back."""
        return max(self.refund - self.given, ZERO)

    @property
    def overpaid(self) -> tuple[Overpaid, ...]:
        """What goes back; none when nothing does, or it was fixed before its day was kept."""
        if self.paid_on is None or not self.was_paid:
            return ()
        by_day = self.paid_by_day or {self.paid_on.isoformat(): str(self.was_paid)}
        return tuple(
            Overpaid(Decimal(amount), date.fromisoformat(day), self.times)
            for day, amount in sorted(by_day.items())
        )

    @property
    def refunds_by(self) -> RefundChannel:
        """How money comes back."""
        return RefundChannel(self.refund_channel)


async def received_of(session: AsyncSession, contestation_id: int) -> ReceivedContestation:
    """This will read the customer's side of a contestation that was received."""
    return await session.get_one(ReceivedContestation, contestation_id)


async def refunded_cases(session: AsyncSession) -> Sequence[Case]:
    """The contestations whose credit stands on an invoice by now, and that wait for it."""
    statement = (
        select(Case)
        .join(Contestation, col(Contestation.id) == col(Case.subject_id))
        .join(
            ReceivedContestation,
            col(ReceivedContestation.contestation_id) == col(Contestation.id),
        )
        .join(Charge, col(Charge.id) == col(ReceivedContestation.charge_id))
        .where(
            Case.process == Process.CONTESTATION,
            Contestation.stage == ContestationStage.AWAITING_CREDIT,
            Charge.status == ChargeStatus.INVOICED,
        )
    )
    return (await session.exec(statement)).all()


async def cases_awaiting_index(session: AsyncSession) -> Sequence[Case]:
    """The contestations that were given back before a month of the index was known."""
    statement = (
        select(Case)
        .join(
            ReceivedContestation,
            col(ReceivedContestation.contestation_id) == col(Case.subject_id),
        )
        .where(Case.process == Process.CONTESTATION, ReceivedContestation.awaits_index)
    )
    return (await session.exec(statement)).all()


async def contestations_of(session: AsyncSession, invoice_id: int) -> Sequence[Contestation]:
    """What was contested of one of our invoices, or led to it: the newest first."""
    billed = select(ReceivedContestation.contestation_id).where(
        ReceivedContestation.bill_id == invoice_id
    )
    statement = select(Contestation).where(
        or_(col(Contestation.own_invoice_id) == invoice_id, col(Contestation.id).in_(billed))
    )
    return (await session.exec(statement.order_by(col(Contestation.id).desc()))).all()


async def credits_to_be_given(
    session: AsyncSession, *, first: int, last: int
) -> Sequence[tuple[ReceivedContestation, Contestation, Charge]]:
    """The credits of the customers from `first` to `last` that no invoice holds yet."""
    statement = (
        select(ReceivedContestation, Contestation, Charge)
        .join(Contestation, col(Contestation.id) == col(ReceivedContestation.contestation_id))
        .join(Charge, col(Charge.id) == col(ReceivedContestation.charge_id))
        .where(
            col(Charge.customer_id).between(first, last),
            Charge.kind == ChargeKind.CREDIT,
            col(Charge.status).in_(PENDING),
        )
        .order_by(col(Charge.id))
        .with_for_update(of=Charge)
    )
    return (await session.exec(statement)).all()


async def contestable_of(session: AsyncSession, customer_id: int | None) -> Sequence[Invoice]:
    """The newest invoices of a customer that can be contested, for choosing one."""
    statement = (
        select(Invoice)
        .where(
            Invoice.customer_id == customer_id,
            col(Invoice.status).in_((InvoiceStatus.OPEN, InvoiceStatus.SETTLED)),
            col(Invoice.id).not_in(contested_invoices()),
        )
        .order_by(col(Invoice.due_date).desc(), col(Invoice.id).desc())
        .limit(MOST_OFFERED)
    )
    return (await session.exec(statement)).all()
