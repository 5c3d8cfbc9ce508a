"""Months of collections, lived through by the very rules that work every day.

Nothing here writes a stage: each account is classified, started, confirmed, agreed and paid at its
instant of the past, and what happens by itself is let happen at its own. So histories, tasks and
what comes next are what they would be. What would leave the house is not sent: it is long past.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.classification import page_of
from activities.demo.ladder import climb_so_far
from activities.demo.portfolio_life import PortfolioLife
from activities.demo.progress import Part, Progress
from activities.demo.provider import Provider
from activities.demo.recoveries import look_back
from activities.payments import NewPayment, record_payment
from models import cases, classification, outbox
from models.agreements import Agreement
from models.bulk import BulkRun
from models.bureau import BureauRecord
from models.cases import Case
from models.collections import NewContact, account_of, add_contact
from models.invoices import Invoice
from models.outbox import OutboxEntry
from rules.agreement_terms import AgreementKind, MakeAgreement
from rules.bureau import AddToBureau, RemoveFromBureau
from rules.business_days import at_local_time, local_date
from rules.cases import Process
from rules.collection_commands import ConfirmProcess, StartCollection
from rules.collection_stages import CollectionStage
from rules.payments import PaymentSource
from rules.proposals import Components

TALK = (
    ("active", "phone", "Cliente pediu prazo", "Prometeu retornar até sexta-feira."),
    ("reactive", "whatsapp", "Pediu segunda via", "Enviada a segunda via da fatura mais antiga."),
    ("active", "phone", "Não atendeu", "Três tentativas, caixa postal."),
)


@dataclass(frozen=True)
class Cohort:
    """Debtors who go the same way: classified so many days ago, and how far they got."""

    members: int
    days_ago: int
    path: str


#: Out of every hundred debtors; the rest were classified this morning.
COHORTS = (
    Cohort(2, 84, "fulfilled"),
    Cohort(2, 78, "broken"),
    Cohort(5, 75, "bureau"),
    Cohort(4, 24, "in_agreement"),
    Cohort(8, 6, "negotiating"),
    Cohort(8, 1, "in_contact"),
    Cohort(71, 0, "classified"),
)


async def live_through(
    session: AsyncSession, provider: Provider, progress: Progress, *, now: datetime
) -> None:
    """This will live through every cohort, then leave what is open to the engine."""
    life, lived = _Cohorts(session, provider, now), 0
    cohorts = list(_divided(provider.debtors))
    for cohort, members in cohorts:
        await life.classify(cohort, members)
        for member in members:
            await life.live(cohort, member)
        lived += len(members)
        progress.reach(lived, sum(len(each) for _, each in cohorts))
    await life.let_time_pass()
    progress.begin(Part.LADDER)
    await climb_so_far(session, now=now)
    await _leave_to_the_engine(session, now)
    await look_back(session, provider.operators, now=now)


def _divided(debtors: tuple[int, ...]) -> Iterator[tuple[Cohort, tuple[int, ...]]]:
    start = 0
    for cohort in COHORTS:
        size = max(2, len(debtors) * cohort.members // 100)
        yield cohort, debtors[start : start + size]
        start += size


class _Cohorts(PortfolioLife):
    def __init__(self, session: AsyncSession, provider: Provider, now: datetime) -> None:
        super().__init__(session, now)
        self.provider = provider
        self.payments = 0

    async def classify(self, cohort: Cohort, members: tuple[int, ...]) -> None:
        """The morning's classification of that day, for this cohort."""
        at = self._at(cohort.days_ago, hour=7)
        run = BulkRun(
            key=f"demo/{cohort.path}", kind="classification", business_date=local_date(at),
            status="done", requested_by="system", requested_at=at, started_at=at, finished_at=at,
        )  # fmt: skip
        self.session.add(run)
        await self.session.flush()
        forwarding = await classification.load_forwarding(self.session, run.business_date)
        page = await page_of(self.session, run, first=members[0], last=members[-1], at=at)
        classified = await classification.classify_page(self.session, page, forwarding)
        run.total = run.done = classified.customers
        run.changed = classified.invoices

    async def live(self, cohort: Cohort, customer_id: int) -> None:
        """As far as this cohort got."""
        case = await cases.case_of(
            self.session, process=Process.COLLECTIONS, subject_id=customer_id
        )
        if case is None or cohort.path == "classified":
            return
        by = self.provider.rng.choice(self.provider.operators)
        case.owner = by
        ids = await self._ids(customer_id, CollectionStage.CLASSIFIED)
        await self.move(case, StartCollection(by, tuple(ids)), self._at(cohort.days_ago, hour=10))
        if cohort.path == "in_contact":
            return
        await self.move(case, ConfirmProcess(by), self._at(cohort.days_ago, hour=14))
        await self._talk(customer_id, by, self._at(max(cohort.days_ago - 1, 0), hour=9))
        if cohort.path != "negotiating":
            await self._agree(cohort, case, by)

    async def _agree(self, cohort: Cohort, case: Case, by: str) -> None:
        made_at = self._at(cohort.days_ago - 3, hour=15)
        ids = await self._ids(case.subject_id, CollectionStage.NEGOTIATING)
        first_due = local_date(made_at) + timedelta(days=5)
        account = self.provider.ledger_account
        command = MakeAgreement(
            by=by, invoice_ids=tuple(ids), agreement_kind=AgreementKind.PROPOSAL,
            tolerance_date=first_due + timedelta(days=66),
            category_id=self.provider.rng.choice(self.provider.categories),
            components=Components(
                fine_percent=Decimal(2), fine_account_id=account, fees=Decimal(10),
                fees_account_id=account, discount_percent=Decimal(5), discount_account_id=account,
            ),
            confirm_new_invoice=True, description="Acordo de cobrança",
            payment_profile_id=self.provider.payment_profile, count=3, first_due=first_due,
        )  # fmt: skip
        if not ids:
            return
        answer = await self.move(case, command, made_at)
        await self._keep_or_break(cohort, answer["agreement_id"], by)

    async def _keep_or_break(self, cohort: Cohort, agreement_id: int, by: str) -> None:
        paid = {"fulfilled": 3, "in_agreement": 1}.get(
            cohort.path, self.provider.rng.choice((0, 1))
        )
        statement = (
            select(Invoice)
            .where(Invoice.agreement_id == agreement_id, Invoice.status == "open")
            .order_by(col(Invoice.due_date))
        )
        for invoice in (await self.session.exec(statement)).all()[:paid]:
            due_at = at_local_time(invoice.due_date, at=time(11))
            await self.let_time_pass(until=due_at, of=invoice.customer_id)
            await self._pay(invoice)
        if cohort.path == "bureau":
            await self._to_the_bureau(agreement_id, by)

    async def _to_the_bureau(self, agreement_id: int, by: str) -> None:
        """Broken by being late; then noticed, registered, and for some paid and removed."""
        agreement = await self.session.get_one(Agreement, agreement_id)
        until = self.now - timedelta(days=20)
        await self.let_time_pass(until=until, of=agreement.customer_id)
        case = await cases.case_of(
            self.session, process=Process.COLLECTIONS, subject_id=agreement.customer_id
        )
        late = local_date(self.now) - timedelta(days=20)
        broken = await self._ids(agreement.customer_id, CollectionStage.BROKEN, due_before=late)
        if case is None or not broken:
            return
        command = AddToBureau(
            by, tuple(broken), "Acordo não cumprido", override=True,
            reason="Demonstração: contrato em rescisão.",
        )  # fmt: skip
        await self.move(case, command, self.now - timedelta(days=19))
        end = self.provider.rng.choice(("noticed", "registered", "conflict", "removed"))
        if end == "noticed":
            return
        until = self.now - timedelta(days=5)
        await self.let_time_pass(until=until, of=agreement.customer_id)
        if end != "registered":
            await self._pay_all(broken, remove=end == "removed", by=by)

    async def _pay_all(self, invoice_ids: list[int], *, remove: bool, by: str) -> None:
        for invoice_id in invoice_ids:
            await self._pay(await self.session.get_one(Invoice, invoice_id), days_ago=2)
        if remove:
            statement = select(BureauRecord).where(col(BureauRecord.invoice_id).in_(invoice_ids))
            for record in (await self.session.exec(statement)).all():
                case = await cases.case_of(
                    self.session, process=Process.BUREAU, subject_id=record.number
                )
                if case is not None and case.closed_at is None:
                    command = RemoveFromBureau(by, "Baixa após o pagamento.")
                    await self.move(case, command, self.now - timedelta(days=1))

    async def _pay(self, invoice: Invoice, *, days_ago: int | None = None) -> None:
        """The payment, and the news of it to every journey that leans on the invoice."""
        self.payments += 1
        paid_on = invoice.due_date
        if days_ago is not None:
            paid_on = local_date(self.now) - timedelta(days=days_ago)
        at = at_local_time(paid_on, at=time(18))
        new = NewPayment(
            f"AC{self.payments:06}", invoice.key, invoice.open_amount, paid_on,
            source=PaymentSource.CSV,
        )  # fmt: skip
        await record_payment(self.session, new, by="system", at=at)
        await self.bring_news(at)

    async def _talk(self, customer_id: int, by: str, at: datetime) -> None:
        kind, channel, subject, text = self.provider.rng.choice(TALK)
        account = await account_of(self.session, customer_id)
        if account is not None:
            contact = NewContact(kind, channel, self.provider.contact_category, subject, text)
            await add_contact(self.session, account, contact, by=by, at=at)

    async def _ids(
        self, customer_id: int, stage: CollectionStage, *, due_before: date = date.max
    ) -> list[int]:
        statement = select(Invoice.id).where(
            Invoice.customer_id == customer_id,
            Invoice.collection_stage == stage,
            Invoice.due_date < due_before,
        )
        return [each for each in await self.session.exec(statement) if each]

    def _at(self, days_ago: int, *, hour: int) -> datetime:
        """An hour of a day of the past, and never of the future."""
        day = local_date(self.now) - timedelta(days=days_ago)
        at = at_local_time(day, at=time(hour))
        return min(at, self.now - timedelta(minutes=30 - hour))


async def _leave_to_the_engine(session: AsyncSession, now: datetime) -> None:
    """The journeys that are open are started, each once."""
    await session.exec(delete(OutboxEntry))
    open_cases = select(Case).where(col(Case.closed_at).is_(None)).order_by(col(Case.id))
    for case in (await session.exec(open_cases)).all():
        outbox.start_case(session, case, at=now)
