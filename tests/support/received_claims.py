"""An invoice that a customer contests, and the days on which something becomes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import select
from temporalio.testing import ActivityEnvironment

from activities import contestation_moves
from activities.billing import BillingActivities, start_billing
from activities.contestation_received import receive_contestation
from activities.payments import NewPayment, record_payment
from models.cases import Case, case_of
from models.charges import Charge
from models.contestations import Contestation
from models.database import Database
from models.invoices import Invoice
from models.ladders import LadderPause
from models.messages import Message
from models.plans import PriceIndex, PriceIndexMonth
from rules.cases import Elapsed, News, Process
from rules.contestation_received_commands import (
    NewContestation,
)
from tests import builders

DAY_0 = date(2026, 11, 16)
DUE = date(2026, 11, 10)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(15), tzinfo=UTC)


class Claim:
    """A customer with a contract and an invoice of R$ 100, contested without the engine."""

    def __init__(self, database: Database) -> None:
        self.database, self.today = database, DAY_0

    async def begin(self, **invoice: Any) -> Claim:
        told = {
            "due_date": DUE, "issue_date": date(2026, 10, 20), "collection_stage": None,
            "stage_since": None, **invoice,
        }  # fmt: skip
        async with self.database.write() as session:
            self.customer = await builders.a_customer(session, email="maria@cliente.example")
            self.contract = await builders.a_contract(session, self.customer)
            self.invoice_id = (
                await builders.an_invoice(
                    session, self.customer, contract_id=self.contract.id, **told
                )
            ).key
        return self

    async def contest(self, amount: str | None = None, **values: Any) -> Contestation:
        told = Decimal(amount) if amount else None
        new = NewContestation(self.invoice_id, "Não contratei a TV", told, **values)
        async with self.database.write() as session:
            made = await receive_contestation(session, new, by="ana", at=noon(self.today))
            self.number = made.number
        return made

    async def do(self, command: Any) -> None:
        async with self.database.write() as session:
            await contestation_moves.decide(
                session, await self.case(session), command, noon(self.today)
            )

    async def letter_leaves(self) -> None:
        """The answer reaches the customer, and the journey hears of it."""
        async with self.database.write() as session:
            statement = select(Message).where(Message.purpose == "contestation_answered")
            for message in await session.exec(statement):
                message.status, message.sent_at = "sent", noon(self.today)
                session.add(message)
        await self.do(News())

    async def pass_time(self, *, until: date) -> list[str]:
        """What happens by itself until that day, each at its instant."""
        taken: list[str] = []
        while True:
            async with self.database.read() as session:
                case = await self.case(session)
            if case.next_at is None or case.next_at.date() > until:
                break
            self.today = max(self.today, case.next_at.date())
            taken.append(case.next_kind or "")
            await self.do(Elapsed(step=case.next_kind or ""))
        self.today = max(self.today, until)
        return taken

    async def case(self, session: Any) -> Case:
        found = await case_of(session, process=Process.CONTESTATION, subject_id=self.number)
        assert found is not None
        return found

    async def one(self, model: Any, key: int | None = None) -> Any:
        async with self.database.read() as session:
            return await session.get_one(model, key or self.number)

    async def all(self, model: Any) -> Any:
        async with self.database.read() as session:
            return (await session.exec(select(model))).all()

    async def invoice(self) -> Invoice:
        return await self.one(Invoice, self.invoice_id)

    async def is_frozen(self) -> bool:
        return any(pause.until is None for pause in await self.all(LadderPause))


def days(number: int) -> date:
    return DAY_0 + timedelta(days=number)


async def pay(claim: Claim, amount: str, *, on: date, charges: str = "0.00") -> None:
    async with claim.database.write() as session:
        new = NewPayment(
            f"P-{on}-{amount}", claim.invoice_id, Decimal(amount), on, charges=Decimal(charges)
        )
        await record_payment(session, new, by="ana", at=noon(DAY_0))


async def know_ipca(claim: Claim, months: dict[date, str]) -> None:
    """The index that corrects refunds, and what it did in these months."""
    async with claim.database.write() as session:
        index = PriceIndex(code="IPCA", name="IPCA", series=433)
        session.add(index)
        await session.flush()
        for month, value in months.items():
            session.add(PriceIndexMonth(price_index_id=index.id, month=month, value=Decimal(value)))


async def owe(claim: Claim, amount: str, *, on: date) -> None:
    """The contract's next charge."""
    async with claim.database.write() as session:
        charge = Charge(
            key="next", contract_id=claim.contract.id, customer_id=claim.customer.id,
            kind="monthly", description="Internet", issue_date=on, due_date=on,
            amount=Decimal(amount), created_at=noon(on), created_by="system",
        )  # fmt: skip
        session.add(charge)


async def bill(claim: Claim, *, on: date) -> None:
    """The morning's invoices of a day."""
    async with claim.database.write() as session:
        run = await start_billing(session, by="ana", at=noon(on))
    await ActivityEnvironment().run(BillingActivities(claim.database).bill, run.number)
