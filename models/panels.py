"""The panels of collections as lists: what stands in one, filtered, and what it adds up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, exists, literal, or_, select
from sqlmodel import col

from models.agreements import Agreement
from models.bureau import BureauRecord
from models.cases import Case, is_case_of
from models.collections import Standing
from models.customers import Customer
from models.folding import holds, spells
from models.invoices import Invoice
from models.people import User
from models.planning import checked_row_by_row
from rules.business_days import ONE_DAY, at_local_time
from rules.cases import Process
from rules.panels import BY_BUREAU_STAGE, BY_COLLECTION_STAGE, InvoiceStatus, Panel

STAGE_OF = {
    panel: stage for stage, panel in (*BY_COLLECTION_STAGE.items(), *BY_BUREAU_STAGE.items())
}
#: Settled invoices owe nothing: these panels show what they were.
SHOW_WHOLE_AMOUNT = frozenset({Panel.FULFILLED, Panel.LEFT_BUREAU})
#: Standings are read in this order as they stand; invoices would have to be sorted, all of them.
SORTED_IN_STANDINGS = frozenset({"searched_name", "city"})
#: What these panels show of the record at the bureau.
RECORD_COLUMNS = {
    Panel.AT_BUREAU: ("registered_at",),
    Panel.BUREAU_CONFLICTS: ("remove_by",),
    Panel.LEFT_BUREAU: ("removed_at",),
}


@dataclass(frozen=True)
class Wanted:
    """What a list of a panel is narrowed to; both ends of a range are inside it.

    models/panel_search.py turns `text` and `city` into `customers`, `invoices` and `cities`; a text
    that means too many stays, and is then sought among the names alone.
    """

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
    cities: tuple[str, ...] | None = None
    customers: tuple[int, ...] | None = None
    invoices: tuple[int, ...] = ()

    @property
    def asks_of_agreement(self) -> bool:
        """Whether the invoice's agreement must be looked at."""
        asked = (self.operator, self.made_from, self.made_to)
        return any(asked) or bool(self.tolerance_from or self.tolerance_to)

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Wanted()


def select_panel(panel: Panel, wanted: Wanted, *, sorted_by: str = "") -> Any:
    """This will select the rows of a panel, one a customer or one an invoice, with an `id`.

    `sorted_by` is the label of the column that the caller will sort by: it changes no row.
    """
    if panel.lists_customers:
        return _customers(panel, wanted)
    return _invoices(panel, wanted, leans_on_standings=sorted_by in SORTED_IN_STANDINGS)


def id_of(panel: Panel) -> Any:
    """The column that a row of the panel is known by: its customer, or its invoice."""
    return col(Standing.customer_id) if panel.lists_customers else col(Invoice.id)


def _constant(value: Any) -> Any:
    """A value that the planner sees: panels differ too much in size for one plan."""
    return literal(value, literal_execute=True)


def _customers(panel: Panel, wanted: Wanted) -> Any:
    return (
        select(
            col(Standing.customer_id).label("id"),
            col(Standing.customer_id).label("customer_id"),
            col(Standing.customer_name).label("customer"),
            col(Standing.searched_name).label("searched_name"),
            col(Customer.document).label("document"),
            col(Standing.city).label("city"),
            col(Customer.uf).label("uf"),
            col(Standing.invoices).label("invoices"),
            col(Standing.oldest_due).label("due_date"),
            col(Standing.amount).label("amount"),
            col(Standing.since).label("since"),
            _of_case(Case.owner, Standing.customer_id).label("operator"),
            _of_case(Case.next_at, Standing.customer_id).label("next_at"),
            _of_case(Case.version, Standing.customer_id).label("version"),
        )
        .join(Customer, col(Customer.id) == col(Standing.customer_id))
        .where(*customer_conditions(panel, wanted))
    )


def _invoices(panel: Panel, wanted: Wanted, *, leans_on_standings: bool) -> Any:
    number, code = col(Invoice.number), col(Invoice.code)
    of: Any = Standing if leans_on_standings else Invoice
    rows: Any = (
        select(
            col(Invoice.id).label("id"),
            col(of.customer_id).label("customer_id"),
            case((number != "", number), else_=code).label("number"),
            *_customer(leans_on_standings=leans_on_standings),
            col(Customer.document).label("document"),
            col(Customer.uf).label("uf"),
            col(Invoice.due_date).label("due_date"),
            amount_of(panel).label("amount"),
            col(Invoice.status).label("status"),
            col(Invoice.settled_on).label("settled_on"),
            col(Invoice.stage_since).label("since"),
            col(Invoice.agreement_id).label("agreement_id"),
            col(Agreement.made_by).label("operator"),
            col(Agreement.tolerance_date).label("tolerance_date"),
            *(_of_record(name) for name in RECORD_COLUMNS.get(panel, ())),
            *([_record_case()] if panel in RECORD_COLUMNS else []),
        )
        .select_from(Invoice)
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .outerjoin(Agreement, col(Agreement.id) == col(Invoice.agreement_id))
        .where(*invoice_conditions(panel, wanted, aside=leans_on_standings))
    )
    if not leans_on_standings:
        return rows
    same_panel = col(Standing.panel) == _constant(int(panel))
    return rows.join(Standing, (col(Standing.customer_id) == col(Customer.id)) & same_panel)


def _customer(*, leans_on_standings: bool) -> list[Any]:
    if not leans_on_standings:
        return [col(Customer.name).label("customer"), col(Customer.city).label("city")]
    names: list[Any] = [
        col(Standing.customer_name).label("customer"),
        col(Standing.city).label("city"),
    ]
    return [*names, col(Standing.searched_name).label("searched_name")]


def _of_case(column: Any, customer_id: Any) -> Any:
    return select(column).where(is_case_of(Process.COLLECTIONS, customer_id)).scalar_subquery()


def _of_record(name: str) -> Any:
    """Of the invoice's newest record at the bureau."""
    mine = col(BureauRecord.invoice_id) == col(Invoice.id)
    column = getattr(BureauRecord, name)
    newest = select(column).where(mine).order_by(col(BureauRecord.id).desc()).limit(1)
    return newest.correlate(Invoice).scalar_subquery().label(name)


def _record_case() -> Any:
    """The case of the invoice's newest record: its history says why it stands there."""
    newest = (
        select(col(Case.id))
        .join(BureauRecord, is_case_of(Process.BUREAU, BureauRecord.id))
        .where(col(BureauRecord.invoice_id) == col(Invoice.id))
        .order_by(col(BureauRecord.id).desc())
        .limit(1)
    )
    return newest.correlate(Invoice).scalar_subquery().label("record_case")


def amount_of(panel: Panel) -> Any:
    """What is owed; of a settled invoice, what it was. In most panels all are the one or other."""
    if panel in SHOW_WHOLE_AMOUNT:
        return col(Invoice.amount)
    if panel is not Panel.BUREAU_CONFLICTS:
        return col(Invoice.open_amount)
    # Spelt out for the planners, who find ix_invoices_conflict_amount by it.
    status: Any = col(Invoice.status)
    settled = status == _constant(str(InvoiceStatus.SETTLED))
    return case((settled, col(Invoice.amount)), else_=col(Invoice.open_amount))


def customer_conditions(panel: Panel, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What a customer's standing must be for the panel and what is looked for."""
    conditions: list[ColumnElement[bool]] = [col(Standing.panel) == _constant(int(panel))]
    conditions += _in_range(col(Standing.oldest_due), wanted.due_from, wanted.due_to)
    conditions += _in_range(col(Standing.amount), wanted.amount_from, wanted.amount_to)
    if wanted.cities is not None:
        conditions.append(col(Standing.city).in_(wanted.cities))
    if wanted.uf:
        lives_there = (col(Customer.id) == col(Standing.customer_id)) & (
            col(Customer.uf) == wanted.uf.upper()
        )
        conditions.append(exists().where(lives_there).correlate(Standing))
    if wanted.customers is not None:
        conditions.append(col(Standing.customer_id).in_(wanted.customers))
    if wanted.text:
        conditions.append(has_name(wanted.text))
    return conditions


def has_name(words: str) -> ColumnElement[bool]:
    """Whether a standing's customer has the words in the name, accents and case aside."""
    return spells(col(Standing.searched_name), words)


def invoice_conditions(
    panel: Panel, wanted: Wanted, *, aside: bool = False
) -> list[ColumnElement[bool]]:
    """What an invoice must be for the panel and what is looked for."""
    conditions = _in_panel(panel, aside=aside)
    conditions += _in_range(col(Invoice.due_date), wanted.due_from, wanted.due_to)
    conditions += _in_range(amount_of(panel), wanted.amount_from, wanted.amount_to)
    if wanted.agreement_id is not None:
        conditions.append(col(Invoice.agreement_id) == wanted.agreement_id)
    conditions += _agreement_conditions(wanted)
    if wanted.customers is not None:
        listed = col(Invoice.customer_id).in_(wanted.customers)
        conditions.append(listed | col(Invoice.id).in_(wanted.invoices))
    if wanted.text or wanted.cities is not None or wanted.uf:
        theirs = Wanted(text=wanted.text, cities=wanted.cities, uf=wanted.uf)
        conditions.append(_among(customer_conditions(panel, theirs)))
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
        called = holds(User.name, wanted.operator)
        logins = select(col(User.login)).where(called)
        made_by = col(Agreement.made_by)
        conditions.append(or_(made_by == wanted.operator, made_by.in_(logins)))
    return conditions


def _in_panel(panel: Panel, *, aside: bool) -> list[ColumnElement[bool]]:
    is_bureau = panel in BY_BUREAU_STAGE.values()
    stage: Any = col(Invoice.bureau_stage) if is_bureau else col(Invoice.collection_stage)
    status: Any = col(Invoice.status)
    conditions: list[ColumnElement[bool]] = [stage == _constant(str(STAGE_OF[panel]))]
    if panel is Panel.LEFT_BUREAU:
        conditions.append(status == _constant(str(InvoiceStatus.SETTLED)))
    return [checked_row_by_row(each) for each in conditions] if aside else conditions


def _among(conditions: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    return col(Invoice.customer_id).in_(select(col(Standing.customer_id)).where(*conditions))


def _in_range(column: Any, lowest: Any, highest: Any) -> list[ColumnElement[bool]]:
    bounds = []
    if lowest is not None:
        bounds.append(column >= lowest)
    if highest is not None:
        bounds.append(column <= highest)
    return bounds
