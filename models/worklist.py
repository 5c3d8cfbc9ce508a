"""The worklist of collections: accounts by what they can be expected to bring, and who is aside.

Amounts are those of the invoices that may be worked: what is contested, promised or of an excepted
contract is not counted, and an account with nothing else is aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from operator import eq, ge, le
from typing import Any

from sqlalchemy import Select, and_, func, literal, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.cases import Case
from models.collections import CollectionAccount
from models.customers import Customer
from models.folding import fold, folded
from models.rows import rows_of
from models.tasks import Task
from models.worklist_amounts import held_by_customer, why_of
from rules.business_days import at_local_time
from rules.cases import Process
from rules.worklist import Aside


@dataclass(frozen=True)
class Sought:
    """What the worklist is narrowed to; `nobodys_or` leaves out what is somebody else's."""

    text: str | None = None
    stage: str | None = None
    owner: str | None = None
    nobodys_or: str | None = None
    due_from: date | None = None
    due_to: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None

    @property
    def asks_of_case(self) -> bool:
        """Whether the account's case must be looked at."""
        return bool(self.stage or self.owner or self.nobodys_or)


def select_worklist(owed: Any, sought: Sought, *, today: date) -> Select[Any]:
    """Accounts to be worked, one a customer, with what each can be expected to bring.

    `owed` is what models/worklist_kept.py says. Who was spoken to today already is left out: one
    contact a day.
    """
    columns = (owed.c.broken.label("broken"), owed.c.expected.label("expected"))
    whole = _around(select(*_columns(owed, owed.c.searched_name), *columns).select_from(owed), owed)
    found: Select[Any] = whole.where(*_to_work(owed, sought, today))
    return found


async def worklist_totals(
    session: AsyncSession, owed: Any, sought: Sought, *, today: date
) -> Mapping[str, Any]:
    """What the worklist adds up to, from as few tables as the filter needs."""
    sums = (func.sum(owed.c[key]).label(key) for key in ("invoices", "amount", "expected"))
    summed: Any = select(func.count().label("count"), *sums).select_from(owed)
    if sought.text:
        summed = summed.join(Customer, col(Customer.id) == owed.c.customer_id)
    if sought.asks_of_case:
        summed = summed.outerjoin(Case, _case_of(owed))
    [row] = await rows_of(session, summed.where(*_to_work(owed, sought, today)))
    return dict(row)


def select_aside(owed: Any, sought: Sought, *, today: date) -> Select[Any]:
    """Accounts that nobody is to call today, and why."""
    held, name = held_by_customer(today), folded(col(Customer.name))
    whole = _around(
        select(*_columns(held, name), why_of(held.c.place).label("why")).select_from(held), held
    )
    rest = select(owed.c.customer_id).where(owed.c.customer_id == held.c.customer_id)
    aside = whole.where(*_conditions(held, sought), ~rest.exists())
    contacted = literal(str(Aside.CONTACTED)).label("why")
    spoken = _around(
        select(*_columns(owed, owed.c.searched_name), contacted).select_from(owed), owed
    ).where(*_conditions(owed, sought), owed.c.customer_id.in_(_contacted(today)))
    both: Select[Any] = select(aside.union_all(spoken).subquery())
    return both


def _columns(owed: Any, searched_name: Any) -> tuple[Any, ...]:
    return (
        owed.c.customer_id.label("id"), owed.c.amount.label("amount"),
        owed.c.invoices.label("invoices"), owed.c.due_date.label("due_date"),
        col(Customer.name).label("customer"), searched_name.label("searched_name"),
        col(Customer.document).label("document"), col(Customer.city).label("city"),
        col(Customer.uf).label("uf"), col(Case.id).label("case_id"),
        col(Case.stage).label("stage"), col(Case.owner).label("operator"),
        col(Case.next_kind).label("next_kind"), col(Case.next_at).label("next_at"),
        _task_due().label("task_due"),
        col(CollectionAccount.last_contact_at).label("contacted_at"),
    )  # fmt: skip


def _around(statement: Any, owed: Any) -> Any:
    """With the customer, the case that says what comes next, and the last word exchanged."""
    account = col(CollectionAccount.customer_id) == owed.c.customer_id
    return (
        statement.join(Customer, col(Customer.id) == owed.c.customer_id)
        .outerjoin(Case, _case_of(owed))
        .outerjoin(CollectionAccount, account)
    )


def _case_of(owed: Any) -> Any:
    return and_(
        col(Case.process) == Process.COLLECTIONS, col(Case.subject_id) == owed.c.customer_id
    )


def _task_due() -> Any:
    """When the first open task of the account is due: a call that was agreed upon, say."""
    mine = col(Task.for_case_id) == col(Case.id)
    due = select(func.min(col(Task.due_at))).where(mine, col(Task.finished_at).is_(None))
    return due.correlate(Case).scalar_subquery()


def _contacted(today: date) -> Any:
    """Who was spoken to today already."""
    midnight: datetime = at_local_time(today, at=time.min)
    spoken = col(CollectionAccount.last_contact_at) >= midnight
    return select(col(CollectionAccount.customer_id)).where(spoken)


def _to_work(owed: Any, sought: Sought, today: date) -> list[Any]:
    return [*_conditions(owed, sought), owed.c.customer_id.not_in(_contacted(today))]


def _conditions(owed: Any, sought: Sought) -> list[Any]:
    wanted = (
        (owed.c.due_date, ge, sought.due_from), (owed.c.due_date, le, sought.due_to),
        (owed.c.amount, ge, sought.amount_from), (owed.c.amount, le, sought.amount_to),
        (col(Case.stage), eq, sought.stage), (col(Case.owner), eq, sought.owner),
    )  # fmt: skip
    conditions = [compare(column, value) for column, compare, value in wanted if value is not None]
    if sought.nobodys_or:
        conditions.append(col(Case.owner).is_(None) | (col(Case.owner) == sought.nobodys_or))
    if sought.text:
        conditions.append(_called(owed, sought.text))
    return conditions


def _called(owed: Any, words: str) -> Any:
    """By name, accents and case aside; by digits of a CPF or CNPJ, however punctuated."""
    name = owed.c.get("searched_name", folded(col(Customer.name)))
    named = name.contains(fold(words), autoescape=True)
    bare = "".join(each for each in words.upper() if each.isalnum())
    if len(bare) < 3 or not any(each.isdigit() for each in bare):
        return named
    return named | col(Customer.document).contains(bare)
