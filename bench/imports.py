"""Import of 100,000 invoices of 25,000 customers, beside the plain INSERT of the same rows.

Both on one fresh SQLite file, in this one process: the floor is what the database needs to take
rows that are ready in memory; the ratio is what reading, checking and comparing them costs.
Run: python -m bench.imports
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from sqlmodel import SQLModel

import models.tables  # noqa: F401 - declares every table
from activities.demo.documents import cpf
from activities.imports import import_file
from models import imports
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice
from rules.import_invoices import new_invoice

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)
TODAY = AT.date()
PAGE = 5_000
Rows = list[dict[str, Any]]


async def main(invoices: int, rounds: int) -> None:
    """This will print seconds and rows a second of each, the medians of so many rounds."""
    with tempfile.TemporaryDirectory(prefix="acerto-bench-") as folder:
        customers = write_customers(Path(folder) / "clientes.csv", invoices // 4)
        rows = write_invoices(Path(folder) / "faturas.csv", invoices, invoices // 4)
        figures = [await one_round(Path(folder), customers, rows) for _ in range(rounds)]
    plain, first, again = (median(column) for column in zip(*figures, strict=True))
    total = invoices + invoices // 4
    print(f"{invoices:,} invoices of {invoices // 4:,} customers, median of {rounds}\n")
    print("| | s | rows/s |")
    print("|---|---|---|")
    print(f"| plain INSERT of customers and invoices | {plain:.1f} | {total / plain:,.0f} |")
    print(f"| import of both files | {first:.1f} | {total / first:,.0f} |")
    print(f"| import of both again, nothing changed | {again:.1f} | {total / again:,.0f} |")
    print(f"\nratio of medians: {first / plain:.2f}")


async def one_round(folder: Path, customers: Rows, invoices: Rows) -> tuple[float, float, float]:
    """Seconds of the plain INSERT, of the import, and of the same import again."""
    (plain,) = await with_database(lambda database: insert_all(database, customers, invoices))
    first, again = await with_database(
        lambda database: import_both(database, folder),
        lambda database: import_both(database, folder),
    )
    return plain, first, again


async def with_database(*works: Callable[[Database], Awaitable[None]]) -> tuple[float, ...]:
    """Seconds of each work, one after the other on one fresh database."""
    with tempfile.TemporaryDirectory(prefix="acerto-bench-") as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/acerto.db")
        async with database.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)
        seconds = []
        for work in works:
            began = time.perf_counter()
            await work(database)
            seconds.append(time.perf_counter() - began)
        await database.dispose()
    return tuple(seconds)


async def import_both(database: Database, folder: Path) -> None:
    """The import as the command line does it."""
    for name in ("clientes.csv", "faturas.csv"):
        said = await import_file(database, folder / name, at=AT)
        assert " 0 recusadas" in said, said


async def insert_all(database: Database, customers: Rows, invoices: Rows) -> None:
    """The floor: the same rows, in pages of the same size, nothing read or checked."""
    for model, rows in ((Customer, customers), (Invoice, invoices)):
        for start in range(0, len(rows), PAGE):
            async with database.write() as session:
                await imports.insert_rows(session, model, rows[start : start + PAGE])


def write_customers(path: Path, count: int) -> Rows:
    """This will write the file, and give its rows as the database takes them."""
    rng = random.Random(2018)
    rows = [
        {
            "code": f"C{n}", "name": f"Cliente Número {n}", "document": cpf(rng),
            "email": f"c{n}@example.com", "mobile": f"+55119{rng.randrange(10**7, 10**8)}",
            "street": f"Rua {n}, 10", "city": "São Paulo", "uf": "SP",
            "postal_code": "01310-100",
        }
        for n in range(count)
    ]  # fmt: skip
    write(path, rows)
    return [row | {"created_at": AT} for row in rows]


def write_invoices(path: Path, count: int, customers: int) -> Rows:
    """This will write the file, and give its rows as the database takes them."""
    rng = random.Random(2018)
    told = [
        {
            "code": f"F{n}", "number": f"2026/{n}", "customer": f"C{rng.randrange(customers)}",
            "issue_date": date(2026, 9, 1), "due_date": date(2026, 10, 1) + timedelta(days=n % 28),
            "description": "Fibra 500 Mega", "amount": Decimal(rng.randrange(5_000, 40_000)) / 100,
        }
        for n in range(count)
    ]  # fmt: skip
    write(path, told)
    return list(_as_rows(told))


def _as_rows(told: Rows) -> Iterator[dict[str, Any]]:
    for row in told:
        customer_id = int(row.pop("customer")[1:]) + 1
        yield new_invoice({**row, "customer_id": customer_id}, today=TODAY)


def write(path: Path, rows: Rows) -> None:
    """This will write a CSV as a billing system does."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(rows[0])
        writer.writerows([_cell(value) for value in row.values()] for row in rows)


def _cell(value: object) -> str:
    return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else str(value)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--invoices", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    asyncio.run(main(given.invoices, given.rounds))
