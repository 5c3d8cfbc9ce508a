"""Billing in pages of customers: what is to be billed, the invoices written, what was left off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    insert,
    literal_column,
    or_,
    type_coerce,
    union,
    update,
)
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import Centavos, JsonColumn
from models.bulk import BulkError
from models.charges import Charge
from models.contracts import Contract
from models.customers import Customer
from models.invoice_contracts import write_shares
from models.invoices import Invoice, InvoiceEvent
from models.rows import rows_of
from rules.billing import Bundle, DueCharge, Skipped
from rules.charges import PENDING, ChargeStatus
from rules.contracts import BillingMethod
from rules.panels import InvoiceStatus

KIND = "billing"


@dataclass(frozen=True)
class Billing:
    """The run that bills, in whose name and when; None: billed with what made the charges, or by
    command what falls due by a day."""

    run_id: int | None
    by: str
    at: datetime
    until: date | None = None


async def customers_to_bill(session: AsyncSession, *, today: date, after: int) -> list[int]:
    """Every customer beyond `after` with a charge to be billed or spoken of, in order.

    A contract with one invoice a charge is billed at once for its whole term; the others when the
    issue date of a charge has come.
    """
    due = select(Charge.customer_id).where(
        col(Charge.status).in_(PENDING), col(Charge.issue_date) <= today
    )
    # Written out, because SQLite uses a partial index only for literal conditions.
    ahead = (
        select(Charge.customer_id)
        .join(Contract, col(Contract.id) == col(Charge.contract_id))
        .where(
            literal_column("charges.status = 'open'"),
            Contract.billing_method == BillingMethod.PER_CHARGE,
        )
    )
    found: Any = union(
        due.where(col(Charge.customer_id) > after), ahead.where(col(Charge.customer_id) > after)
    )
    return sorted([row[0] for row in await session.exec(found)])


async def charges_to_bill(
    session: AsyncSession, *, first: int, last: int, today: date, until: date | None = None
) -> list[DueCharge]:
    """This will lock and read what is to be billed to the customers from `first` to `last`; with
    `until`, what falls due by that day too, whenever it was to be issued."""
    is_ahead = and_(
        col(Contract.billing_method) == BillingMethod.PER_CHARGE,
        col(Charge.status) == ChargeStatus.OPEN,
    )
    asked = [] if until is None else [col(Charge.due_date) <= until]
    statement: Any = (
        select_columns(
            col(Charge.id), col(Charge.customer_id), col(Charge.contract_id), col(Contract.code),
            col(Contract.billing_group_id), col(Contract.billing_method),
            col(Contract.payment_profile_id), col(Charge.status), col(Charge.issue_date),
            col(Charge.due_date), col(Charge.description),
            type_coerce(col(Charge.amount) - col(Charge.discount), Centavos()),
            col(Charge.pay_on_time_discount), col(Charge.reason),
        )
        .join(Contract, col(Contract.id) == col(Charge.contract_id))
        .where(
            col(Charge.customer_id).between(first, last),
            col(Charge.status).in_(PENDING),
            or_(col(Charge.issue_date) <= today, is_ahead, *asked),
        )
        .order_by(col(Charge.id))
        .with_for_update(of=Charge)
    )  # fmt: skip
    return [DueCharge(*row) for row in await session.exec(statement)]


async def write_invoices(
    session: AsyncSession, bundles: Sequence[Bundle], billing: Billing
) -> None:
    """This will make the invoices, tell it in their histories, and bind their charges to them.

    The kept numbers of the panels stay: a new invoice is on no panel.
    """
    if not bundles:
        return
    connection = await session.connection()
    await connection.execute(insert(Invoice), [_invoice(bundle) for bundle in bundles])
    await connection.execute(_BINDING, list(_bound(bundles, billing)))
    await write_shares(
        session, ((each.code, other) for each in bundles for other in each.owing[1:])
    )
    await connection.execute(_TELLING, [_event(bundle, billing) for bundle in bundles])


def _invoice(bundle: Bundle) -> dict[str, Any]:
    """Plain values, not an object: building those is most of the time a run would take."""
    return {
        "code": bundle.code,
        "number": bundle.code,
        "customer_id": bundle.first.customer_id,
        "contract_id": bundle.first.contract_id,
        "issue_date": bundle.issue_date,
        "due_date": bundle.due_date,
        "description": bundle.description,
        "amount": bundle.amount,
        "open_amount": bundle.amount,
        "status": str(InvoiceStatus.OPEN),
        "fiscal_document_issued": False,
        "remittance_generated": False,
        "payment_profile_id": bundle.first.profile_id,
        "pay_on_time_discount": bundle.pay_on_time_discount,
    }


_MADE: Any = select(Invoice.id).where(col(Invoice.code) == bindparam("invoice")).scalar_subquery()
_BINDING = (
    update(Charge)
    .where(col(Charge.id) == bindparam("charge"))
    .values(status=str(ChargeStatus.INVOICED), invoice_id=_MADE, run_id=bindparam("run"))
)
_TELLING = insert(InvoiceEvent).values(
    invoice_id=_MADE,
    at=bindparam("at"),
    by=bindparam("by"),
    kind="billed",
    parameters=bindparam("told", type_=JsonColumn),
)


def _bound(bundles: Sequence[Bundle], billing: Billing) -> Iterator[dict[str, Any]]:
    for bundle in bundles:
        code = bundle.code
        for charge in bundle.charges:
            yield {"charge": charge.id, "invoice": code, "run": billing.run_id}


def _event(bundle: Bundle, billing: Billing) -> dict[str, Any]:
    told: dict[str, Any] = {"charges": len(bundle.charges)}
    if billing.run_id is not None:
        told["run_id"] = billing.run_id
    if billing.until is not None:
        told["until_on"] = billing.until.isoformat()
    return {"invoice": bundle.code, "at": billing.at, "by": billing.by, "told": told}


def tell_skipped(session: AsyncSession, skipped: Sequence[Skipped], *, run_id: int) -> None:
    """This will write down what the run left off; the page makes the sentence from the reason."""
    session.add_all(
        BulkError(
            run_id=run_id, field=each.contract_code, code=each.reason, message=each.reason,
            line=each.charges, value=str(each.amount),
        )
        for each in skipped
    )  # fmt: skip


# --- what the pages list --------------------------------------------------------------------------


def select_made(run_id: int) -> Select[Any]:
    """The invoices that a run made."""
    columns: tuple[Any, ...] = (
        col(Invoice.id).label("id"),
        col(Invoice.number).label("number"),
        col(Invoice.customer_id).label("customer_id"),
        col(Customer.name).label("customer"),
        col(Invoice.issue_date).label("issue_date"),
        col(Invoice.due_date).label("due_date"),
        col(Invoice.amount).label("amount"),
    )
    own = select(Charge.invoice_id).where(Charge.run_id == run_id)
    customer = col(Customer.id) == col(Invoice.customer_id)
    return select_columns(*columns).join(Customer, customer).where(col(Invoice.id).in_(own))


def select_skipped(run_id: int) -> Select[Any]:
    """What a run left off, contract by contract."""
    columns: tuple[Any, ...] = (
        col(BulkError.id).label("id"),
        col(BulkError.field).label("contract"),
        col(BulkError.code).label("reason"),
        col(BulkError.line).label("charges"),
        col(BulkError.value).label("amount"),
    )
    return select_columns(*columns).where(col(BulkError.run_id) == run_id)


async def skipped_after(
    session: AsyncSession, run_id: int, *, after: int, limit: int
) -> Sequence[Any]:
    """What a run left off, from behind that row on, at most so many."""
    beyond = select_skipped(run_id).where(col(BulkError.id) > after)
    return await rows_of(session, beyond.order_by(col(BulkError.id)).limit(limit))
