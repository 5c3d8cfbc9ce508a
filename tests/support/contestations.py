"""A company whose carrier's invoice charges too much, and its contestation without the engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from activities import contestation_moves
from activities.carrier_requests import begin_replacement, carrier_run
from activities.carrier_work import CarrierRunRef, CarrierWork
from activities.contestation_letters import prepare
from activities.contestations import contest_invoice
from models.bulk import BulkRun
from models.carrier_invoices import CarrierInvoice
from models.carriers import Carrier
from models.cases import Case, CaseEvent, case_of
from models.contestations import Contestation, ContestationDesk
from models.database import Database
from models.findings import Finding
from models.tasks import Task
from rules.audit_rules import Rule
from rules.carrier_bills import BilledCharge
from rules.carrier_errors import Planted, plant
from rules.carrier_records import ChargeKind
from rules.carrier_samples import Sample, file_of, make_sample
from rules.cases import Elapsed, News, Process
from rules.contestation_commands import (
    FileContestation,
    ProtocolChannel,
    RecordAnswer,
    RecordProtocol,
)
from rules.contestation_dues import Due, Terms, due_on
from rules.money import from_cents, to_cents
from rules.runs import UNDER_WAY
from tests.support.carriers import a_company, import_sample, on_disk

V3 = "febraban_v3r0"
ISSUED = date(2026, 11, 22)
NEXT_ISSUED = date(2026, 12, 22)
RETURN_ISSUED = date(2027, 1, 22)
RULES = (Rule.RATE_DIFFERS, Rule.NOT_CONTRACTED)


def noon(day: date) -> datetime:
    """Noon in Brasília."""
    return datetime.combine(day, time(15), tzinfo=UTC)


def a_protocol(at: datetime, **values: Any) -> RecordProtocol:
    """A whole one, of a call on the telephone."""
    told = {
        "by": "ana", "contacted_at": at, "request": "Contestação da fatura",
        "account": "12345678", "protocol": "2026112255", "attendant": "Carlos",
        "channel": ProtocolChannel.PHONE,
    }  # fmt: skip
    return RecordProtocol(**{**told, **values})


class Dispute:
    """A bill with two errors, imported and audited; `today` is what the clock shows."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.issue_on(ISSUED)

    def issue_on(self, day: date) -> None:
        """The contested bill is of this day, which is today."""
        self.issued = self.today = day
        self.sample = make_sample(issue_date=day)
        self.planted = [plant(self.sample, rule) for rule in RULES]

    async def begin(self, **options: Any) -> Dispute:
        """The company, its carrier's address, and the bill."""
        async with self.database.write() as session:
            self.account = await a_company(session, self.sample)
            carrier = (await session.exec(select(Carrier))).one()
            session.add(
                ContestationDesk(carrier_id=carrier.id, level=0, email="contesta@claro.example")
            )
        await self.receive(self.sample, **options)
        return self

    async def receive(self, sample: Sample, **options: Any) -> CarrierInvoice:
        """A bill comes in on this day, and is audited."""
        file = on_disk(self.folder, file_of(sample.bill, V3))
        await import_sample(self.database, file, at=noon(self.today), **options)
        async with self.database.read() as session:
            newest = select(CarrierInvoice).order_by(col(CarrierInvoice.id).desc())
            return (await session.exec(newest)).first()  # type: ignore[return-value]

    async def contest(self, minimum: str = "0.01", *, by: str = "ana") -> Contestation:
        """All that the newest bill charges too much."""
        async with self.database.write() as session:
            made = await contest_invoice(
                session, await self._newest(session), minimum=Decimal(minimum), by=by,
                at=noon(self.today),
            )  # fmt: skip
            self.number = made.number
        return made

    async def do(self, command: Any) -> dict[str, Any]:
        """A command, decided in one transaction as its journey would."""
        async with self.database.write() as session:
            case = await self._case(session)
            return await contestation_moves.decide(session, case, command, noon(self.today))

    async def hear(self) -> None:
        """News came: look again."""
        await self.do(News())

    async def write_letter(self) -> None:
        """The letter that is due, drawn and sent."""
        async with self.database.read() as session:
            case = await self._case(session)
        papers = await prepare(self.database, case.number, at=noon(self.today))
        async with self.database.write() as session:
            case = await self._case(session)
            await contestation_moves.decide(
                session, case, Elapsed(step="write"), noon(self.today), papers=papers
            )

    async def pass_time(self, *, until: date) -> list[str]:
        """What happens by itself until that day, each at its instant; the letters are written."""
        taken: list[str] = []
        for _ in range(30):
            async with self.database.read() as session:
                case = await self._case(session)
            if case.next_at is None or case.next_at.date() > until:
                break
            self.today = max(self.today, case.next_at.date())
            taken.append(case.next_kind or "")
            if case.next_kind == "write":
                await self.write_letter()
            else:
                await self.do(Elapsed(step=case.next_kind or ""))
        self.today = max(self.today, until)
        return taken

    async def row(self) -> Contestation:
        """The contestation as it stands."""
        async with self.database.read() as session:
            return await session.get_one(Contestation, self.number)

    async def story(self) -> list[str]:
        """The kinds of its history, the oldest first."""
        async with self.database.read() as session:
            case = await self._case(session)
            statement = select(CaseEvent.kind).where(CaseEvent.case_id == case.id)
            return list(await session.exec(statement.order_by(col(CaseEvent.id))))

    async def findings(self) -> Sequence[Finding]:
        """Every finding, the oldest first."""
        async with self.database.read() as session:
            return (await session.exec(select(Finding).order_by(col(Finding.id)))).all()

    async def _newest(self, session: Any) -> int:
        statement = select(CarrierInvoice.id).order_by(col(CarrierInvoice.id).desc())
        return (await session.exec(statement)).first()

    async def _case(self, session: Any) -> Case:
        case = await case_of(session, process=Process.CONTESTATION, subject_id=self.number)
        assert case is not None
        return case


def next_bill(dispute: Dispute, *credits: tuple[str, int], issued: date = NEXT_ISSUED) -> Sample:
    """The next month's bill, without errors, and with credits (line, cents)."""
    return bill_after(dispute.sample, *credits, issued=issued)


def bill_after(before: Sample, *credits: tuple[str, int], issued: date) -> Sample:
    """A later bill of the same lines, without errors, and with credits (line, cents)."""
    sample = make_sample(issue_date=issued)
    sample.bill.charges += [
        BilledCharge(
            ChargeKind.ADJUSTMENT, line, "505", "AJA", "Ajuste fatura anterior", -amount,
            sample.bill.period.start,
        )
        for line, amount in credits
    ]  # fmt: skip
    return replace(sample, inventory=before.inventory)


def whole_credits(dispute: Dispute, *, paid_on: date, day: date) -> list[tuple[str, int]]:
    """What the law gives back on an invoice of that day: in double, with interest; no index."""
    return credits_of(dispute.planted, paid_on=paid_on, day=day)


def credits_of(planted: Iterable[Planted], *, paid_on: date, day: date) -> list[tuple[str, int]]:
    """The same of any errors."""
    return [(each.number, to_cents(_due(each, paid_on=paid_on, day=day).total)) for each in planted]


def _due(planted: Planted, *, paid_on: date, day: date) -> Due:
    double = 2 * from_cents(planted.difference)
    return due_on(double, paid_on=paid_on, day=day, terms=Terms(1))


def same_errors_again(dispute: Dispute) -> Sample:
    """The contested bill, charge by charge, two months later."""
    sample = deepcopy(dispute.sample)
    sample.bill.issue_date, sample.bill.invoice_number = RETURN_ISSUED, "again"
    for charge in sample.bill.charges:
        charge.day += timedelta(days=61)
        charge.until = charge.until + timedelta(days=61) if charge.until else None
    return sample


def with_one_error() -> Sample:
    """The contested bill with its first error only."""
    sample = make_sample(issue_date=ISSUED)
    plant(sample, RULES[0])
    return sample


async def reissue(dispute: Dispute, sample: Sample, *, of: int = 1, audits: bool = True) -> BulkRun:
    """The carrier's new file takes the place of an invoice, as far as it may."""
    file = on_disk(dispute.folder, file_of(sample.bill, V3), "reemitida.txt")
    async with dispute.database.write() as session:
        invoice = await session.get_one(CarrierInvoice, of)
        run = await begin_replacement(
            session, invoice, file, reason="corrigida", by="ana", at=noon(dispute.today),
            starts=False,
        )  # fmt: skip
    work, ref = CarrierWork(dispute.database), CarrierRunRef(run.number)
    status = await work.import_file(ref, at=noon(dispute.today))
    if audits and status in UNDER_WAY:
        await work.audit(ref, at=noon(dispute.today))
    async with dispute.database.read() as session:
        return await carrier_run(session, run.number)


def days(number: int, *, since: date = ISSUED) -> date:
    """So many days on."""
    return since + timedelta(days=number)


async def all_of(dispute: Dispute, model: Any) -> Any:
    """Every row of a table, the oldest first."""
    async with dispute.database.read() as session:
        return (await session.exec(select(model).order_by("id"))).all()


async def filed(dispute: Dispute) -> None:
    """Contested, written, and with the carrier's protocol."""
    await dispute.contest()
    await dispute.do(FileContestation("ana"))
    await dispute.write_letter()
    await dispute.do(a_protocol(noon(dispute.today)))


async def open_tasks(dispute: Dispute) -> list[Task]:
    """What people are asked for now."""
    return [each for each in await all_of(dispute, Task) if each.finished_at is None]


async def accept_all(dispute: Dispute) -> None:
    """The carrier grants everything today."""
    await dispute.do(RecordAnswer("ana", dispute.today, accepts_all=True))
