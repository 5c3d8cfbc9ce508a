"""A house that collects by boletos, and return files of its bank written without an engine."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from sqlmodel import col, select

from activities.bank_returns import ReturnRef, ReturnWork
from activities.import_work import UploadedFile
from activities.return_requests import take_in
from models.bank_returns import BankReturnLine
from models.boleto_numbers import BoletoNumber
from models.bulk import BulkRun
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice
from models.registries import PaymentProfile
from rules.boleto_banks import BankAccount, bank_title
from rules.return_files import look_at_return

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)
ITAU = {"bank": "341", "branch": "1234", "account": "56789", "wallet": "109"}


async def collect_by_boleto(
    database: Database, *invoices: Invoice, account: dict[str, str] | None = None
) -> None:
    """This will store invoices of one new customer with a boleto each, numbered from 1 on."""
    async with database.write() as session:
        customer = Customer(code="C1", name="Ana Souza", document="52998224725", created_at=AT)
        profile = PaymentProfile(code="B1", name="Boletos", **(account or ITAU))
        session.add_all([customer, profile])
        await session.flush()
        for sequence, invoice in enumerate(invoices, start=1):
            invoice.customer_id, invoice.payment_profile_id = customer.id or 0, profile.id
            session.add(invoice)
            await session.flush()
            title = bank_title(BankAccount(**(account or ITAU)), sequence=sequence)
            number = BoletoNumber(
                payment_profile_id=profile.id or 0, sequence=sequence, invoice_id=invoice.key,
                our_number=title.our_number, at=AT,
            )  # fmt: skip
            session.add(number)


def an_invoice(code: str = "F1", amount: str = "100.00", **values: object) -> Invoice:
    """An open invoice that fell due on 5 October."""
    owed = {"open_amount": Decimal(amount), "due_date": date(2026, 10, 5), "customer_id": 0}
    return Invoice(code=code, amount=Decimal(amount), **{**owed, **values})  # type: ignore[arg-type]


async def send_in(
    database: Database, folder: Path, content: bytes, *, is_corrected: bool = False
) -> BulkRun:
    """This will take a file in as the page does, without writing its lines."""
    path = folder / f"{sha256(content).hexdigest()[:12]}.ret"
    path.write_bytes(content)
    kept = UploadedFile(str(path), "CB161126.RET", "", len(content))
    head = look_at_return(content, name=kept.name)
    async with database.write() as session:
        return await take_in(session, head, kept, is_corrected=is_corrected, by="ana", at=AT)


async def write_out(database: Database, run: BulkRun, *, page_size: int = 5_000) -> BulkRun:
    """This will do what the workflow of a return file does."""
    await ReturnWork(database, page_size=page_size).write(ReturnRef(run.number), at=AT)
    async with database.read() as session:
        return await session.get_one(BulkRun, run.number)


async def lines_of(database: Database, run: BulkRun) -> list[BankReturnLine]:
    """What became of each line, in order."""
    statement = select(BankReturnLine).where(BankReturnLine.run_id == run.number)
    async with database.read() as session:
        return list(await session.exec(statement.order_by(col(BankReturnLine.id))))
