"""The worklist of collections: accounts by what they can be expected to bring, and who is aside.

Amounts are those of the invoices that may be worked: what is contested, promised or of an excepted
contract is not counted, and an account with nothing else is aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from operator import eq, ge, le
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.cases import Case, is_case_of
from models.collections import CollectionAccount
from models.customers import Customer
from models.folding import spells
from models.rows import read_rows, rows_of
from models.tasks import Task
from models.worklist_amounts import why_of
from models.worklist_holds import WorklistHold, held_now
from rules.business_days import at_local_time
from rules.cases import Process
from rules.worklist import Aside

#: More customers than this are not listed by key: a page of them fills before all are looked at.
MOST_LISTED = 5_000


@dataclass(frozen=True)
class Sought:
    """What the worklist is narrowed to; `nobodys_or` leaves out what is somebody else's.

    `customers` are those whom the words mean, once they were looked up.
    """

    text: str | None = None
    stage: str | None = None
    owner: str | None = None
    nobodys_or: str | None = None
    customers: tuple[int, ...] | None = None
    due_from: date | None = None
    due_to: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None

    @property
    def asks_of_case(self) -> bool:
        """Whether the account's case must be looked at."""
        return bool(self.stage or self.owner or self.nobodys_or)


async def looked_up(session: AsyncSession, owed: Any, sought: Sought) -> Sought:
    """This will put the customers that the words mean in their place, where they are not too many.

    The words are looked for once, in one index; then every list reads its customers by key.
    """
    if not sought.text:
        return sought
    named = spells(owed.c.searched_name, sought.text)
    called = select(owed.c.customer_id).where(named).limit(MOST_LISTED + 1)
    found = {customer for (customer,) in await read_rows(session, called)}
    if bare := _digits(sought.text):
        of_document = select(col(Customer.id)).where(col(Customer.document).contains(bare))
        found |= {key for (key,) in await read_rows(session, of_document.limit(MOST_LISTED + 1))}
    if len(found) > MOST_LISTED:
        return sought
    return replace(sought, text=None, customers=tuple(sorted(found)))


def select_worklist(owed: Any, sought: Sought, *, today: date, now: datetime) -> Select[Any]:
    """Accounts to be worked, one a customer, with what each can be expected to bring.

    `owed` is what models/worklist_kept.py says. Who was spoken to today already is left out: one
    contact a day. Who works an account now is told.
    """
    columns: tuple[Any, ...] = (
        owed.c.broken.label("broken"), owed.c.expected.label("expected"),
        col(WorklistHold.by).label("held_by"), col(WorklistHold.until).label("held_until"),
    )  # fmt: skip
    whole = _around(select(*_columns(owed), *columns).select_from(owed), owed).outerjoin(
        WorklistHold, held_now(owed.c.customer_id, now)
    )
    found: Select[Any] = whole.where(*_to_work(owed, sought, today))
    if sought.nobodys_or:
        free = col(WorklistHold.by).is_(None) | (col(WorklistHold.by) == sought.nobodys_or)
        found = found.where(free)
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
        summed = summed.outerjoin(Case, is_case_of(Process.COLLECTIONS, owed.c.customer_id))
    [row] = await rows_of(session, summed.where(*_to_work(owed, sought, today)))
    return dict(row)


def select_aside(owed: Any, sought: Sought, *, today: date) -> Select[Any]:
    """Accounts that nobody is to call today, and why."""
    aside = _around(select(*_columns(owed), why_of(owed.c.place).label("why")), owed).where(
        owed.c.place.is_not(None), *_conditions(owed, sought)
    )
    contacted = literal(str(Aside.CONTACTED)).label("why")
    spoken = _around(select(*_columns(owed), contacted), owed).where(
        owed.c.place.is_(None), *_conditions(owed, sought),
        owed.c.customer_id.in_(_contacted(today)),
    )  # fmt: skip
    both: Select[Any] = select(aside.union_all(spoken).subquery())
    return both


def _columns(owed: Any) -> tuple[Any, ...]:
    return (
        owed.c.customer_id.label("id"), owed.c.amount.label("amount"),
        owed.c.invoices.label("invoices"), owed.c.due_date.label("due_date"),
        col(Customer.name).label("customer"), owed.c.searched_name.label("searched_name"),
        col(Customer.document).label("document"), col(Customer.city).label("city"),
        col(Customer.uf).label("uf"), col(Case.id).label("case_id"),
        col(Case.stage).label("stage"), col(Case.owner).label("operator"),
        col(Case.next_kind).label("next_kind"), col(Case.next_at).label("next_at"),
        _task_due().label("task_due"),
        col(CollectionAccount.last_contact_at).label("contacted_at"),
    )  # fmt: skip


def _around(statement: Any, owed: Any) -> Any:
    """With the customer, the case that says what comes next, and the last word exchanged.

    Every account has its customer. Joined outward, so that the list leads and is read in its order
    (else SQLite goes through all customers first), and after the case, by which rows are left out.
    """
    account = col(CollectionAccount.customer_id) == owed.c.customer_id
    return (
        statement.outerjoin(Case, is_case_of(Process.COLLECTIONS, owed.c.customer_id))
        .outerjoin(Customer, col(Customer.id) == owed.c.customer_id)
        .outerjoin(CollectionAccount, account)
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
    spoken = owed.c.customer_id.not_in(_contacted(today))
    return [owed.c.place.is_(None), *_conditions(owed, sought), spoken]


def _conditions(owed: Any, sought: Sought) -> list[Any]:
    wanted = (
        (owed.c.due_date, ge, sought.due_from), (owed.c.due_date, le, sought.due_to),
        (owed.c.amount, ge, sought.amount_from), (owed.c.amount, le, sought.amount_to),
        (col(Case.stage), eq, sought.stage), (col(Case.owner), eq, sought.owner),
    )  # fmt: skip
    conditions = [compare(column, value) for column, compare, value in wanted if value is not None]
    if sought.nobodys_or:
        conditions.append(col(Case.owner).is_(None) | (col(Case.owner) == sought.nobodys_or))
    if sought.customers is not None:
        conditions.append(owed.c.customer_id.in_(sought.customers))
    if sought.text:
        conditions.append(_called(owed, sought.text))
    return conditions


def _called(owed: Any, words: str) -> Any:
    """By name, accents and case aside; by digits of a CPF or CNPJ, however punctuated."""
    named = spells(owed.c.searched_name, words)
    bare = _digits(words)
    return named | col(Customer.document).contains(bare) if bare else named


def _digits(words: str) -> str:
    """What of the words may stand in a CPF or CNPJ; nothing: they are no number."""
    bare = "".join(each for each in words.upper() if each.isalnum())
    return bare if len(bare) >= 3 and any(each.isdigit() for each in bare) else ""
