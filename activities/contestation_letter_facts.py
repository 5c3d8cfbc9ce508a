"""What a contestation's letter is about, read from the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from models import contestations
from models.carrier_invoices import CarrierInvoice
from models.carriers import Carrier, CarrierAccount
from models.contestations import Contestation, ContestationItem
from models.customers import Customer
from models.findings import Finding
from models.policies import load_policy
from rules.business_days import local_date
from rules.contestation import ContestationPolicy, ContestationStage, Level
from rules.money import ZERO
from rules.refusals import written_date


@dataclass(frozen=True)
class LetterFacts:
    """A contestation with everything that its letter may tell."""

    contestation: Contestation
    customer: Customer
    carrier: Carrier
    account: CarrierAccount
    invoice: CarrierInvoice
    items: Sequence[tuple[ContestationItem, Finding]]
    protocols: Sequence[str]
    claims_double: bool

    @property
    def is_again(self) -> bool:
        """Whether it goes back for a credit that did not come."""
        return self.contestation.round > 1 and self.contestation.level == Level.CARRIER

    @property
    def asks_credit(self) -> bool:
        """Whether it is about what was granted and has not come."""
        is_awaited = self.contestation.stage == ContestationStage.AWAITING_CREDIT
        return is_awaited or self.contestation.round > 1

    @property
    def amount(self) -> Decimal:
        """What the letter asks for."""
        awaited = sum((item.awaited for item, _ in self.items), ZERO)
        return awaited if self.asks_credit else self.contestation.claimed

    @property
    def asked_for(self) -> list[tuple[ContestationItem, Finding]]:
        """The items that the letter is about; what has come is not asked for again."""
        return [each for each in self.items if not self.asks_credit or each[0].awaited]

    @property
    def is_doubled(self) -> bool:
        """Whether what is contested was paid, and is claimed in double."""
        is_claimed = self.claims_double and self.invoice.paid_on is not None
        return self.contestation.extra > 0 or is_claimed

    @property
    def due(self) -> Decimal:
        """All that was to come, with what came."""
        return sum((item.due for item, _ in self.items), ZERO)


async def read_facts(session: AsyncSession, contestation: Contestation) -> LetterFacts:
    """This will gather what the letter that is due may tell."""
    protocols = await contestations.protocols_of(session, contestation.number)
    return LetterFacts(
        contestation,
        await session.get_one(Customer, contestation.customer_id),
        await session.get_one(Carrier, contestation.carrier_id),
        await session.get_one(CarrierAccount, contestation.account_id),
        await session.get_one(CarrierInvoice, contestation.invoice_id),
        await contestations.items_of(session, contestation.number),
        [f"{each.protocol} ({written_date(local_date(each.contacted_at))})" for each in protocols],
        (await load_policy(session, ContestationPolicy())).claims_double,
    )
