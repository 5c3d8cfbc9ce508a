"""Two return files of the demonstration's bank: one that went well, one that wants a look."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.bank_returns import write_return_file
from activities.demo.life import Life
from models.boleto_numbers import number_boleto
from models.cases import Case
from models.contracts import Contract
from models.database import Database
from models.invoices import Invoice
from models.registries import PaymentProfile
from rules.business_days import local_date
from rules.cases import Process
from rules.cnab_samples import SampleTitle, as_sent, spoil, write_return
from rules.cnab_titles import TitleOutcome
from rules.contracts import ContractStage

COMPANY = "0328600075367"
#: Of the boletos, how many the first file says are paid, and how many are new at the bank.
PAID, NEW = 12, 4
BOLETOS = PAID + NEW + 7
FEE = Decimal("1.90")


@dataclass(frozen=True)
class _Sent:
    """A file: what it tells, when it came, and its number at the bank."""

    lines: list[str]
    at: datetime
    number: int


async def load_returns(database: Database, *, at: datetime) -> None:
    """This will bill some customers ahead, and write yesterday's file of the bank and today's."""
    async with database.write() as session:
        ours = Life(session, at)
        await ours.begin()
        boletos = await _bill(session, at)
    for file in (_good(boletos, at - timedelta(days=1)), _bad(boletos, at - timedelta(hours=2))):
        await _write(database, file)
    async with database.write() as session:
        ours.session = session
        await ours.end()


async def _bill(session: AsyncSession, at: datetime) -> list[SampleTitle]:
    """Invoices that fall due in some days, of customers whom nobody collects from."""
    today = local_date(at)
    profile = (await session.exec(select(PaymentProfile).limit(1))).one()
    collected = select(Case.customer_id).where(Case.process == Process.COLLECTIONS)
    statement = select(Contract).where(
        Contract.stage == ContractStage.ACTIVE, col(Contract.customer_id).not_in(collected)
    )
    contracts = await session.exec(statement.order_by(col(Contract.id)).limit(BOLETOS))
    billed = []
    for number, contract in enumerate(contracts.all(), start=1):
        invoice = _invoice(contract, number, profile.id or 0, today)
        session.add(invoice)
        await session.flush()
        boleto = await number_boleto(session, invoice, profile=profile, at=at)
        billed.append(
            SampleTitle(
                invoice.code, boleto.our_number, invoice.due_date, invoice.amount, today,
                paid=invoice.amount, fee=FEE,
            )
        )  # fmt: skip
    return billed


def _invoice(contract: Contract, number: int, profile_id: int, today: date) -> Invoice:
    due = today + timedelta(days=2 + number % 4)
    return Invoice(
        code=f"F9{number:07}", number=f"{due:%Y%m}9{number:05}", customer_id=contract.customer_id,
        contract_id=contract.id, issue_date=due - timedelta(days=12), due_date=due,
        description=f"{contract.description} {due:%m/%Y}", amount=contract.monthly_amount,
        open_amount=contract.monthly_amount, payment_profile_id=profile_id,
    )  # fmt: skip


def _good(boletos: Sequence[SampleTitle], at: datetime) -> _Sent:
    new = (_untouched(each, TitleOutcome.ENTERED) for each in boletos[PAID : PAID + NEW])
    return _sent([*boletos[:PAID], *new], at, number=411)


def _bad(boletos: Sequence[SampleTitle], at: datetime) -> _Sent:
    """Paid too much, paid twice, of nobody's number, refused, written off, and not readable."""
    again, (one, other, over, refused, off, garbled, *_) = boletos[:1], boletos[PAID + NEW :]
    unknown = replace(one, your_number="F77700001", our_number="12387980000777001")
    told = [
        *(one, other, replace(over, paid=over.paid + 30), *again, unknown),
        _untouched(refused, TitleOutcome.REJECTED),
        _untouched(off, TitleOutcome.WRITTEN_OFF),
        garbled,
    ]
    file = _sent(told, at, number=412)
    file.lines[len(told)] = spoil(file.lines[len(told)])
    return file


def _untouched(boleto: SampleTitle, outcome: TitleOutcome) -> SampleTitle:
    """What the bank tells of a boleto that nobody paid."""
    return replace(boleto, outcome=outcome, paid=Decimal(0), fee=Decimal(0))


def _sent(told: Sequence[SampleTitle], at: datetime, *, number: int) -> _Sent:
    occurred = local_date(at) - timedelta(days=1)
    dated = [replace(each, occurred_on=occurred) for each in told]
    return _Sent(write_return(dated, number=number, company=COMPANY), at, number)


async def _write(database: Database, file: _Sent) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"CB{local_date(file.at):%d%m}{file.number}.RET"
        path.write_bytes(as_sent(file.lines))
        # However fast the machine is, the same seed gives the same rows.
        await write_return_file(database, path, at=file.at, clock=lambda: 0.0)
