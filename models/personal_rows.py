"""Which rows of a table are a customer's: by its own name, or by what is the customer's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, literal, or_
from sqlalchemy import select as select_columns
from sqlmodel import col

from models.attachments import Attachment
from models.carrier_invoices import CarrierInvoice, CarrierUnreadLine
from models.carriers import CarrierAccount
from models.cases import Case
from models.connections import Connection
from models.contracts import Contract
from models.customers import Customer
from models.inbound_mails import InboundMail
from models.invoices import Invoice
from models.lines import Line
from models.messages import Message
from models.payments import Payment
from models.personal_data import Where
from models.promises import Promise
from models.sales_leads import SalesLead
from models.sink import SinkMessage
from models.tickets import Ticket
from rules.cases import SUBJECTS, Process


def own(table: Any) -> Where:
    """The rows that name the customer themselves."""
    return lambda customer_id: col(table.customer_id) == customer_id


def of(column: Any, parent: Any, mine: Where | None = None) -> Where:
    """The rows that name a row of `parent`, which is the customer's own unless told."""
    is_mine = mine or own(parent)
    return lambda customer_id: column.in_(
        select_columns(col(parent.id)).where(is_mine(customer_id))
    )


def leads_of(customer_id: int) -> ColumnElement[bool]:
    """Leads of the customer, and those that nobody tied to it: by document, e-mail or telephone."""
    same = (
        _same(func.lower(col(getattr(SalesLead, name))), getattr(Customer, name), customer_id)
        for name in ("document", "email", "mobile")
    )
    nobodys = col(SalesLead.customer_id).is_(None)
    return or_(col(SalesLead.customer_id) == customer_id, and_(nobodys, or_(*same)))


def _same(column: Any, of_customer: Any, customer_id: int) -> ColumnElement[bool]:
    theirs = select_columns(func.lower(col(of_customer))).where(col(Customer.id) == customer_id)
    return and_(column != "", column == theirs.scalar_subquery())


def _mails(customer_id: int) -> ColumnElement[bool]:
    of_tickets = of(col(InboundMail.ticket_id), Ticket)(customer_id)
    return of_tickets | of(col(InboundMail.case_id), Case)(customer_id)


MAILS: Where = _mails


def sink_of(customer_id: int) -> ColumnElement[bool]:
    """What the embedded sink kept of the messages to a customer."""
    written = select_columns(col(Message.to_address)).where(own(Message)(customer_id))
    return col(SinkMessage.recipient).in_(written)


def attachments_of(customer_id: int) -> ColumnElement[bool]:
    """The files of everything that is a customer's."""
    mine = and_(
        col(Case.customer_id) == customer_id,
        col(Case.process) == col(Attachment.process),
        col(Case.subject_id) == col(Attachment.subject_id),
    )
    contracts = of(col(Attachment.subject_id), Contract)(customer_id)
    return or_(
        select_columns(col(Case.id)).where(mine).exists(),
        and_(
            col(Attachment.process) == Process.COLLECTIONS,
            col(Attachment.subject_id) == customer_id,
        ),
        and_(col(Attachment.process) == Process.ACTIVATION, contracts),
    )


def subjects(column: Any) -> Where:
    """The rows whose `column` names a thing of the customer's: invoice/12, contract/3."""

    def mine(customer_id: int) -> ColumnElement[bool]:
        named = [_named(name, table, where(customer_id)) for name, table, where in _SUBJECTS]
        spelled = literal("/") + cast(col(Case.subject_id), String)
        cases = col(Case.customer_id) == customer_id
        named.append(select_columns(cast(col(Case.process), String) + spelled).where(cases))
        for process, subject in SUBJECTS.items():
            of_process = and_(cases, col(Case.process) == process)
            named.append(select_columns(literal(subject) + spelled).where(of_process))
        own_names = (f"customer/{customer_id}", f"{Process.COLLECTIONS}/{customer_id}")
        return or_(column.in_(own_names), *(column.in_(each) for each in named))

    return mine


#: What the trail calls the things of a customer that no case stands for.
_SUBJECTS: tuple[tuple[str, Any, Where], ...] = (
    ("invoice", Invoice, own(Invoice)),
    ("contract", Contract, own(Contract)),
    (Process.ACTIVATION, Contract, own(Contract)),
    ("connection", Connection, of(col(Connection.contract_id), Contract)),
    ("payment", Payment, of(col(Payment.invoice_id), Invoice)),
    ("message", Message, own(Message)),
    ("promise", Promise, own(Promise)),
    ("ticket", Ticket, own(Ticket)),
    ("lead", SalesLead, leads_of),
    ("line", Line, own(Line)),
    ("carrier_account", CarrierAccount, own(CarrierAccount)),
    ("attachment", Attachment, attachments_of),
)


def _named(name: str, table: Any, mine: ColumnElement[bool]) -> Any:
    return select_columns(literal(f"{name}/") + cast(col(table.id), String)).where(mine)


def unread_of(customer_id: int) -> ColumnElement[bool]:
    """The lines of carriers' files of a customer that could not be read."""
    accounts = of(col(CarrierInvoice.account_id), CarrierAccount)(customer_id)
    runs = select_columns(col(CarrierInvoice.run_id)).where(accounts)
    return col(CarrierUnreadLine.run_id).in_(runs)
