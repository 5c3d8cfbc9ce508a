"""Classification of a million open invoices, beside the plain INSERT of the same invoices.

Both on one fresh SQLite file, in pages of the same size, in this one process: the floor is what
the database needs to take the rows at all, with their indexes.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import text
from sqlmodel import SQLModel
from temporalio.testing import ActivityEnvironment

import models.tables  # noqa: F401 - declares every table
from activities.classification import PAGE, ClassificationActivities, start_classification
from models.database import Database
from models.ladder_tables import Ladder, LadderStep
from rules.classification import FORWARD

TODAY = date(2026, 11, 16)
INVOICES_EACH = 5


async def main(customers: int, rounds: int) -> None:
    """This will print invoices a second of both, the medians of so many rounds, and their ratio."""
    invoices = customers * INVOICES_EACH
    figures = [await one_round(customers) for _ in range(rounds)]
    plain, first, again = (median(column) for column in zip(*figures, strict=True))
    print(f"{customers:,} customers, {invoices:,} open overdue invoices, median of {rounds}\n")
    print("| | s | invoices/s |")
    print("|---|---|---|")
    print(f"| plain INSERT of the invoices | {plain:.1f} | {invoices / plain:,.0f} |")
    print(f"| classification, everything new | {first:.1f} | {invoices / first:,.0f} |")
    print(f"| straight after, nothing new | {again:.3f} | |")
    print(f"\nratio of medians: {first / plain:.2f}")


async def one_round(customers: int) -> tuple[float, float, float]:
    """Seconds of the plain INSERT, of the classification, and of one straight after."""
    with tempfile.TemporaryDirectory(prefix="acerto-bench-") as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder)}/acerto.db")
        async with database.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)
        await prepare(database, customers)
        plain = await timed(lambda: insert_invoices(database, customers))
        first = await timed(lambda: classify(database))
        again = await timed(lambda: classify(database))
        await database.dispose()
    return plain, first, again


async def timed(work: Callable[[], Awaitable[None]]) -> float:
    """How many seconds the work took."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def prepare(database: Database, customers: int) -> None:
    """This will fill in what invoices lean on: one ladder, the customers."""
    async with database.write() as session:
        ladder = Ladder(code="default", name="Padrão", is_default=True)
        session.add(ladder)
        await session.flush()
        session.add(LadderStep(ladder_id=ladder.id or 0, action=FORWARD, offset_days=10))
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TEMP TABLE numbers (i INTEGER PRIMARY KEY)"))
        await connection.execute(text(NUMBERS), {"n": customers})
        await connection.execute(text(CUSTOMERS))


async def insert_invoices(database: Database, customers: int) -> None:
    """This will insert the invoices themselves, in pages like the classifier's."""
    oldest = (TODAY - timedelta(days=60)).isoformat()
    for first in range(1, customers + 1, PAGE):
        page = {"first": first, "last": first + PAGE - 1, "oldest": oldest, "each": INVOICES_EACH}
        async with database.engine.begin() as connection:
            await connection.execute(text(INVOICES), page)


async def classify(database: Database) -> None:
    """This will run the classifier's own activity."""
    async with database.write() as session:
        run = await start_classification(session, by="bench", at=datetime.now(UTC))
        run.business_date = TODAY
        session.add(run)
    environment = ActivityEnvironment()
    await environment.run(ClassificationActivities(database).classify, run.number)


NUMBERS = """
INSERT INTO numbers
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n) SELECT i FROM n
"""
CUSTOMERS = """
INSERT INTO customers (id, code, name, document, email, mobile, city, uf, created_at)
SELECT i, 'C' || i, 'Cliente ' || i, printf('%011d', i), 'c' || i || '@exemplo.com.br',
       '+5511' || printf('%09d', i), 'Cidade ' || (i % 50), 'SP', '2026-01-01 00:00:00.000000'
FROM numbers
"""
INVOICES = """
INSERT INTO invoices (code, number, customer_id, due_date, description, amount, open_amount,
                      status, fiscal_document_issued, remittance_generated, pay_on_time_discount)
SELECT 'F' || i || '-' || k, i || '/' || k, i,
       date(:oldest, '+' || ((i * 7 + k * 13) % 45) || ' days'),
       'Plano Fibra 500', 10000 + i % 9000, 10000 + i % 9000, 'open', 0, 0, 0
FROM (SELECT i FROM numbers WHERE i BETWEEN :first AND :last)
CROSS JOIN (SELECT i AS k FROM numbers WHERE i <= :each)
"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    asyncio.run(main(arguments.customers, arguments.rounds))
