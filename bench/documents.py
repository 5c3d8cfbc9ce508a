"""Invoices as PDF, with charges, boleto and Pix, beside an empty page from the same compiler."""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import typst
from sqlmodel import SQLModel

import models.tables  # noqa: F401 - declares every table
from activities.documents import Document, draw
from activities.invoice_documents import invoice_document
from models.charges import Charge
from models.contracts import Contract
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice
from models.registries import PaymentProfile

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)
DUE = date(2026, 10, 5)
CHARGES_EACH = 6
WARM_UP = 5
EMPTY_PAGE = '#set document(title: "Fatura", date: none)\n#set text(lang: "pt")\n= Fatura'


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of the processor: the first grow with others' work."""

    waited: float
    worked: float

    @classmethod
    def since(cls, start: Spent) -> Spent:
        """What was spent since `start`, which was made by `now`."""
        return cls(time.perf_counter() - start.waited, time.process_time() - start.worked)

    @classmethod
    def now(cls) -> Spent:
        """The two clocks as they stand."""
        return cls(time.perf_counter(), time.process_time())

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.waited + other.waited, self.worked + other.worked)


async def main(number: int) -> None:
    """This will print milliseconds an invoice: its rows read, its PDF drawn, and the floor."""
    with tempfile.TemporaryDirectory(prefix="acerto-bench-") as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder)}/acerto.db")
        async with database.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)
        await prepare(database, number + WARM_UP)
        collected = [await collect(database, each) for each in range(1, number + WARM_UP + 1)]
        await database.dispose()
        empty = empty_page(Path(folder, "empty.typ"))
        pairs = [
            (timed(partial(draw, document)), timed(partial(draw_empty, empty)))
            for _, document in collected
        ]
    drawn, floor = zip(*pairs[WARM_UP:], strict=True)
    read = [spent for spent, _ in collected[WARM_UP:]]
    print(f"{number} invoices of {CHARGES_EACH} charges, overdue, one thread")
    print(f"load average {os.getloadavg()[0]:.1f}\n")
    print("| | p50 ms | p95 ms | processor, p50 ms |")
    print("|---|---|---|---|")
    tell("an empty page from the compiler", floor)
    tell("rows read, boleto numbered", read)
    tell("PDF drawn", drawn)
    tell("both", [one + other for one, other in zip(read, drawn, strict=True)])


def tell(name: str, spent: Sequence[Spent]) -> None:
    """This will print a line of the table."""
    waited = [each.waited * 1e3 for each in spent]
    worked = median(each.worked for each in spent) * 1e3
    p95 = quantiles(waited, n=20)[-1]
    print(f"| {name} | {median(waited):.1f} | {p95:.1f} | {worked:.1f} |")


async def prepare(database: Database, number: int) -> None:
    """A customer with so many overdue invoices, to be paid by boleto and Pix."""
    async with database.write() as session:
        profile = PaymentProfile(
            code="boleto", name="Boleto", bank="341", branch="0810", account="53678",
            wallet="175", pix_key="financeiro@provedor.com.br", is_default=True,
        )  # fmt: skip
        customer = Customer(
            code="C1", name="Ana Souza", document="52998224725", street="Rua das Acácias, 120",
            city="São Paulo", uf="SP", created_at=AT,
        )  # fmt: skip
        session.add_all([profile, customer])
        await session.flush()
        contract = Contract(code="K1", customer_id=customer.id)
        session.add(contract)
        await session.flush()
        invoices = [an_invoice(customer, contract, each) for each in range(1, number + 1)]
        session.add_all(invoices)
        await session.flush()
        session.add_all(
            a_charge(invoice, each) for invoice in invoices for each in range(CHARGES_EACH)
        )


def an_invoice(customer: Customer, contract: Contract, number: int) -> Invoice:
    amount = Decimal(20 * CHARGES_EACH)
    return Invoice(
        code=f"F{number}", number=f"2026{number:08d}", customer_id=customer.id,
        contract_id=contract.id, issue_date=DUE - timedelta(days=10), due_date=DUE,
        amount=amount, open_amount=amount,
    )  # fmt: skip


def a_charge(invoice: Invoice, number: int) -> Charge:
    return Charge(
        key=f"{invoice.code}/{number}", contract_id=invoice.contract_id, kind="monthly",
        customer_id=invoice.customer_id, invoice_id=invoice.id, status="invoiced",
        description=f"Fibra 500 Mega, serviço {number}", amount=Decimal(20),
        period_start=date(2026, 9, 1), period_end=date(2026, 10, 1),
        issue_date=DUE, due_date=DUE, created_at=AT, created_by="bench",
    )  # fmt: skip


async def collect(database: Database, invoice_id: int) -> tuple[Spent, Document]:
    """What one transaction took, and the document that it collected."""
    started = Spent.now()
    async with database.write() as session:
        document = await invoice_document(session, invoice_id, at=AT, has_whole_cpf=True)
    return Spent.since(started), document


def empty_page(path: Path) -> typst.Compiler:
    path.write_text(EMPTY_PAGE)
    return typst.Compiler(path, ignore_system_fonts=True)


def draw_empty(compiler: typst.Compiler) -> None:
    compiler.compile(format="pdf", pdf_standards="ua-1")


def timed(work: Callable[[], Any]) -> Spent:
    started = Spent.now()
    work()
    return Spent.since(started)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--number", type=int, default=200)
    asyncio.run(main(arguments.parse_args().number))
