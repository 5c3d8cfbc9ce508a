"""The panels of collections as lists: what stands in one, filtered, and what it adds up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

import sqlmodel
from sqlalchemy import ColumnElement, case, func, literal, or_, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import Agreement
from models.bureau import BureauRecord
from models.cases import Case
from models.collections import PanelTotal, Standing
from models.customers import Customer
from models.folding import begins, holds
from models.invoices import Invoice
from rules.business_days import ONE_DAY, at_local_time
from rules.cases import Process
from rules.panels import BY_BUREAU_STAGE, BY_COLLECTION_STAGE, InvoiceStatus, Panel

STAGE_OF = {
    panel: stage for stage, panel in (*BY_COLLECTION_STAGE.items(), *BY_BUREAU_STAGE.items())
}
#: Settled invoices owe nothing: these panels show what they were.
SHOW_WHOLE_AMOUNT = frozenset({Panel.FULFILLED, Panel.LEFT_BUREAU})


@dataclass(frozen=True)
class Wanted:
    """What a list of a panel is narrowed to; both ends of a range are inside it."""

    text: str | None = None
    city: str | None = None
    uf: str | None = None
    due_from: date | None = None
    due_to: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    agreement_id: int | None = None
    operator: str | None = None
    made_from: date | None = None
    made_to: date | None = None
    tolerance_from: date | None = None
    tolerance_to: date | None = None

    @property
    def asks_of_agreement(self) -> bool:
        """Whether the invoice's agreement must be looked at."""
        asked = (self.operator, self.made_from, self.made_to)
        return any(asked) or bool(self.tolerance_from or self.tolerance_to)

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Wanted()


def select_panel(panel: Panel, wanted: Wanted) -> Any:
    """This will select the rows of a panel, one a customer or one an invoice, with an `id`."""
    return _customers(panel, wanted) if panel.lists_customers else _invoices(panel, wanted)


async def panel_totals(session: AsyncSession) -> dict[Panel, PanelTotal]:
    """What each panel holds altogether, as kept; an empty panel holds nothing."""
    kept = {total.panel: total for total in await session.exec(sqlmodel.select(PanelTotal))}
    return {panel: kept.get(panel) or PanelTotal(panel=panel) for panel in Panel}


async def totals_of(session: AsyncSession, panel: Panel, wanted: Wanted) -> dict[str, Any]:
    """What a filter adds up to (count, invoices, amount); the whole panel is read as kept."""
    if wanted.is_everything:
        kept = (await panel_totals(session))[panel]
        count = kept.customers if panel.lists_customers else kept.invoices
        return {"count": count, "invoices": kept.invoices, "amount": kept.amount}
    row = (await session.exec(_summed(panel, wanted))).mappings().one()
    return {**row, "invoices": row["invoices"] or 0, "amount": row["amount"] or Decimal(0)}


def id_of(panel: Panel) -> Any:
    """The column that a row of the panel is known by: its customer, or its invoice."""
    return col(Standing.customer_id) if panel.lists_customers else col(Invoice.id)


def _constant(value: Any) -> Any:
    """A value that the planner sees: panels differ too much in size for one plan."""
    return literal(value, literal_execute=True)


def _summed(panel: Panel, wanted: Wanted) -> Any:
    """Sums over a filter, with only those joins that the filter needs."""
    if panel.lists_customers:
        return select(
            func.count().label("count"),
            func.sum(col(Standing.invoices)).label("invoices"),
            func.sum(col(Standing.amount)).label("amount"),
        ).where(*_customer_conditions(panel, wanted))
    summed = select(
        func.count().label("count"),
        func.count().label("invoices"),
        func.sum(_amount(panel)).label("amount"),
    ).where(*_invoice_conditions(panel, wanted))
    if not wanted.asks_of_agreement:
        return summed
    return summed.join(Agreement, col(Agreement.id) == col(Invoice.agreement_id))


def _customers(panel: Panel, wanted: Wanted) -> Any:
    return (
        select(
            col(Standing.customer_id).label("id"),
            col(Standing.customer_id).label("customer_id"),
            col(Standing.customer_name).label("customer"),
            col(Customer.document).label("document"),
            col(Standing.city).label("city"),
            col(Customer.uf).label("uf"),
            col(Standing.invoices).label("invoices"),
            col(Standing.oldest_due).label("due_date"),
            col(Standing.amount).label("amount"),
            col(Standing.since).label("since"),
            _of_case(Case.owner, Standing.customer_id).label("operator"),
            _of_case(Case.version, Standing.customer_id).label("version"),
        )
        .join(Customer, col(Customer.id) == col(Standing.customer_id))
        .where(*_customer_conditions(panel, wanted))
    )


def _invoices(panel: Panel, wanted: Wanted) -> Any:
    number, code = col(Invoice.number), col(Invoice.code)
    return (
        select(
            col(Invoice.id).label("id"),
            col(Invoice.customer_id).label("customer_id"),
            case((number != "", number), else_=code).label("number"),
            col(Standing.customer_name).label("customer"),
            col(Customer.document).label("document"),
            col(Standing.city).label("city"),
            col(Customer.uf).label("uf"),
            col(Invoice.due_date).label("due_date"),
            _amount(panel).label("amount"),
            col(Invoice.status).label("status"),
            col(Invoice.settled_on).label("settled_on"),
            col(Invoice.stage_since).label("since"),
            col(Invoice.agreement_id).label("agreement_id"),
            col(Agreement.made_by).label("operator"),
            col(Agreement.tolerance_date).label("tolerance_date"),
            _of_record(BureauRecord.registered_at).label("registered_at"),
            _of_record(BureauRecord.remove_by).label("remove_by"),
            _of_record(BureauRecord.removed_at).label("removed_at"),
            _of_case(Case.version, Invoice.customer_id).label("version"),
        )
        # Standings come sorted by name and by city within a panel; customers do not.
        .join(
            Standing,
            (col(Standing.customer_id) == col(Invoice.customer_id))
            & (col(Standing.panel) == _constant(int(panel))),
        )
        .join(Customer, col(Customer.id) == col(Standing.customer_id))
        .outerjoin(Agreement, col(Agreement.id) == col(Invoice.agreement_id))
        .where(*_invoice_conditions(panel, wanted))
    )


def _of_case(column: Any, customer_id: Any) -> Any:
    of_collections = col(Case.process) == Process.COLLECTIONS
    owned = select(column).where(of_collections, col(Case.subject_id) == customer_id)
    return owned.scalar_subquery()


def _of_record(column: Any) -> Any:
    """Of the invoice's newest record at the bureau."""
    mine = col(BureauRecord.invoice_id) == col(Invoice.id)
    newest = select(column).where(mine).order_by(col(BureauRecord.id).desc()).limit(1)
    return newest.correlate(Invoice).scalar_subquery()


def _amount(panel: Panel) -> Any:
    """What is owed; of a settled invoice, what it was. In most panels all are the one or other."""
    if panel in SHOW_WHOLE_AMOUNT:
        return col(Invoice.amount)
    if panel is not Panel.BUREAU_CONFLICTS:
        return col(Invoice.open_amount)
    settled = col(Invoice.status) == InvoiceStatus.SETTLED
    return case((settled, col(Invoice.amount)), else_=col(Invoice.open_amount))


def _customer_conditions(panel: Panel, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(Standing.panel) == _constant(int(panel))]
    conditions += _in_range(col(Standing.oldest_due), wanted.due_from, wanted.due_to)
    conditions += _in_range(col(Standing.amount), wanted.amount_from, wanted.amount_to)
    if wanted.city:
        conditions.append(begins(col(Standing.city), wanted.city))
    if wanted.uf:
        conditions.append(col(Standing.customer_id).in_(_of_state(wanted.uf)))
    if wanted.text:
        name = holds(col(Standing.customer_name), wanted.text)
        known = _with_document(wanted.text)
        conditions.append(
            name if known is None else or_(name, col(Standing.customer_id).in_(known))
        )
    return conditions


def _invoice_conditions(panel: Panel, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = _in_panel(panel)
    conditions += _in_range(col(Invoice.due_date), wanted.due_from, wanted.due_to)
    conditions += _in_range(_amount(panel), wanted.amount_from, wanted.amount_to)
    if wanted.agreement_id is not None:
        conditions.append(col(Invoice.agreement_id) == wanted.agreement_id)
    conditions += _agreement_conditions(wanted)
    if wanted.text:
        conditions.append(_is_sought(panel, wanted.text))
    if wanted.city or wanted.uf:
        customers = _customer_conditions(panel, Wanted(city=wanted.city, uf=wanted.uf))
        conditions.append(_among(customers))
    return conditions


def _agreement_conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = _in_range(
        col(Agreement.tolerance_date), wanted.tolerance_from, wanted.tolerance_to
    )
    if wanted.made_from:
        conditions.append(col(Agreement.made_at) >= at_local_time(wanted.made_from, at=time.min))
    if wanted.made_to:
        until = at_local_time(wanted.made_to + ONE_DAY, at=time.min)
        conditions.append(col(Agreement.made_at) < until)
    if wanted.operator:
        conditions.append(col(Agreement.made_by) == wanted.operator)
    return conditions


def _in_panel(panel: Panel) -> list[ColumnElement[bool]]:
    is_bureau = panel in BY_BUREAU_STAGE.values()
    stage = col(Invoice.bureau_stage) if is_bureau else col(Invoice.collection_stage)
    conditions = [stage == _constant(str(STAGE_OF[panel]))]
    if panel is Panel.LEFT_BUREAU:
        conditions.append(col(Invoice.status) == _constant(str(InvoiceStatus.SETTLED)))
    return conditions


def _is_sought(panel: Panel, text: str) -> ColumnElement[bool]:
    """By the customer's name or document, or by the invoice's own number or code."""
    by_number = select(col(Invoice.id)).where(col(Invoice.number) == text)
    by_code = select(col(Invoice.id)).where(col(Invoice.code) == text)
    customers = _customer_conditions(panel, Wanted(text=text))
    return or_(_among(customers), col(Invoice.id).in_(by_number.union(by_code)))


def _among(conditions: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    return col(Invoice.customer_id).in_(select(col(Standing.customer_id)).where(*conditions))


def _of_state(uf: str) -> Any:
    return select(col(Customer.id)).where(col(Customer.uf) == uf.upper())


def _with_document(text: str) -> Any:
    """Customers by digits of their CPF or CNPJ, however punctuated, or by code; None: no digits."""
    bare = "".join(each for each in text.upper() if each.isalnum())
    if len(bare) < 3 or not any(each.isdigit() for each in bare):
        return None
    has_it = col(Customer.document).contains(bare) | (col(Customer.code) == text)
    return select(col(Customer.id)).where(has_it)


def _in_range(column: Any, lowest: Any, highest: Any) -> list[ColumnElement[bool]]:
    bounds = []
    if lowest is not None:
        bounds.append(column >= lowest)
    if highest is not None:
        bounds.append(column <= highest)
    return bounds
