"""A company with lines at a carrier: inventory, agreement, and two audited invoices."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.carrier_requests import begin_carrier_import
from activities.carriers import carry_out
from activities.import_work import UploadedFile
from models.carrier_agreements import CarrierAgreement, CarrierTariff
from models.carrier_invoices import CarrierInvoice
from models.carriers import Carrier, CarrierAccount, normalise_account
from models.contestations import ContestationDesk
from models.cost_allocation import CostCentre
from models.customers import Customer
from models.database import Database
from models.lines import Line, LineHolder
from rules.audit_rules import Rule
from rules.business_days import local_date
from rules.carrier_bills import BilledCharge
from rules.carrier_errors import plant
from rules.carrier_records import ChargeKind
from rules.carrier_samples import CLOSING_DAY, RATES, TERMS, Sample, file_of, make_sample
from rules.contestation import Level

LAYOUT = "febraban_v3r0"
ISSUED_ON = 22
BEGAN = date(2024, 1, 1)
HOLDERS = (
    ("Ana Souza", "VENDAS"), ("Bruno Lima", "VENDAS"), ("Carla Dias", "CAMPO"),
    ("Diego Rocha", "CAMPO"), ("Elisa Prado", "ADMINISTRATIVO"), ("Fábio Nunes", "DIRETORIA"),
)  # fmt: skip
CENTRES = (
    ("VENDAS", "Vendas", 14), ("CAMPO", "Equipes de campo", 32),
    ("ADMINISTRATIVO", "Administração", 9), ("DIRETORIA", "Diretoria", 3),
)  # fmt: skip
#: What is wrong in the older invoice, and in the newer one.
WRONG = (
    (Rule.RATE_DIFFERS, Rule.NOT_CONTRACTED),
    (
        Rule.DUPLICATE, Rule.RATE_DIFFERS, Rule.FEE_DIFFERS, Rule.LINE_INACTIVE,
        Rule.NOT_CONTRACTED, Rule.INSTALMENT_BEYOND, Rule.DURATION_WRONG, Rule.TOTAL_WRONG,
    ),
)  # fmt: skip


async def load_carriers(
    database: Database, *, at: datetime, seed: int, uploads: Path | None
) -> None:
    """This will write the company, and import and audit its invoices as the page would.

    Their files are kept in `uploads`, so that rules can be tried on them; None: nowhere.
    """
    samples = _samples(local_date(at), seed)
    async with database.write() as session:
        await register(session, samples, code="claro", name="Claro", place=0)
    for sample in samples:
        await import_bill(database, sample, at=at, uploads=uploads)


def _samples(today: date, seed: int) -> list[Sample]:
    """Two months of one company: the same lines, billed again."""
    newer = issued_before(today)
    older = issued_before(newer - timedelta(days=1))
    samples = [make_sample(seed, lines=18, calls=60, issue_date=each) for each in (older, newer)]
    for number, (sample, rules) in enumerate(zip(samples, WRONG, strict=True)):
        for rule in rules:
            plant(sample, rule, seed=number)
    samples[0].inventory = samples[1].inventory
    _overcharge(samples[1].bill.of_kind(ChargeKind.CALL))
    return samples


def _overcharge(calls: list[BilledCharge]) -> None:
    """One line's calls at a rate that nobody agreed to: what a real carrier's error looks like."""
    number = calls[-1].number
    for each in calls:
        if each.number == number and each.initials == "VC3" and each.amount:
            each.amount = each.amount * 79 // 69
            each.net = each.amount * (10_000 - each.tax_rate) // 100


def issued_before(day: date) -> date:
    """The last day on which carriers of the demonstration issue, that day included."""
    month = day.replace(day=ISSUED_ON)
    return (
        month if month <= day else (day.replace(day=1) - timedelta(days=1)).replace(day=ISSUED_ON)
    )


async def register(
    session: AsyncSession,
    samples: list[Sample],
    *,
    code: str,
    name: str,
    place: int,
    layout: str = LAYOUT,
) -> None:
    """This will write a carrier, with its address, that bills the so many-th company."""
    statement = select(Customer).where(func.length(Customer.document) == 14)
    customer = (await session.exec(statement.order_by(col(Customer.id)).offset(place))).first()
    customer = customer or (await session.exec(select(Customer))).first()
    assert customer is not None  # noqa: S101 - for the type: the demonstration has customers
    carrier = Carrier(code=code, name=name, layout=layout)
    agreement = CarrierAgreement(code=f"{name.upper()}-2026", name=f"{name} corporativo 2026")
    session.add_all([carrier, agreement])
    await session.flush()
    session.add(
        CarrierAccount(
            carrier_id=carrier.id or 0, customer_id=customer.id or 0, agreement_id=agreement.id,
            number=normalise_account(samples[0].bill.account), name="Móvel corporativo",
            expected_day=25, closing_day=CLOSING_DAY,
        )
    )  # fmt: skip
    for each in TERMS.tariffs:
        told = RATES[each.code][1] if each.code in RATES else ""
        values = {**vars(each), "valid_from": BEGAN, "description": told}
        session.add(CarrierTariff(agreement_id=agreement.id or 0, **values))
    email = f"contestacao@{code}.test"
    session.add(ContestationDesk(carrier_id=carrier.id or 0, level=Level.CARRIER, email=email))
    await _inventory(session, customer.id or 0, samples[-1])
    if place == 0:
        session.add_all(CostCentre(code=c, name=n, headcount=h) for c, n, h in CENTRES)


async def _inventory(session: AsyncSession, customer_id: int, sample: Sample) -> None:
    lines = [
        Line(
            customer_id=customer_id, number=each.number, active_from=each.active_from,
            active_until=each.active_until,
            status="cancelled" if each.active_until else "active",
        )
        for each in sample.inventory.values()
    ]  # fmt: skip
    session.add_all(lines)
    await session.flush()
    for place, line in enumerate(lines):
        owner, centre = HOLDERS[place % len(HOLDERS)]
        session.add(LineHolder(line_id=line.id or 0, owner=owner, cost_centre=centre, since=BEGAN))


async def import_bill(
    database: Database,
    sample: Sample,
    *,
    at: datetime,
    uploads: Path | None,
    file: tuple[str, bytes] | None = None,
) -> None:
    """This will import and audit a bill as the page would, at its own time.

    `file` is its name and contents; None: as FEBRABAN's layout has it.
    """
    told = f"{sample.bill.account}_{sample.bill.issue_date:%d_%m_%Y}_FebrabanV3.txt"
    name, raw = file or (told, file_of(sample.bill, LAYOUT))
    with tempfile.TemporaryDirectory() as passing:
        folder = uploads or Path(passing)
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        path = folder / f"demo-{name}"
        await asyncio.to_thread(path.write_bytes, raw)
        digest = hashlib.sha256(raw).hexdigest()
        sent = UploadedFile(str(path), name, digest, len(raw), is_ours=uploads is not None)
        async with database.write() as session:
            run = await begin_carrier_import(session, sent, by="system", at=at, starts=False)
        await carry_out(database, run.number, at=at)
    if uploads is None:
        await _forget_file(database, digest)


async def _forget_file(database: Database, digest: str) -> None:
    async with database.write() as session:
        statement = select(CarrierInvoice).where(CarrierInvoice.sha256 == digest)
        invoice = (await session.exec(statement)).one()
        invoice.file_path = None
        session.add(invoice)
