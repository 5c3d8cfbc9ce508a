"""Statements of a customer and of a contract: read from the rows as they stand, and on paper."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.documents import Document
from activities.templates import brl, day
from models.contracts import Contract
from models.customers import Customer
from models.policies import load_policy
from models.statements import stated_of_contract, stated_of_customer
from rules.business_days import local_date
from rules.documents import format_document, mask_document
from rules.messages import Supplier
from rules.refusals import Refusal
from rules.statements import Statement, StatementLine, make_statement

TEMPLATE = "statement"


class StatementNotFound(Refusal):
    message = "Este cliente ou contrato não existe."


class StatementDaysTurned(Refusal):
    message = "O fim do período não pode vir antes do começo."
    field = "ate"


@dataclass(frozen=True)
class Whose:
    """Whose statement: a customer's, or of one contract of the customer."""

    customer_id: int | None = None
    contract_id: int | None = None


@dataclass(frozen=True)
class StatementOf:
    """A statement with those it is about; `to_be_billed` is what has no invoice yet."""

    customer: Customer
    contract: Contract | None
    statement: Statement
    to_be_billed: Decimal
    since: date | None
    until: date | None

    @property
    def name(self) -> str:
        """What its files are called."""
        of = self.contract.code if self.contract else self.customer.code
        return "extrato-" + "".join(each if each.isalnum() or each in "-_" else "-" for each in of)


async def statement_of(
    session: AsyncSession, whose: Whose, *, since: date | None, until: date | None
) -> StatementOf:
    """This will tell everything that moved what is owed. Refuses StatementNotFound.

    `since` and `until` are the first and last day; StatementDaysTurned the wrong way round.
    """
    if since and until and until < since:
        raise StatementDaysTurned
    contract = None
    if whose.contract_id is not None:
        contract = await session.get(Contract, whose.contract_id)
    customer_id = contract.customer_id if contract else whose.customer_id
    customer = await session.get(Customer, customer_id) if customer_id else None
    if customer is None:
        raise StatementNotFound
    if contract is not None:
        stated = await stated_of_contract(session, contract.id or 0)
    else:
        stated = await stated_of_customer(session, customer_id or 0)
    statement = make_statement(
        stated.invoices, stated.payments, stated.agreements, since=since, until=until
    )
    return StatementOf(customer, contract, statement, stated.to_be_billed, since, until)


async def statement_document(
    session: AsyncSession, told: StatementOf, *, at: datetime, has_whole_cpf: bool
) -> Document:
    """This will put a statement on paper, for `draw`. CPF whole only by permission."""
    write = format_document if has_whole_cpf else mask_document
    values = {
        "supplier": asdict(await load_policy(session, Supplier())),
        "customer": {"name": told.customer.name, "document": write(told.customer.document)},
        "contract": told.contract.code if told.contract else None,
        "today": day(local_date(at)),
        "since": day(told.since) if told.since else None,
        "until": day(told.until) if told.until else None,
        "lines": [_line(line) for line in told.statement.lines],
        "balance": brl(told.statement.balance),
        "debits": brl(told.statement.debits),
        "credits": brl(told.statement.credits),
        "to_be_billed": brl(told.to_be_billed) if told.to_be_billed else None,
        "is_in_favour": told.statement.balance < 0,
    }
    return Document(TEMPLATE, f"{told.name}.pdf", values)


def _line(line: StatementLine) -> dict[str, Any]:
    return {
        "entry": line.entry,
        "on": day(line.on),
        "label": line.label,
        "note": line.note,
        "due_date": day(line.due_date) if line.due_date else None,
        "agreement": str(line.agreement_id) if line.agreement_id else None,
        "source": line.source,
        "is_grouped": line.is_grouped,
        "amount": brl(line.amount),
        "debit": brl(line.debit) if line.debit else None,
        "credit": brl(line.credit) if line.credit else None,
        "balance": brl(line.balance),
    }
