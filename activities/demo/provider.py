"""The provider itself: people, registries, ladders, customers, contracts, a year of invoices."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from faker import Faker
from sqlalchemy import func, insert, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.demo.documents import cnpj, cpf
from activities.demo.people import hire
from activities.demo.registries import fill_registries
from models.contracts import Contract
from models.customers import Customer
from models.invoices import Invoice
from models.payments import Payment
from rules.business_days import add_months, local_date

CITIES = (
    ("Belo Horizonte", "MG", 20), ("Contagem", "MG", 12), ("Betim", "MG", 9),
    ("Sete Lagoas", "MG", 8), ("Uberlândia", "MG", 10), ("Juiz de Fora", "MG", 6),
    ("Chapecó", "SC", 9), ("Florianópolis", "SC", 5), ("Joinville", "SC", 4),
    ("Campinas", "SP", 8), ("Ribeirão Preto", "SP", 5), ("Vitória", "ES", 4),
)  # fmt: skip
#: name, monthly amount, whether it is a telecom service
PLANS = (
    ("Fibra 300 Mega", "89.90", True), ("Fibra 500 Mega", "109.90", True),
    ("Fibra 1 Giga", "159.90", True), ("Fibra 500 + Telefone", "139.90", True),
    ("Link dedicado 100 Mega", "890.00", True), ("Gestão de telecom (TEM)", "450.00", False),
)  # fmt: skip
MONTHS = 12
CHUNK = 5000
#: Out of a hundred customers, how many stopped paying.
DEBTORS = 22


@dataclass(frozen=True)
class Provider:
    """What the journeys need to know: who owes since when, and what can be named."""

    rng: random.Random
    debtors: tuple[int, ...]
    operators: tuple[str, ...]
    categories: tuple[int, ...]
    ledger_account: int
    payment_profile: int
    contact_category: int


async def found_provider(
    session: AsyncSession, *, seed: int, now: datetime, customers: int
) -> Provider:
    """This will write the provider's rows and say who its debtors are."""
    rng = random.Random(seed)  # noqa: S311 - believable, and the same for the same seed
    faker = Faker("pt_BR")
    faker.seed_instance(seed)
    ladders, registries = await fill_registries(session)
    operators = await hire(session, now=now)
    everybody = [_customer(rng, faker, number, now) for number in range(1, customers + 1)]
    await _store(session, Customer, everybody)
    contracts = [_contract(rng, each, ladders, local_date(now)) for each in everybody]
    await _store(session, Contract, contracts)
    debtors = tuple(sorted(rng.sample(range(1, customers + 1), customers * DEBTORS // 100)))
    await _bill(session, rng, contracts, frozenset(debtors), now)
    return Provider(rng, debtors, operators, **registries)


async def _bill(
    session: AsyncSession,
    rng: random.Random,
    contracts: list[dict[str, Any]],
    debtors: frozenset[int],
    now: datetime,
) -> None:
    """Twelve months of invoices; who pays has paid, debtors stopped some months ago."""
    invoices: list[dict[str, Any]] = []
    payments: list[dict[str, Any]] = []
    for contract in contracts:
        unpaid = rng.choice((3, 4, 4, 5, 6)) if contract["customer_id"] in debtors else 0
        for month in range(MONTHS):
            invoice = _invoice(contract, len(invoices) + 1, month, local_date(now))
            invoices.append(invoice)
            if month < MONTHS - max(unpaid, 1) or (not unpaid and _is_due(invoice, now)):
                payments.append(_pay(rng, invoice, len(payments) + 1, now))
    await _store(session, Invoice, invoices)
    await _store(session, Payment, payments)


def _is_due(invoice: dict[str, Any], now: datetime) -> bool:
    return bool(invoice["due_date"] < local_date(now))


def _customer(rng: random.Random, faker: Faker, number: int, now: datetime) -> dict[str, Any]:
    city, uf, _ = rng.choices(CITIES, weights=[weight for *_, weight in CITIES])[0]
    is_company = rng.random() < 0.18
    name = faker.company() if is_company else faker.name()
    return {
        "id": number,
        "code": f"C{number:06}",
        "name": name,
        "document": cnpj(rng) if is_company else cpf(rng),
        "email": f"cliente{number}@exemplo.test" if rng.random() < 0.93 else None,
        "mobile": f"+5531{rng.randint(910000000, 999999999)}" if rng.random() < 0.9 else None,
        "street": faker.street_address(),
        "city": city,
        "uf": uf,
        "postal_code": faker.numerify("#####-###"),
        "created_at": now - timedelta(days=rng.randint(400, 1800)),
    }


def _contract(
    rng: random.Random, customer: dict[str, Any], ladders: tuple[int, int], today: date
) -> dict[str, Any]:
    plan, amount, is_telecom = rng.choices(PLANS, weights=(30, 28, 14, 10, 4, 6))[0]
    signed_on = today - timedelta(days=rng.randint(380, 1700))
    ended = is_telecom and rng.random() < 0.05
    return {
        "id": customer["id"],
        "code": f"K{customer['id']:06}",
        "customer_id": customer["id"],
        "description": plan,
        "ladder_id": ladders[1] if rng.random() < 0.15 else ladders[0],
        "telecom_service": is_telecom,
        "monthly_amount": Decimal(amount),
        "pay_on_time_discount": Decimal(10) if rng.random() < 0.3 else Decimal(0),
        "signed_on": signed_on,
        "terminated_on": today - timedelta(days=rng.randint(95, 140)) if ended else None,
    }


def _invoice(contract: dict[str, Any], number: int, month: int, today: date) -> dict[str, Any]:
    first = add_months(today.replace(day=1), months=month - MONTHS + 1)
    due = first.replace(day=(contract["id"] % 3) * 5 + 5)
    return {
        "id": number,
        "code": f"F{number:08}",
        "number": f"{first:%Y%m}{contract['id']:06}",
        "customer_id": contract["customer_id"],
        "contract_id": contract["id"],
        "issue_date": due - timedelta(days=12),
        "due_date": due,
        "description": f"{contract['description']} {first:%m/%Y}",
        "amount": contract["monthly_amount"],
        "open_amount": contract["monthly_amount"],
        "status": "open",
        "settled_on": None,
        "fiscal_document_issued": False,
        "remittance_generated": False,
        "pay_on_time_discount": contract["pay_on_time_discount"],
    }


def _pay(rng: random.Random, invoice: dict[str, Any], number: int, now: datetime) -> dict[str, Any]:
    late = rng.choices((0, 2, 6), weights=(80, 14, 6))[0]
    paid_on = min(invoice["due_date"] + timedelta(days=late - 1), local_date(now))
    invoice.update(status="settled", settled_on=paid_on, open_amount=Decimal(0))
    return {
        "code": f"PG{number:08}",
        "invoice_id": invoice["id"],
        "amount": invoice["amount"],
        "applied": invoice["amount"],
        "paid_on": paid_on,
        "credited_on": paid_on,
        "source": "csv",
        "at": now - (local_date(now) - paid_on),
        "by": "system",
    }


async def _store(session: AsyncSession, table: type[Any], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), CHUNK):
        await session.exec(insert(table), params=rows[start : start + CHUNK])
    if "id" in rows[0] and session.get_bind().dialect.name == "postgresql":
        # Rows that bring their own ids leave the sequence where it was.
        name = table.__tablename__
        highest: Any = select(func.setval(func.pg_get_serial_sequence(name, "id"), len(rows)))
        await session.exec(highest)
