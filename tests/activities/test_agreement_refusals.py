"""An agreement that may not be made: the refusal names its field, and nothing is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.database import Database
from rules import agreement_terms as terms
from rules.agreement_terms import InstalmentRow
from rules.proposal_instalments import InstalmentsDoNotAddUp
from rules.proposals import (
    Components,
    ComponentWithoutLedgerAccount,
    ToleranceBeforeLastDue,
    ToleranceNotAfterToday,
    TotalNotPositive,
)
from rules.refusals import Refusal
from tests import builders
from tests.builders import TODAY, days
from tests.support.agreements import Scene, all_that_is_written

REFUSED: dict[str, tuple[type[Refusal], str, dict[str, Any]]] = {
    "no invoice": (terms.NoInvoicePicked, "invoice_ids", {"invoice_ids": ()}),
    "unknown": (terms.InvoiceNotOfAccount, "invoice_ids", {"invoice_ids": (999,)}),
    "a novel": (terms.DescriptionTooLong, "description", {"description": "a" * 201}),
    "no category": (terms.AgreementCategoryNotActive, "category_id", {"category_id": None}),
    "other category": (terms.AgreementCategoryNotActive, "category_id", {"category_id": 999}),
    "tolerance today": (ToleranceNotAfterToday, "tolerance_date", {"tolerance_date": TODAY}),
    "tolerance before the last due date": (
        ToleranceBeforeLastDue, "tolerance_date", {"tolerance_date": date(2027, 1, 29)},
    ),
    "not confirmed": (
        terms.NewInvoiceNotConfirmed, "confirm_new_invoice", {"confirm_new_invoice": False},
    ),
    "no first due date": (terms.FirstDueRequired, "first_due", {"first_due": None}),
    "due in the past": (terms.InstalmentDueInThePast, "due_date", {"first_due": days(-1)}),
    "other profile": (
        terms.PaymentProfileNotActive, "payment_profile_id", {"payment_profile_id": 999},
    ),
    "nothing left": (
        TotalNotPositive, "",
        {"components": Components(discount=Decimal(1000), discount_account_id=1)},
    ),
    "no ledger account": (
        ComponentWithoutLedgerAccount, "fees_account_id",
        {"components": Components(fees=Decimal(1))},
    ),
    "other ledger account": (
        terms.LedgerAccountNotActive, "fees_account_id",
        {"components": Components(fees=Decimal(1), fees_account_id=999)},
    ),
    "rows that do not add up": (
        InstalmentsDoNotAddUp, "",
        {"rows": (InstalmentRow(days(20), Decimal("1074.99")),)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
async def test_a_refusal_names_its_field_and_changes_nothing(database: Database, case: str) -> None:
    refusal, field, values = REFUSED[case]
    async with database.write() as session:
        scene = await Scene(session).set()
        before = await all_that_is_written(session)

        with pytest.raises(refusal) as refused:
            await scene.make(scene.proposal(**values))

        assert (refused.value.field or "") == field
        assert await all_that_is_written(session) == before


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"status": "settled"}, terms.PickedInvoiceSettled),
        ({"status": "suspended"}, terms.PickedInvoiceSuspended),
        ({"status": "cancelled"}, terms.PickedInvoiceCancelled),
        ({"status": "replaced"}, terms.PickedInvoiceInAgreement),
        ({"remittance_generated": True}, terms.RemittanceGenerated),
        ({"fiscal_document_issued": True}, terms.FiscalDocumentIssued),
        ({"collection_stage": "in_contact"}, terms.InvoiceNotNegotiating),
        ({"collection_stage": None}, terms.InvoiceNotNegotiating),
    ],
)
async def test_every_picked_invoice_is_judged_again(
    database: Database, values: dict[str, Any], refusal: type[Refusal]
) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        for name, value in values.items():
            setattr(scene.newer, name, value)
        await session.flush()

        with pytest.raises(refusal):
            await scene.make(scene.unchanged())

        assert scene.older.collection_stage == "negotiating"


async def test_an_invoice_is_in_one_agreement_at_a_time_and_of_one_customer(
    database: Database,
) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        stranger = await builders.an_invoice(session, await builders.a_customer(session))
        with pytest.raises(terms.InvoiceNotOfAccount):
            await scene.make(scene.unchanged(invoice_ids=(stranger.key,)))

        await scene.make(scene.unchanged(invoice_ids=(scene.older.key,)))
        with pytest.raises(terms.PickedInvoiceInAgreement):
            await scene.make(scene.unchanged())


async def test_a_registry_entry_out_of_use_is_refused(database: Database) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        scene.ledger.is_active = False
        with pytest.raises(terms.LedgerAccountNotActive):
            await scene.make(scene.proposal())

        scene.category.is_active = False
        with pytest.raises(terms.AgreementCategoryNotActive):
            await scene.make(scene.unchanged())
