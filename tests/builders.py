"""Rows for tests, made with the values that matter; everything else has a default.

Each stores what it makes and gives it back. The journey builders take the house's own now.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.payments import NewPayment, record_payment
from models.cases import Case, CaseEvent, open_case
from models.collections import CollectionAccount
from models.contracts import Contract
from models.customers import Customer
from models.invoices import Invoice
from models.payments import Payment
from models.people import Team, TeamMember, User
from models.registries import AgreementCategory, ContactCategory, LedgerAccount, PaymentProfile
from models.standings import refresh_standings
from rules.business_days import local_date
from rules.cases import Process
from rules.collections import AccountStage

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)
TODAY = local_date(AT)

_numbers = count(1)


async def stored(session: AsyncSession, row: Any) -> Any:
    """The row with its identity."""
    session.add(row)
    await session.flush()
    return row


async def a_customer(session: AsyncSession, **values: Any) -> Customer:
    """Somebody who cannot be written to, unless an address is given."""
    number = next(_numbers)
    defaults = {
        "code": f"C{number}", "name": "Ana Souza", "document": "52998224725",
        "city": "São Paulo", "uf": "SP", "created_at": AT,
    }  # fmt: skip
    customer: Customer = await stored(session, Customer(**{**defaults, **values}))
    return customer


async def customer_of(session: AsyncSession, customer_id: int) -> Customer:
    """A customer that is there."""
    return await session.get_one(Customer, customer_id)


async def a_contract(session: AsyncSession, customer: Customer, **values: Any) -> Contract:
    """A telecom service in force."""
    defaults = {"code": f"K{next(_numbers)}", "customer_id": customer.id}
    contract: Contract = await stored(session, Contract(**{**defaults, **values}))
    return contract


async def an_invoice(
    session: AsyncSession, customer: Customer, amount: str = "100.00", **values: Any
) -> Invoice:
    """An invoice due in October, in negotiation; `open_amount` follows `amount`."""
    invoice = await an_uncounted_invoice(session, customer, amount, **values)
    await refresh_standings(session, [invoice.customer_id])
    return invoice


async def an_uncounted_invoice(
    session: AsyncSession, customer: Customer, amount: str = "100.00", **values: Any
) -> Invoice:
    """The same, for who makes many and then brings standings and totals in line at once."""
    code = f"F{next(_numbers)}"
    defaults = {
        "code": code, "number": code, "customer_id": customer.id, "due_date": date(2026, 10, 5),
        "amount": Decimal(amount), "open_amount": Decimal(amount),
        "collection_stage": "negotiating", "stage_since": AT,
    }  # fmt: skip
    invoice: Invoice = await stored(session, Invoice(**{**defaults, **values}))
    return invoice


async def a_category(session: AsyncSession, **values: Any) -> AgreementCategory:
    """An agreement category in use."""
    defaults = {"code": f"AC{next(_numbers)}", "name": "Negociação"}
    category: AgreementCategory = await stored(session, AgreementCategory(**{**defaults, **values}))
    return category


async def a_ledger_account(session: AsyncSession, **values: Any) -> LedgerAccount:
    """A ledger account in use."""
    defaults = {"code": f"LA{next(_numbers)}", "name": "Receitas de cobrança"}
    account: LedgerAccount = await stored(session, LedgerAccount(**{**defaults, **values}))
    return account


async def a_payment_profile(session: AsyncSession, **values: Any) -> PaymentProfile:
    """A payment profile in use."""
    defaults = {"code": f"PP{next(_numbers)}", "name": "Boleto"}
    profile: PaymentProfile = await stored(session, PaymentProfile(**{**defaults, **values}))
    return profile


async def a_contact_category(session: AsyncSession, **values: Any) -> ContactCategory:
    """A contact category in use."""
    defaults = {"code": f"CC{next(_numbers)}", "name": "Cobrança"}
    category: ContactCategory = await stored(session, ContactCategory(**{**defaults, **values}))
    return category


async def a_user(session: AsyncSession, login: str = "ana", **values: Any) -> User:
    """Somebody who works here, and cannot log in."""
    defaults = {"login": login, "name": login.capitalize(), "created_at": AT}
    user: User = await stored(session, User(**{**defaults, **values}))
    return user


async def a_team(
    session: AsyncSession, *members: User, manager: User | None = None, code: str = "cobranca"
) -> Team:
    """The collections team, with its people."""
    manager_id = manager.id if manager else None
    team: Team = await stored(session, Team(code=code, name="Cobrança", manager_id=manager_id))
    session.add_all([TeamMember(team_id=team.id or 0, user_id=user.id or 0) for user in members])
    await session.flush()
    return team


async def a_collections_case(
    session: AsyncSession,
    customer: Customer,
    *,
    stage: str = AccountStage.NEGOTIATING,
    at: datetime = AT,
) -> Case:
    """The customer's collections, with an account; `start_case` or any news starts its journey."""
    assert customer.id is not None
    await stored(session, CollectionAccount(customer_id=customer.id, opened_at=at, opened_by="ana"))
    return await open_case(
        session, process=Process.COLLECTIONS, subject_id=customer.id, customer_id=customer.id,
        stage=stage, by="ana", at=at,
    )  # fmt: skip


async def pay(
    session: AsyncSession,
    invoice: Invoice,
    amount: str | None = None,
    *,
    at: datetime = AT,
    credited_on: date | None = None,
) -> Payment:
    """The customer pays what is open, or a part, today; the journeys are told."""
    fresh = await session.get_one(Invoice, invoice.id, populate_existing=True)
    paid = Decimal(amount) if amount else fresh.open_amount
    new = NewPayment(f"P{next(_numbers)}", fresh.key, paid, local_date(at), credited_on)
    return await record_payment(session, new, by="system", at=at)


async def events_of(session: AsyncSession, case: Case) -> list[str]:
    """The kinds of a case's history, in order."""
    statement = (
        select(CaseEvent.kind).where(CaseEvent.case_id == case.id).order_by(col(CaseEvent.id))
    )
    return list(await session.exec(statement))


def days(number: int, *, since: date = TODAY) -> date:
    """So many days after today, or before it."""
    return since + timedelta(days=number)
