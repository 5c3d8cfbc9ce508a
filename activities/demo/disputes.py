"""Contestations of the demonstration, made and received, at every stage; lived by the rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import contestation_moves
from activities.cases import Answer
from activities.contestation_letters import Papers
from activities.contestation_papers import letter_of
from activities.contestations import contest_findings
from activities.demo import life
from activities.demo.carriers import import_bill, register
from activities.demo.dispute_paths import BILLERS, Biller
from activities.demo.life import Life
from models.carrier_invoices import CarrierInvoice
from models.carriers import CarrierAccount
from models.cases import Case
from models.contestations import Contestation, contestation_of, items_of
from models.database import Database
from models.findings import Finding
from models.index_months import rates_of
from rules.audit_rules import Rule
from rules.boleto import Boleto, barcode
from rules.business_days import add_months, at_local_time, local_date
from rules.carrier_bills import BilledCharge
from rules.carrier_errors import Planted, plant
from rules.carrier_records import ChargeKind
from rules.carrier_samples import Sample, make_sample
from rules.cases import Elapsed, Process
from rules.contestation import ContestationPolicy, ContestationStep
from rules.contestation_commands import (
    FileContestation,
    ItemAnswer,
    ProtocolChannel,
    RecordAnswer,
    RecordCorrectionRequest,
    RecordInvoicePayment,
    RecordNewBarcode,
    RecordProtocol,
    WithdrawContestation,
)
from rules.contestation_dues import Terms, due_on
from rules.correction import Rates
from rules.money import from_cents, to_cents

BY = "marcos"
ISSUED_DAYS_AGO = 8
#: Bills are paid so many days after they were issued.
PAID_AFTER = 18
#: A carrier whose files may be of any layout, as the page of samples makes them.
ANY = ""


@dataclass(frozen=True)
class _Dispute:
    number: int
    path: str
    account: str
    invoice: CarrierInvoice

    def on(self, days: int) -> datetime:
        """Ten in the morning, so many days after the invoice was issued."""
        return at_local_time(self.invoice.issue_date + timedelta(days=days), at=time(10))


async def load_disputes(
    database: Database, *, at: datetime, seed: int, uploads: Path | None
) -> None:
    """This will have two more companies billed for four months, and contest what is wrong.

    Their files are kept in `uploads`; None: nowhere.
    """
    life.DECIDE[Process.CONTESTATION] = _decide
    for place, biller in enumerate(BILLERS, 1):
        async with database.write() as session:
            terms = Terms(ContestationPolicy().credit_interest_percent, await _rates(session))
            samples, planted = _samples(local_date(at), seed + place, biller, terms)
            await register(
                session, samples, code=biller.code, name=biller.name, place=place, layout=ANY
            )
            ours = Life(session, at)
            await ours.begin()
        await _live_through(database, ours, biller, samples, planted, uploads)


async def _live_through(
    database: Database,
    ours: Life,
    biller: Biller,
    samples: Sequence[Sample],
    planted: Sequence[dict[Rule, Planted]],
    uploads: Path | None,
) -> None:
    """Month by month: the bill comes, old contestations hear of it, new ones are made."""
    issued = [at_local_time(each.bill.issue_date, at=time(8)) for each in samples]
    for place, at in enumerate(issued):
        await import_bill(database, samples[place], at=min(at, ours.now), uploads=uploads)
        async with database.write() as session:
            ours.session = session
            await ours.settle(min(at, ours.now))
            await _contest(ours, biller.account, biller.months[place], planted[place])
            if at is issued[-1]:
                await ours.end()
            else:
                await ours.pass_time(issued[place + 1])


async def _decide(session: AsyncSession, case: Case, command: Any, at: datetime) -> Answer:
    """As a contestation decides, but that no letter is drawn: it left long ago."""
    papers = None
    if isinstance(command, Elapsed) and command.step == ContestationStep.WRITE:
        contestation = await contestation_of(session, case.subject_id)
        letter = await letter_of(session, contestation)
        papers = Papers(contestation.letters + 1, letter.purpose, letter.values, ())
    return await contestation_moves.decide(session, case, command, at, papers=papers)


async def _rates(session: AsyncSession) -> Rates:
    return await rates_of(session, ContestationPolicy().credit_index)


def _samples(
    today: date, seed: int, biller: Biller, terms: Terms
) -> tuple[list[Sample], list[dict[Rule, Planted]]]:
    """The months of the same lines; what was granted in one comes back on the next."""
    # Always as long ago, so that each stands where it should, whatever the day.
    newest, account = today - timedelta(days=ISSUED_DAYS_AGO), biller.account
    days = [add_months(newest, months=-ago) for ago in reversed(range(len(biller.months)))]
    samples = [make_sample(seed, lines=6, calls=12, issue_date=d, account=account) for d in days]
    planted = [
        {rule: plant(sample, rule, seed=place) for rule, _ in paths}
        for place, (sample, paths) in enumerate(zip(samples, biller.months, strict=True))
    ]
    for place, paths in enumerate(biller.months[:-1]):
        for rule in (rule for rule, path in paths if path == "credited"):
            paid_on = days[place] + timedelta(days=PAID_AFTER)
            _give_back(samples[place + 1], planted[place][rule], paid_on, terms)
    return samples, planted


def _give_back(sample: Sample, granted: Planted, paid_on: date, terms: Terms) -> None:
    """It was paid: in double, corrected and with interest, on the line that it was charged to."""
    double = 2 * from_cents(granted.difference)
    due = due_on(double, paid_on=paid_on, day=sample.bill.issue_date, terms=terms)
    sample.bill.charges.append(
        BilledCharge(
            ChargeKind.ADJUSTMENT, granted.number, "505", "AJA", "Ajuste fatura anterior",
            -to_cents(due.total), sample.bill.period.start,
        )
    )  # fmt: skip


async def _contest(
    ours: Life, account: str, paths: Sequence[tuple[Rule, str]], planted: dict[Rule, Planted]
) -> None:
    """Each rule's findings of the newest invoice, as far as their path goes."""
    invoice = await _newest(ours.session, account)
    for rule, path in paths:
        statement = select(Finding.id).where(
            Finding.invoice_id == invoice.key, Finding.rule == rule, col(Finding.difference) > 0
        )
        found = [each for each in await ours.session.exec(statement) if each]
        if not found or rule not in planted:
            continue
        at = min(_Dispute(0, path, account, invoice).on(2), ours.now)
        [made] = await contest_findings(ours.session, found, by=BY, at=at)
        await ours.settle(at)
        await _live(ours, _Dispute(made.number, path, account, invoice))


async def _newest(session: AsyncSession, account: str) -> CarrierInvoice:
    statement = (
        select(CarrierInvoice)
        .join(CarrierAccount, col(CarrierAccount.id) == col(CarrierInvoice.account_id))
        .where(CarrierAccount.number == account.lstrip("0"))
        .order_by(col(CarrierInvoice.issue_date).desc())
    )
    return (await session.exec(statement.limit(1))).one()


async def _live(ours: Life, dispute: _Dispute) -> None:
    for days, command in await _moves(ours.session, dispute):
        at = min(dispute.on(days), ours.now)
        said = command(at) if callable(command) else command
        await ours.move(Process.CONTESTATION, dispute.number, said, at)


async def _moves(session: AsyncSession, dispute: _Dispute) -> list[tuple[int, Any]]:
    """What people did, by the day after the invoice was issued."""
    filed: list[tuple[int, Any]] = [(3, FileContestation(BY)), (4, _protocol(dispute))]
    paid = (PAID_AFTER, lambda at: RecordInvoicePayment(BY, local_date(at)))
    granted = (20, lambda at: RecordAnswer(BY, local_date(at), accepts_all=True))
    moves: dict[str, list[tuple[int, Any]]] = {
        "draft": [],
        "filed": filed[:1],
        "answered": filed,
        "silent": filed,
        "given_up": [*filed, (9, WithdrawContestation(BY, "A operadora mostrou o aditivo"))],
        "credited": [*filed, paid, granted],
        "refused": [*filed, (21, await _answer(session, dispute, share=0))],
        "partly": [*filed, (33, await _answer(session, dispute, share=2))],
        "awaiting_credit": [*filed, paid, (33, granted[1])],
        "barcode": [*filed, (5, granted[1])],
        "correcting": [*filed, (5, granted[1]), (6, await _barcode(session, dispute)), _asked(7)],
    }
    return moves[dispute.path]


def _protocol(dispute: _Dispute) -> Callable[[datetime], RecordProtocol]:
    return lambda at: RecordProtocol(
        BY, at, f"Contestação nº {dispute.number}", dispute.account.lstrip("0"),
        f"{local_date(at):%Y%m%d}{4100 + dispute.number}", "Rosana", ProtocolChannel.PHONE,
    )  # fmt: skip


async def _answer(
    session: AsyncSession, dispute: _Dispute, *, share: int
) -> Callable[[datetime], RecordAnswer]:
    """So much of each item as a part of it; 0: nothing."""
    items = tuple(
        ItemAnswer(item.key, (item.claimed / share).quantize(Decimal("0.01")))
        for item, _ in await items_of(session, dispute.number)
        if share
    )
    reason = "A operadora diz que a tarifa mudou por aditivo."
    return lambda at: RecordAnswer(BY, local_date(at), items=items, reason=reason)


async def _barcode(session: AsyncSession, dispute: _Dispute) -> RecordNewBarcode:
    """The corrected bill, of what is left to pay."""
    contestation = await session.get_one(Contestation, dispute.number)
    amount = dispute.invoice.total - contestation.claimed
    due = dispute.invoice.due_date or dispute.invoice.issue_date
    return RecordNewBarcode(BY, barcode(Boleto("001", due, amount, "0" * 25)))


def _asked(days: int) -> tuple[int, Callable[[datetime], RecordCorrectionRequest]]:
    def ask(at: datetime) -> RecordCorrectionRequest:
        return RecordCorrectionRequest(BY, "2026-99001", "Rosana", ProtocolChannel.PHONE, at)

    return days, ask
