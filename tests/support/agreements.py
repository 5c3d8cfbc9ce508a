"""A customer who negotiates, and the agreements that come of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreements import make_agreement
from models import agreement_lists
from models.agreements import Agreement, AgreementInvoice
from models.cases import Case
from models.invoices import Invoice, InvoiceEvent
from models.outbox import OutboxEntry
from models.policies import PolicyValue
from models.standings import refresh_standings
from rules.agreement_terms import AgreementKind, MakeAgreement
from rules.proposals import Components
from tests import builders
from tests.builders import AT, days


class Scene:
    """A customer who negotiates two invoices of 600 and 400, and all that an agreement names."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def set(self) -> Scene:
        """This will make the customer and all the rest."""
        session = self.session
        self.customer = await builders.a_customer(session)
        self.contract = await builders.a_contract(
            session, self.customer, pay_on_time_discount=Decimal("20.00")
        )
        self.profile = await builders.a_payment_profile(session)
        shared = {"contract_id": self.contract.id, "payment_profile_id": self.profile.id}
        self.newer = await builders.an_invoice(
            session, self.customer, "400.00", due_date=date(2026, 10, 5), **shared
        )
        self.older = await builders.an_invoice(
            session, self.customer, "600.00", due_date=date(2026, 9, 5), **shared
        )
        self.case = await builders.a_collections_case(session, self.customer)
        self.category = await builders.a_category(session)
        self.ledger = await builders.a_ledger_account(session)
        return self

    def unchanged(self, **values: Any) -> MakeAgreement:
        """Both invoices as they are."""
        command = MakeAgreement(
            by="ana", invoice_ids=(self.newer.key, self.older.key),
            agreement_kind=AgreementKind.UNCHANGED, tolerance_date=days(10),
            category_id=self.category.id,
        )  # fmt: skip
        return replace(command, **values)

    def proposal(self, **values: Any) -> MakeAgreement:
        """The specification's example: 1,075.00 in three instalments."""
        account = self.ledger.id
        components = Components(
            increase_percent=Decimal(5), fine_percent=Decimal(2), discount=Decimal("10.00"),
            charges=Decimal("5.00"), fees=Decimal("10.00"), increase_account_id=account,
            fine_account_id=account, discount_account_id=account, charges_account_id=account,
            fees_account_id=account,
        )  # fmt: skip
        command = self.unchanged(
            agreement_kind=AgreementKind.PROPOSAL, components=components, count=3,
            first_due=date(2026, 11, 30), tolerance_date=date(2027, 2, 10),
            confirm_new_invoice=True,
        )  # fmt: skip
        return replace(command, **values)

    async def make(self, command: MakeAgreement) -> Agreement:
        """This will make an agreement."""
        answer = await make_agreement(self.session, self.case, command, AT)
        await refresh_standings(self.session, [self.case.subject_id])
        return await self.session.get_one(Agreement, answer["agreement_id"])


async def invoices_of(session: AsyncSession, agreement: Agreement) -> list[Invoice]:
    """The instalments of an agreement."""
    rows = await agreement_lists.agreement_invoices(session, agreement.number)
    return [row.invoice for row in rows if row.link.role == "instalment"]


def a_setting(name: str, *, value: bool) -> PolicyValue:
    """A setting of agreements that is not the first one."""
    return PolicyValue(
        name=f"AgreementPolicy.{name}", value=value, changed_at=AT, changed_by="admin"
    )


async def all_that_is_written(session: AsyncSession) -> list[Any]:
    """What an agreement could have written."""
    invoices = await session.exec(select(Invoice).order_by(col(Invoice.id)))
    return [
        [(i.id, i.status, i.collection_stage, i.open_amount) for i in invoices],
        *[
            len((await session.exec(select(table))).all())
            for table in (Agreement, AgreementInvoice, Case, InvoiceEvent, OutboxEntry)
        ],
    ]
