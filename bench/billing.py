"""Billing of a hundred thousand charges, beside the plain INSERT of the invoices they make.

Both on one fresh SQLite file, in this one process: the floor is what the database needs to take
the rows at all, with their indexes.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import text
from sqlmodel import SQLModel
from temporalio.testing import ActivityEnvironment

import models.tables  # noqa: F401 - declares every table
from activities.billing import PAGE, BillingActivities, start_billing
from models.database import Database

TODAY = date(2026, 11, 16)
#: Charges of an invoice.
TOGETHER = 2


async def main(charges: int, rounds: int) -> None:
    """This will print invoices a second of both, the medians of so many rounds, and their ratio."""
    invoices = charges // TOGETHER
    figures = [await one_round(invoices) for _ in range(rounds)]
    plain, first, again = (median(column) for column in zip(*figures, strict=True))
    print(f"{charges:,} charges, {invoices:,} invoices, median of {rounds}\n")
    print("| | s | invoices/s |")
    print("|---|---|---|")
    print(f"| plain INSERT of the invoices | {plain:.2f} | {invoices / plain:,.0f} |")
    print(f"| billing, everything new | {first:.2f} | {invoices / first:,.0f} |")
    print(f"| straight after, nothing new | {again:.3f} | |")
    print(f"\nratio of medians: {first / plain:.2f}")


async def one_round(invoices: int) -> tuple[float, float, float]:
    """Seconds of the plain INSERT, of billing, and of billing straight after."""
    with tempfile.TemporaryDirectory(prefix="acerto-bench-") as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder)}/acerto.db")
        async with database.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)
        await prepare(database, invoices)
        plain = await timed(lambda: insert_invoices(database, invoices))
        first = await timed(lambda: bill(database))
        again = await timed(lambda: bill(database))
        async with database.engine.connect() as connection:
            made = await connection.scalar(text("SELECT count(*) FROM invoices"))
        await database.dispose()
    if made != invoices * 2:
        raise RuntimeError(f"{made} invoices, not {invoices * 2}")
    return plain, first, again


async def timed(work: Callable[[], Awaitable[None]]) -> float:
    """How many seconds the work took."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def prepare(database: Database, customers: int) -> None:
    """This will fill in the customers, a contract each, and their charges."""
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TEMP TABLE numbers (i INTEGER PRIMARY KEY)"))
        await connection.execute(text(NUMBERS), {"n": customers})
        for statement in (CUSTOMERS, CONTRACTS, CHARGES):
            await connection.execute(text(statement), {"each": TOGETHER})


async def insert_invoices(database: Database, customers: int) -> None:
    """This will insert as many invoices plainly, in pages like the run's."""
    for first in range(1, customers + 1, PAGE):
        async with database.engine.begin() as connection:
            await connection.execute(text(INVOICES), {"first": first, "last": first + PAGE - 1})


async def bill(database: Database) -> None:
    """This will run billing's own activity."""
    async with database.write() as session:
        run = await start_billing(session, by="bench", at=datetime.now(UTC))
        run.business_date = TODAY
        session.add(run)
    await ActivityEnvironment().run(BillingActivities(database).bill, run.number)


NUMBERS = """
INSERT INTO numbers
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n) SELECT i FROM n
"""
CUSTOMERS = """
INSERT INTO customers (id, code, name, document, email, mobile, city, uf, created_at)
SELECT i, 'C' || i, 'Cliente ' || i, printf('%011d', i), 'c' || i || '@exemplo.com.br',
       '+5511' || printf('%09d', i), 'Cidade ' || (i % 50), 'SP', '2026-01-01 00:00:00.000000'
FROM numbers WHERE :each
"""
CONTRACTS = """
INSERT INTO contracts (
    id, code, customer_id, description, stage, plan_type, telecom_service, monthly_amount,
    pay_on_time_discount, term, periodicity_months, inactivity_discount, billing_method,
    invoice_discount, fiscal_document, notes, fiscal_note, setup_fee, setup_instalments,
    setup_composition, generate_setup_now, renewal_price, charges_suggested,
    ignore_automatic_renewal, wait_for_activation, review_charges, minimum_term_months,
    minimum_term_fee, readjustment_method, negative_readjustment, origin, origin_ref, end_reason,
    created_by, version, term_months, payment_method, readjustment_lag_months,
    kept_price_resets_base, renewal_form, address)
SELECT i, 'K' || i, i, 'Fibra 500', 'active', 'internet', 1, 10000, 0, 1, 1, 0, 'grouped', 0, 1,
       '', '', 0, 1, '', 0, 'by_plan', 0, 0, 1, 0, 0, 0, 'number_indices', 'ask', 'customer', '',
       '', '', 1, 0, 'boleto_pix', 1, 0, 'extension', '{}'
FROM numbers WHERE :each
"""
CHARGES = """
INSERT INTO charges (key, contract_id, customer_id, kind, description, issue_date, due_date,
                     amount, discount, pay_on_time_discount, status, reason, created_at,
                     created_by, parts, lost_days)
SELECT i || '/' || k, i, i, 'monthly', 'Fibra 500', '2026-11-05', '2026-11-15', 10000 + k, 0, 0,
       'open', '', '2026-11-01 00:00:00.000000', 'bench', '{}', 0
FROM (SELECT i FROM numbers)
CROSS JOIN (SELECT i AS k FROM numbers WHERE i <= :each)
"""
INVOICES = """
INSERT INTO invoices (code, number, customer_id, contract_id, issue_date, due_date, description,
                      amount, open_amount, status, fiscal_document_issued, remittance_generated,
                      pay_on_time_discount)
SELECT 'P' || i, 'P' || i, i, i, '2026-11-05', '2026-11-15', 'Fibra 500', 20003, 20003, 'open',
       0, 0, 0
FROM numbers WHERE i BETWEEN :first AND :last
"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charges", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    asyncio.run(main(arguments.charges, arguments.rounds))
