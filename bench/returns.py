"""A return file of 100,000 titles into rows and outbox, and how fast the relay tells journeys.

All on one fresh SQLite file: invoices of 25,000 customers, a fifth of whom are in collections, each
with its boleto. The floor is the plain INSERT of the very rows that the file became. Then, on an
engine, how many signals a second the relay hands over, beside the bare client.
Run: python -m bench.returns; --relay 0 leaves the engine out, --bank 077 takes a bank that tells no
late charges.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Table
from sqlmodel import SQLModel, func, select

import models.tables  # noqa: F401 - declares every table
from activities.bank_returns import write_return_file
from bench.house import BenchHouse, bench_house
from bench.journeys import classify
from models import cases, imports, outbox
from models.bank_returns import BankReturnLine
from models.boleto_numbers import BoletoNumber
from models.bulk import BulkRun
from models.cases import Case, Command
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice, InvoiceEvent
from models.outbox import OutboxEntry
from models.payments import Payment
from models.registries import PaymentProfile
from rules.cnab import read_return
from rules.import_invoices import new_invoice
from rules.money import from_cents

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)
PAGE = 5_000
PER_CUSTOMER = 4
IN_COLLECTIONS = 5  # one customer in so many
WRITTEN: tuple[type[SQLModel], ...] = (Payment, InvoiceEvent, BankReturnLine)
OneOf = dict[str, Any]
Times = tuple[float, float]


async def main(titles: int, rounds: int, signals: int, bank: str) -> None:
    """This will print seconds and titles a second, then signals a second."""
    figures = [await one_round(FILES[bank](titles)) for _ in range(rounds)]
    ours, plain, reading = (middle(column) for column in zip(*figures, strict=True))
    print(f"{titles:,} titles, median of {rounds}\n")
    print("| | s | of processor | titles/s |")
    print("|---|---|---|---|")
    for name, (seconds, busy) in (
        ("plain INSERT of what they became", plain),
        ("reading the file alone", reading),
        ("the return file, matched, into rows and outbox", ours),
    ):
        print(f"| {name} | {seconds:.1f} | {busy:.1f} | {titles / seconds:,.0f} |")
    print(f"\nratio of medians: {ours[0] / plain[0]:.2f}; of processor: {ours[1] / plain[1]:.2f}")
    if signals:
        await relay_round(signals)


def middle(times: Sequence[Times]) -> Times:
    """The median of each."""
    seconds, busy = zip(*times, strict=True)
    return median(seconds), median(busy)


class Watch:
    """Seconds since it was made, by the clock and of this process's processor."""

    def __init__(self) -> None:
        self.began = time.perf_counter(), time.process_time()

    def read(self) -> Times:
        """Both, since it was made."""
        return time.perf_counter() - self.began[0], time.process_time() - self.began[1]


async def one_round(lines: Sequence[str]) -> tuple[Times, Times, Times]:
    """Seconds of the file, of the plain inserts, and of reading alone."""
    titles = len(lines) - 2
    with tempfile.TemporaryDirectory(prefix="acerto-bench-") as folder:
        path = Path(folder) / "retorno.ret"
        content = "".join(f"{line}\r\n" for line in lines).encode("latin-1")
        await asyncio.to_thread(path.write_bytes, content)
        watch = Watch()
        read(content)
        reading = watch.read()
        database = await fresh(Path(folder) / "ours.db")
        await fill(database, titles)
        watch = Watch()
        said = await write_return_file(database, path, at=AT)
        ours = watch.read()
        assert f"{titles} pagamentos, 0 a conferir" in said, said
        rows = [await rows_of(database, model) for model in (BulkRun, *WRITTEN)]
        await database.dispose()
        plain = await insert_plainly(Path(folder) / "plain.db", titles, rows)
    return ours, plain, reading


async def insert_plainly(path: Path, titles: int, rows: Sequence[list[OneOf]]) -> Times:
    """The floor: the same rows, in pages of the same size, nothing read or matched."""
    database = await fresh(path)
    await fill(database, titles)
    watch = Watch()
    for model, told in zip((BulkRun, *WRITTEN), rows, strict=True):
        for start in range(0, len(told), PAGE):
            async with database.write() as session:
                await imports.insert_rows(session, model, told[start : start + PAGE])
    times = watch.read()
    await database.dispose()
    return times


def read(content: bytes) -> None:
    """Every line read, nothing kept."""
    assert not read_return(content).not_read


def itau(titles: int) -> list[str]:
    """CNAB 400 of Itaú: each boleto is paid whole, late, with its charges."""
    lines = ["02RETORNO01COBRANCA".ljust(76) + "341" + " " * 29 + "00001" + " " * 281]
    for number in range(1, titles + 1):
        fields = {
            1: "1", 63: f"{number:08d}", 109: "06", 111: "131126", 147: "051026",
            153: f"{cents(number):013d}", 176: "0000000000210",
            254: f"{cents(number) + 207:013d}", 267: "0000000000417", 296: "161126",
        }  # fmt: skip
        lines.append(_line(fields, number + 1))
    return [*lines, _line({1: "9201341"}, titles + 2)]


def inter(titles: int) -> list[str]:
    """CNAB 400 of Inter, which tells no charges: each invoice is paid whole, late, with some."""
    lines = ["02RETORNO01COBRANCA".ljust(76) + "077" + " " * 29 + "00001" + " " * 281]
    for number in range(1, titles + 1):
        fields = {
            1: "1", 71: f"{number:011d}", 90: "06", 92: "131126", 98: f"F{number}",
            119: "051026", 125: f"{cents(number):013d}", 160: f"{cents(number) + 330:013d}",
            173: "161126",
        }  # fmt: skip
        lines.append(_line(fields, number + 1))
    return [*lines, _line({1: "9201077"}, titles + 2)]


FILES = {"341": itau, "077": inter}


def cents(number: int) -> int:
    """What an invoice is of: no two thousand in a row are alike."""
    return 10_000 + number % 2_000


def _line(fields: dict[int, str], number: int) -> str:
    line, place = [], 1
    for column, text in sorted(fields.items()):
        line.append(" " * (column - place) + text)
        place = column + len(text)
    return "".join(line).ljust(394) + f"{number:06d}"


async def fresh(path: Path) -> Database:
    """An empty database."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    return database


async def fill(database: Database, titles: int) -> None:
    """Customers, a fifth of them in collections, their invoices and boletos."""
    customers = [
        {"code": f"C{n}", "name": f"Cliente {n}", "document": "52998224725", "created_at": AT}
        for n in range(titles // PER_CUSTOMER)
    ]
    invoices = [_invoice(number) for number in range(1, titles + 1)]
    boletos = [
        {"payment_profile_id": 1, "sequence": n, "invoice_id": n, "our_number": f"109/{n:08d}-0",
         "at": AT}
        for n in range(1, titles + 1)
    ]  # fmt: skip
    async with database.write() as session:
        session.add(
            PaymentProfile(
                code="B1", name="Itaú", bank="341", branch="1", account="1", wallet="109"
            )
        )
        await session.flush()
        await imports.insert_rows(session, Customer, customers)
        await imports.insert_rows(session, Invoice, invoices)
        await imports.insert_rows(session, BoletoNumber, boletos)
    async with database.write() as session:
        for customer_id in range(IN_COLLECTIONS, len(customers) + 1, IN_COLLECTIONS):
            await cases.open_case(
                session, process="collections", subject_id=customer_id, customer_id=customer_id,
                stage="classified", by="system", at=AT,
            )  # fmt: skip
    await database.refresh_statistics()


def _invoice(number: int) -> OneOf:
    customer_id = (number - 1) // PER_CUSTOMER + 1
    is_collected = customer_id % IN_COLLECTIONS == 0
    told = {
        "code": f"F{number}", "number": f"2026/{number}", "customer_id": customer_id,
        "due_date": date(2026, 10, 5), "amount": from_cents(cents(number)),
    }  # fmt: skip
    row = new_invoice(told, today=AT.date())
    stage = {"collection_stage": "classified", "stage_since": AT} if is_collected else {}
    return {**row, "collection_stage": None, "stage_since": None, **stage}


async def rows_of(database: Database, model: type[SQLModel]) -> list[OneOf]:
    """Every row of a table, ready to be inserted elsewhere."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    async with database.read() as session:
        statement: Any = select(*table.columns)
        return [dict(row) for row in (await session.exec(statement)).mappings()]


async def relay_round(signals: int) -> None:
    """This will print how many signals a second the relay hands over, beside the bare client."""
    async with bench_house(port=21_700) as house:
        await classify(house, 0)
        await _owe(house)
        await _until_delivered(house)
        await _until_at_rest(house)
        ours = await _through_the_relay(house, signals)
        await _until_at_rest(house)
        bare = await _barely(house, signals)
    print("\n| relay, signals/s | bare client, signals/s | ratio |")
    print("|---|---|---|")
    print(f"| {ours:.0f} | {bare:.0f} | {ours / bare:.2f} |")


async def _owe(house: BenchHouse) -> None:
    """Who owes nothing has no collections that news could reach."""
    async with house.database.write() as session:
        customers = (await session.exec(select(Customer.id))).all()
        owed = {**_invoice(IN_COLLECTIONS * PER_CUSTOMER), "stage_since": datetime.now(UTC)}
        rows = [{**owed, "code": f"R{each}", "customer_id": each} for each in customers]
        await imports.insert_rows(session, Invoice, rows)


async def _through_the_relay(house: BenchHouse, signals: int) -> float:
    async with house.database.write() as session:
        found = (await session.exec(select(Case))).all()
        for number in range(signals):
            case = found[number % len(found)]
            outbox.tell_case(session, case, news_id=f"bench/{number}", at=datetime.now(UTC))
    began = time.perf_counter()
    await _until_delivered(house)
    return signals / (time.perf_counter() - began)


async def _until_delivered(house: BenchHouse) -> None:
    while True:
        async with house.database.read() as session:
            waiting = select(OutboxEntry.id).where(OutboxEntry.delivered_at == None)  # noqa: E711
            if (await session.exec(waiting.limit(1))).first() is None:
                return
        await asyncio.sleep(0.02)


async def _until_at_rest(house: BenchHouse) -> None:
    """Every journey has looked at its rows: nothing was answered for a second."""
    before = -1
    while True:
        async with house.database.read() as session:
            answered = (await session.exec(select(func.count()).select_from(Command))).one()
        if answered == before:
            return
        before = answered
        await asyncio.sleep(1)


async def _barely(house: BenchHouse, signals: int) -> float:
    """The floor: the same signals, forty at once, to the same workflows."""
    gate = asyncio.Semaphore(40)
    async with house.database.read() as session:
        found = (await session.exec(select(Case))).all()

    async def one(number: int) -> None:
        async with gate:
            handle = house.client.get_workflow_handle(found[number % len(found)].workflow_id)
            await handle.signal("news", f"bare/{number}")

    began = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(signals)))
    return signals / (time.perf_counter() - began)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--titles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bank", choices=FILES, default="341")
    parser.add_argument("--relay", type=int, default=3_000, metavar="SIGNALS")
    given = parser.parse_args()
    asyncio.run(main(given.titles, given.rounds, given.relay, given.bank))
