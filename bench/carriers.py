"""Import and audit of a carrier's file of 1,000,000 calls (350 MB), beside copying its bytes.

FEBRABAN V3R0, 2,000 lines, an agreement with every kind of tariff, a few hundred planted errors, on
one fresh SQLite file. The floors are a copy of the file in memory and `wc -l`, in the same run.
Run: python -m bench.carriers
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

from sqlmodel import SQLModel

import models.tables  # noqa: F401 - declares every table
from activities.carrier_files import BLOCK, pack, read_file
from activities.carriers import import_carrier_file
from models.carrier_agreements import CarrierAgreement, CarrierTariff
from models.carriers import Carrier, CarrierAccount, normalise_account
from models.customers import Customer
from models.database import Database
from models.lines import Line
from rules.audit import audit
from rules.audit_rules import Rule
from rules.audit_subject import Subject
from rules.carrier_bills import write_record
from rules.carrier_errors import plant
from rules.carrier_layouts.febraban_v3r0 import LAYOUT
from rules.carrier_samples import CLOSING_DAY, TERMS, Sample, file_of, make_sample
from rules.carrier_terms import InventoryLine

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
LINES, CALLS = 20, 500
END = b"\r\n"


def main(calls: int, rounds: int) -> None:
    """This will print seconds, MB/s and the peak of memory."""
    with tempfile.TemporaryDirectory(prefix="acerto-bench-") as folder:
        path = Path(folder) / "fatura.txt"
        sample = write_file(path, copies=max(1, calls // (LINES * CALLS)))
        before = peak()
        whole, told = timed(lambda: asyncio.run(import_and_audit(path, sample, Path(folder))))
        after = peak()
        figures = {
            "copy in memory": lambda: copy(path),
            "wc -l": lambda: subprocess.run(["wc", "-l", path], check=True, capture_output=True),
            "reading alone": lambda: read_file(path, name=path.name),
        }
        print(f"{path.stat().st_size / 1e6:.0f} MB; {told}\n")
        print("| | s | MB/s |\n|---|---|---|")
        for name, work in figures.items():
            tell(name, median(timed(work)[0] for _ in range(rounds)), path)
        tell("audit alone", median(timed(audit_of(path, sample))[0] for _ in range(rounds)), path)
        tell("import and audit, to the findings in the database", whole, path)
        shutil.copy(path, path.with_name("kept.txt"))
        tell("compressing it to keep", timed(lambda: pack(path.with_name("kept.txt")))[0], path)
        print(f"\npeak of memory: {after:.0f} MB, {before:.0f} MB before the import")


def tell(name: str, seconds: float, path: Path) -> None:
    """This will print a line of the table."""
    print(f"| {name} | {seconds:.2f} | {path.stat().st_size / 1e6 / seconds:,.0f} |")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """The seconds that some work takes, and what it gives."""
    began = time.perf_counter()
    given = work()
    return time.perf_counter() - began, given


def peak() -> float:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def copy(path: Path) -> None:
    """The floor: every byte read and copied once, in blocks as the reader takes them."""
    into = bytearray(BLOCK)
    with path.open("rb") as file:
        while size := file.readinto(into):
            bytes(into[:size])


def audit_of(path: Path, sample: Sample) -> Callable[[], Any]:
    """The audit of a file that was read."""
    reading = read_file(path, name=path.name)
    bill = sample.bill
    return lambda: audit(
        Subject(
            reading, terms=TERMS, inventory=sample.inventory, issue_date=bill.issue_date,
            period=bill.period,
        )
    )  # fmt: skip


async def import_and_audit(path: Path, sample: Sample, folder: Path) -> str:
    """What the command line does, on a fresh database."""
    database = Database(f"sqlite+aiosqlite:///{folder}/acerto.db")
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    await register(database, sample)
    told = await import_carrier_file(database, path, at=AT)
    await database.dispose()
    return told


async def register(database: Database, sample: Sample) -> None:
    """The company with its account, agreement, tariffs and inventory."""
    async with database.write() as session:
        customer = Customer(code="C1", name="Aurora", document="", created_at=AT)
        carrier = Carrier(code="claro", name="Claro")
        agreement = CarrierAgreement(code="K1", name="K1")
        session.add_all([customer, carrier, agreement])
        await session.flush()
        start = {"agreement_id": agreement.id, "valid_from": date(2020, 1, 1)}
        session.add_all(CarrierTariff(**{**vars(each), **start}) for each in TERMS.tariffs)
        session.add_all(Line(customer_id=customer.id, number=each) for each in sample.inventory)
        session.add(
            CarrierAccount(
                carrier_id=carrier.id, customer_id=customer.id, agreement_id=agreement.id,
                number=normalise_account(sample.bill.account), closing_day=CLOSING_DAY,
            )
        )  # fmt: skip


def write_file(path: Path, *, copies: int) -> Sample:
    """A bill of twenty lines over and over, each time under other numbers; its trailer is right."""
    sample = make_sample(lines=LINES, calls=CALLS)
    plant(sample, Rule.RATE_DIFFERS)
    plant(sample, Rule.DUPLICATE, seed=2)
    bill = sample.bill
    bill.charges = [each for each in bill.charges if each.number]
    lines = file_of(bill, LAYOUT.key).split(END)
    body = END.join(lines[1:-3]) + END
    with path.open("wb") as file:
        file.write(lines[0] + END)
        for place in range(copies):
            file.write(_under_others(body, bill.lines, place))
        file.write(_frame_end(lines, bill.total, copies))
    numbers = [_other(number, place) for place in range(copies) for number in bill.lines]
    sample.inventory = {each: InventoryLine(each) for each in numbers}
    return sample


def _under_others(body: bytes, numbers: list[str], place: int) -> bytes:
    for number in numbers:
        body = body.replace(number.encode(), _other(number, place).encode())
    return body


def _other(number: str, place: int) -> str:
    return f"{number[:3]}{place:03}{number[6:]}"


def _frame_end(lines: list[bytes], total: int, copies: int) -> bytes:
    """The fiscal note and the trailer, of so many times as much."""
    trailer = LAYOUT.by_code["99"]
    text = lines[-2].decode("latin-1")
    told = {each.name: text[each.place] for each in trailer.fields}
    values = {
        name: int(value) * copies
        for name, value in told.items()
        if name.startswith(("amount_", "count_", "total"))
    }
    frame = {name: told[name].strip() for name in ("account", "issue_date", "month", "due_date")}
    signs = {name: -1 if told[name] == "-" else 1 for name in told if name.startswith("sign_")}
    counted = {"count_80": 1, "records": (len(lines) - 4) * copies + 3}
    note = {**frame, "amount": total * copies}
    records = (
        write_record(LAYOUT.by_code["80"], note),
        write_record(trailer, {**frame, **values, **signs, **counted}),
    )
    return "".join(f"{each}\r\n" for each in records).encode()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    main(given.calls, given.rounds)
