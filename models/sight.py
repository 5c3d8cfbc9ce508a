"""Whose rows a request sees: a client's user sees those of the own company, and no others.

It is said once a request, and added to every statement that reads: a page that forgets to ask
whose rows they are still shows nobody else's. Work that no client asks for sees everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy
from sqlalchemy import and_, event, or_
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from models.attachments import Attachment
from models.bulk import BulkError, BulkRun
from models.carrier_agreements import CarrierAgreement, CarrierAgreementRule, CarrierTariff
from models.carrier_invoices import CarrierInvoice, CarrierInvoiceItem, CarrierUnreadLine
from models.carriers import CarrierAccount
from models.cases import Case
from models.client_services import ClientService
from models.contestations import (
    Contestation,
    ContestationCredit,
    ContestationItem,
    ContestationProtocol,
    Correction,
)
from models.cost_allocation import AccountAllocation, CostCentre
from models.customers import Customer
from models.findings import Finding, FindingRow
from models.invoices import Invoice
from models.lines import Line, LineHolder
from models.people import Team, User
from models.received_contestations import ReceivedContestation
from models.tasks import Task, TaskComment
from models.tickets import Ticket, TicketEntry
from rules.cases import SYSTEM, Process
from rules.contestation import Direction
from rules.tickets import EntryKind

_company: ContextVar[int | None] = ContextVar("company", default=None)


def see_only(company_id: int | None) -> None:
    """This will have what follows read rows of this company alone; None: everybody's."""
    _company.set(company_id)


@contextmanager
def everything_seen() -> Iterator[None]:
    """This will have what is read within it be everybody's: it is for all, not for who asks."""
    before = _company.set(None)
    try:
        yield
    finally:
        _company.reset(before)


def only_seen(statement: Any, entity: Any) -> Any:
    """This will narrow by hand what no session will read: what is written from a selection."""
    company = _company.get()
    if company is None:
        return statement
    return statement.where(*(each for of, each in _conditions(company) if of is entity))


def seen_company() -> int | None:
    """The company whose rows alone are read now; None: everybody's."""
    return _company.get()


@event.listens_for(Session, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    company = _company.get()
    if company is None or not state.is_select:
        return
    state.statement = state.statement.options(
        *(
            with_loader_criteria(entity, condition, include_aliases=True)
            for entity, condition in _conditions(company)
        )
    )


def _ids(entity: Any, condition: Any, column: str = "id") -> Any:
    """A subquery of the table itself: what is narrowed is not narrowed again within."""
    table = entity.__table__
    return sqlalchemy.select(table.c[column]).where(condition(table.c))


def _accounts(company: int) -> Any:
    return _ids(CarrierAccount, lambda c: c.customer_id == company)


def _invoices(company: int) -> Any:
    return _ids(CarrierInvoice, lambda c: c.account_id.in_(_accounts(company)))


def _agreements(company: int) -> Any:
    return _ids(CarrierAccount, lambda c: c.customer_id == company, "agreement_id")


def _contestations(company: int) -> Any:
    return _ids(
        Contestation, lambda c: (c.customer_id == company) & (c.direction == Direction.MADE)
    )


def _items(company: int) -> Any:
    return _ids(ContestationItem, lambda c: c.contestation_id.in_(_contestations(company)))


def _findings(company: int) -> Any:
    return _ids(Finding, lambda c: c.invoice_id.in_(_invoices(company)))


def _lines(company: int) -> Any:
    return _ids(Line, lambda c: c.customer_id == company)


def _teams(company: int) -> Any:
    return _ids(ClientService, lambda c: c.customer_id == company, "team_id")


def _tasks(company: int) -> Any:
    return _ids(Task, lambda c: (c.customer_id == company) & c.team_id.in_(_teams(company)))


def _tickets(company: int) -> Any:
    return _ids(Ticket, lambda c: c.customer_id == company)


def _files(company: int) -> Any:
    """Of contestations all; of the own tickets what their side sent, by page, API or mail, and
    what the house shows them."""
    logins = _ids(User, lambda c: c.company_id == company, "login")
    return _ids(
        Attachment,
        lambda c: or_(
            and_(c.process == Process.CONTESTATION, c.subject_id.in_(_contestations(company))),
            and_(
                c.process == Process.TICKETS,
                c.subject_id.in_(_tickets(company)),
                or_(c.added_by == SYSTEM, c.added_by.in_(logins), c.is_for_client),
            ),
        ),
    )


def _told_lines(company: int) -> Any:
    """Of the own tickets' threads all but the house's notes."""
    return _ids(
        TicketEntry, lambda c: c.ticket_id.in_(_tickets(company)) & (c.kind != EntryKind.NOTE)
    )


def _runs(company: int) -> Any:
    logins = _ids(User, lambda c: c.company_id == company, "login")
    return _ids(BulkRun, lambda c: c.requested_by.in_(logins))


def _codes(company: int) -> Any:
    """What rows of registries name the company by; empty: every company's."""
    code = _ids(Customer, lambda c: c.id == company, "code")
    return code.union(sqlalchemy.select(sqlalchemy.literal("")))


def _only(company: int) -> Any:
    return [company]


#: What a client's user may come upon: the table, which of its columns tells whose a row is, and
#: the values that are the company's.
BY_COLUMN: tuple[tuple[Any, str, Callable[[int], Any]], ...] = (
    (Customer, "id", _only),
    (CarrierAccount, "customer_id", _only),
    (CarrierAgreement, "id", _agreements),
    (CarrierAgreementRule, "agreement_id", _agreements),
    (CarrierTariff, "agreement_id", _agreements),
    (CarrierInvoice, "account_id", _accounts),
    (CarrierInvoiceItem, "invoice_id", _invoices),
    (BulkRun, "id", _runs),
    (BulkError, "run_id", _runs),
    (CarrierUnreadLine, "run_id", _runs),
    (Finding, "invoice_id", _invoices),
    (FindingRow, "finding_id", _findings),
    (Contestation, "id", _contestations),
    (ContestationItem, "contestation_id", _contestations),
    (ContestationCredit, "item_id", _items),
    (ContestationProtocol, "contestation_id", _contestations),
    (Correction, "account_id", _accounts),
    (ReceivedContestation, "contestation_id", _contestations),
    (Invoice, "customer_id", _only),
    (Line, "customer_id", _only),
    (LineHolder, "line_id", _lines),
    (CostCentre, "company", _codes),
    (AccountAllocation, "account_id", _accounts),
    (ClientService, "customer_id", _only),
    (Team, "id", _teams),
    (User, "company_id", _only),
    (Task, "id", _tasks),
    (TaskComment, "task_id", _tasks),
    (Ticket, "id", _tickets),
    (TicketEntry, "id", _told_lines),
    (Attachment, "id", _files),
)
#: Rows of many processes: a process's own, by its subjects; those of the others are not seen.
BY_SUBJECT: tuple[tuple[Any, Mapping[Process, Callable[[int], Any]]], ...] = (
    (
        Case,
        {
            Process.CONTESTATION: _contestations,
            Process.TASKS: _tasks,
            Process.TICKETS: _tickets,
        },
    ),
)


def _conditions(company: int) -> Iterator[tuple[Any, Any]]:
    for entity, name, values in BY_COLUMN:
        yield entity, getattr(entity, name).in_(values(company))
    for entity, subjects in BY_SUBJECT:
        own = [
            and_(entity.process == process, entity.subject_id.in_(values(company)))
            for process, values in subjects.items()
        ]
        yield entity, or_(*own)
