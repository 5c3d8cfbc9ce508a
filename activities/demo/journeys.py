"""Months of collections, lived through by the very rules that work every day.

Nothing here writes a stage: each account is classified, started, confirmed, agreed and paid at its
instant of the past, and what happens by itself is let happen at its own. So histories, tasks and
what comes next are what they would be. What would leave the house is not sent: it is long past.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import agreement_moves, bureau_moves, collections, task_moves
from activities.classification import page_of
from activities.demo.ladder import climb_so_far
from activities.demo.life import Clocks
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
from models.messages import Message
from models.outbox import OutboxEntry, Verb
from rules.agreement_terms import AgreementKind, MakeAgreement
from rules.bureau import AddToBureau, RemoveFromBureau
from rules.business_days import at_local_time, local_date
from rules.cases import Elapsed, News, Process
from rules.collection_commands import ConfirmProcess, StartCollection
from rules.panels import CollectionStage
from rules.payments import PaymentSource
from rules.proposals import Components

DECIDE: dict[str, Callable[..., Awaitable[Any]]] = {
    Process.COLLECTIONS: collections.decide,
    Process.AGREEMENTS: agreement_moves.decide,
    Process.BUREAU: bureau_moves.decide,
    Process.TASKS: task_moves.decide,
}
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
    life, lived = _Life(session, provider, now), 0
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


class _Life:
    def __init__(self, session: AsyncSession, provider: Provider, now: datetime) -> None:
        self.session, self.provider, self.now = session, provider, now
        self.payments = 0
        self.letters = False
        self.clocks = Clocks()

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
        await self._bring_news(at)

    async def _talk(self, customer_id: int, by: str, at: datetime) -> None:
        kind, channel, subject, text = self.provider.rng.choice(TALK)
        account = await account_of(self.session, customer_id)
        if account is not None:
            contact = NewContact(kind, channel, self.provider.contact_category, subject, text)
            await add_contact(self.session, account, contact, by=by, at=at)

    async def let_time_pass(self, *, until: datetime | None = None, of: int | None = None) -> None:
        """What would have happened by itself until then, each thing at its own instant.

        `of` is the customer whose cases live so long; None: everybody's.
        """
        until = until or self.now
        while due := await self._due(until, of):
            for case in due:
                if case.next_kind and case.next_at and case.next_at <= until:
                    await self._happen(case, Elapsed(step=case.next_kind), case.next_at)

    async def _due(self, until: datetime, of: int | None) -> list[Case]:
        statement = (
            select(Case)
            .where(col(Case.next_at) <= until, col(Case.closed_at).is_(None))
            .order_by(col(Case.next_at), col(Case.id))
            .limit(500)
        )
        if of is not None:
            statement = statement.where(Case.customer_id == of)
        return list((await self.session.exec(statement)).all())

    async def move(self, case: Case, command: Any, at: datetime) -> dict[str, Any]:
        """A person's command, after what happened to the customer by itself until then."""
        await self.let_time_pass(until=at, of=case.customer_id)
        return await self._happen(case, command, at)

    async def _happen(self, case: Case, command: Any, at: datetime) -> dict[str, Any]:
        """One transition, as its activity would make it, and the news that it makes."""
        at = self.clocks.read(case, at)
        answer = await self._transition(case, command, at)
        await self._bring_news(at)
        return answer

    async def _transition(self, case: Case, command: Any, at: datetime) -> dict[str, Any]:
        answer: dict[str, Any] = await DECIDE[case.process](self.session, case, command, at)
        command_id = f"demo/{case.id}/{case.version}"
        cases.remember(self.session, case, command_id=command_id, answer=answer, at=at)
        await self.session.flush()
        return answer

    async def _bring_news(self, at: datetime) -> None:
        """What the relay would do: letters arrive, and journeys hear what concerns them."""
        told = await self._told()
        if self.letters:
            await self._deliver_letters(at)
        while told:
            for case_id in told:
                case = await self.session.get_one(Case, case_id)
                if case.closed_at is None:
                    await self._transition(case, News(), self.clocks.read(case, at))
            told = await self._told()

    async def _deliver_letters(self, at: datetime) -> None:
        self.letters = False
        await self.session.exec(
            update(Message)
            .where(col(Message.status) == "queued")
            .values(status="delivered", sent_at=at, delivered_at=at, attempts=1)
        )

    async def _told(self) -> list[int]:
        """The cases that were told something; all of the outbox is taken out."""
        await self.session.flush()
        taken: Any = delete(OutboxEntry).returning(
            col(OutboxEntry.id), col(OutboxEntry.verb), col(OutboxEntry.argument)
        )
        entries = sorted(await self.session.exec(taken), key=itemgetter(0))
        self.letters = self.letters or any("message_id" in told for _, _, told in entries)
        return list(
            dict.fromkeys(told["case_id"] for _, verb, told in entries if verb == Verb.SIGNAL)
        )

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
