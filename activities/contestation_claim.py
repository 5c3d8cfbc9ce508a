"""A contestation received as the transaction that moves it holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_schedule import enter
from models import cases
from models.cases import Case
from models.contestations import Contestation
from models.invoices import Invoice
from models.received_contestations import ReceivedContestation
from rules.business_days import local_date
from rules.contestation import ContestationStage


@dataclass(frozen=True)
class Claim:
    """What a customer contests, who acts on it and when."""

    session: AsyncSession
    case: Case
    contestation: Contestation
    received: ReceivedContestation
    by: str
    at: datetime

    @property
    def stage(self) -> ContestationStage:
        """Where it stands."""
        return ContestationStage(self.contestation.stage)

    @property
    def today(self) -> date:
        """The day on which it is moved."""
        return local_date(self.at)

    async def invoice(self) -> Invoice:
        """The contested invoice, for changing it."""
        return await self.session.get_one(
            Invoice, self.contestation.own_invoice_id, with_for_update=True
        )

    def record(self, kind: str, *, by: str = "", **parameters: Any) -> None:
        """This will add a line to its history."""
        cases.record_event(
            self.session, self.case, kind=kind, by=by or self.by, at=self.at, **parameters
        )

    async def enter(self, stage: ContestationStage, *, by: str = "") -> None:
        """This will put it into a stage, and set its clock."""
        await enter(self.session, self.case, self.contestation, stage, by=by or self.by, at=self.at)
