"""Making an agreement: what it writes, and that a refusal writes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreed_invoices import restore_originals
from activities.agreements import make_agreement, pick_invoices, preview
from activities.promises import NewPromise, judge_promises, make_promise
from models import agreement_lists
from models.agreements import Agreement, AgreementInvoice
from models.cases import Case, case_of
from models.collections import PanelTotal
from models.database import Database
from models.invoices import Invoice, InvoiceEvent
from models.messages import Message
from models.outbox import OutboxEntry
from models.people import Deed
from models.policies import PolicyValue
from models.standings import refresh_standings
from rules import agreement_terms as terms
from rules.agreement_terms import AgreementKind, InstalmentRow, MakeAgreement
from rules.agreements import AgreementReason
from rules.cases import Process
from rules.proposal_instalments import InstalmentsDoNotAddUp
from rules.proposals import (
    Components,
    ComponentWithoutLedgerAccount,
    NotAuthorised,
    ToleranceBeforeLastDue,
    ToleranceNotAfterToday,
    TotalNotPositive,
)
from rules.refusals import Refusal
from tests import builders
from tests.builders import AT, TODAY, days


class Scene:
    """A customer who negotiates two invoices of 600 and 400, and all that an agreement names."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def set(self) -> Scene:
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
        answer = await make_agreement(self.session, self.case, command, AT)
        await refresh_standings(self.session, [self.case.subject_id])
        return await self.session.get_one(Agreement, answer["agreement_id"])


async def invoices_of(session: AsyncSession, agreement: Agreement) -> list[Invoice]:
    rows = await agreement_lists.agreement_invoices(session, agreement.number)
    return [row.invoice for row in rows if row.link.role == "instalment"]


async def test_an_unchanged_agreement_keeps_its_invoices(database: Database) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()

        agreement = await scene.make(scene.unchanged())

        for invoice in (scene.older, scene.newer):
            assert (invoice.collection_stage, invoice.status) == ("in_agreement", "open")
            assert invoice.agreement_id == agreement.id
        assert (agreement.principal, agreement.total) == (Decimal(1000), Decimal(1000))
        total = await session.get_one(PanelTotal, 4)
        assert (total.customers, total.invoices, total.amount) == (1, 2, Decimal(1000))
        own = await case_of(session, process=Process.AGREEMENTS, subject_id=agreement.number)
        assert own is not None
        assert (own.stage, own.owner, own.next_kind) == ("in_progress", "ana", "remind")
        started = [e.workflow for e in await session.exec(select(OutboxEntry))]
        assert started == ["AgreementJourney"]
        assert (await builders.events_of(session, scene.case))[-1] == "agreement_made"


async def test_a_proposal_puts_new_invoices_in_the_place_of_the_originals(
    database: Database,
) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()

        agreement = await scene.make(scene.proposal())

        made = await invoices_of(session, agreement)
        assert [(i.code, i.amount, i.open_amount, i.due_date) for i in made] == [
            (f"A{agreement.id}-1", Decimal("381.67"), Decimal("381.67"), date(2026, 11, 30)),
            (f"A{agreement.id}-2", Decimal("346.67"), Decimal("346.67"), date(2026, 12, 30)),
            (f"A{agreement.id}-3", Decimal("346.66"), Decimal("346.66"), date(2027, 1, 30)),
        ]
        assert {i.collection_stage for i in made} == {"in_agreement"}
        assert {i.contract_id for i in made} == {scene.contract.id}
        assert {i.payment_profile_id for i in made} == {scene.profile.id}
        assert {i.pay_on_time_discount for i in made} == {Decimal(0)}
        for original in (scene.older, scene.newer):
            assert (original.status, original.collection_stage) == ("replaced", "replaced")
            assert original.open_amount == 0
        panels = {t.panel: t.amount for t in await session.exec(select(PanelTotal)) if t.amount}
        assert panels == {4: Decimal("1075.00")}


async def test_an_agreement_takes_the_place_of_the_promise_of_its_invoices(
    database: Database,
) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        promise = await make_promise(
            session, scene.case.subject_id, NewPromise(days(5)),
            deed=Deed("ana", AT, "", frozenset({"*"})),
        )  # fmt: skip

        await scene.make(scene.unchanged(invoice_ids=(scene.older.key,)))
        await judge_promises(session, today=days(30), at=AT)

        assert promise.status == "withdrawn"  # and not broken, which would be held against them


@pytest.mark.parametrize("tells", [True, False])
async def test_the_customer_is_told_of_the_agreement_where_the_house_does_so(
    database: Database, tells: bool
) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        session.add(_setting("tells_customer", value=tells))

        agreement = await scene.make(scene.proposal())

        written = (await session.exec(select(Message).where(Message.channel == "email"))).all()
        assert [each.purpose for each in written] == ["agreement_made"] * tells
        assert all(f"nº {agreement.number}" in each.text for each in written)


async def test_the_parts_of_the_instalments_stand_in_their_links(database: Database) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()

        agreement = await scene.make(scene.proposal())

        statement = select(AgreementInvoice).where(
            AgreementInvoice.agreement_id == agreement.id, AgreementInvoice.role == "instalment"
        )
        rows = await session.exec(statement.order_by(col(AgreementInvoice.ordinal)))
        first, second, third = [
            {part: Decimal(value) for part, value in row.parts.items()} for row in rows
        ]
        for part, whole in (("fine", 20), ("charges", 5), ("fees", 10)):
            assert [row[part] for row in (first, second, third)] == [whole, 0, 0]
        for part, whole in (("principal", 1000), ("increase", 50), ("discount", 10)):
            assert first[part] + second[part] + third[part] == whole


async def test_both_histories_tell_the_lineage(database: Database) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()

        agreement = await scene.make(scene.proposal(count=1))

        made = (await invoices_of(session, agreement))[0]
        lineage = await agreement_lists.lineage_of(session, made.key)
        assert [(row.agreement.id, row.link.role) for row in lineage] == [
            (agreement.id, "instalment")
        ]
        events = {
            (e.invoice_id, e.kind): e.parameters for e in await session.exec(select(InvoiceEvent))
        }
        assert events[scene.older.key, "replaced_by_agreement"]["invoices"] == [made.code]
        assert events[made.key, "made_by_agreement"]["originals"] == [
            scene.older.code, scene.newer.code,
        ]  # fmt: skip


async def test_the_discount_is_kept_when_asked_and_suspended_originals_show_so(
    database: Database,
) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        kept = await scene.make(scene.proposal(keeps_discount=True))
        assert {i.pay_on_time_discount for i in await invoices_of(session, kept)} == {Decimal(20)}

    async with database.write() as session:
        scene = await Scene(session).set()
        session.add(_setting("suspend_originals", value=True))
        await scene.make(scene.proposal())
        assert (scene.older.status, scene.older.collection_stage) == ("suspended", "replaced")


async def test_edited_rows_become_the_invoices(database: Database) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        rows = (
            InstalmentRow(date(2026, 12, 5), Decimal("75.00")),
            InstalmentRow(date(2027, 1, 20), Decimal("1000.00")),
        )

        agreement = await scene.make(scene.proposal(rows=rows))

        made = await invoices_of(session, agreement)
        assert [(i.due_date, i.amount) for i in made] == [(r.due_date, r.amount) for r in rows]


async def test_the_first_step_says_which_invoices_are_authorised(database: Database) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        scene.newer.fiscal_document_issued = True
        ids = (scene.newer.key, scene.older.key)

        picked = await pick_invoices(session, customer_id=scene.case.subject_id, invoice_ids=ids)
        assert [(p.invoice.code, p.refusal) for p in picked] == [
            (scene.older.code, None), (scene.newer.code, NotAuthorised.FISCAL_DOCUMENT),
        ]  # fmt: skip

        session.add(_setting("allows_fiscal_document", value=True))
        picked = await pick_invoices(session, customer_id=scene.case.subject_id, invoice_ids=ids)
        assert [p.refusal for p in picked] == [None, None]


async def test_a_preview_changes_nothing_and_shows_rows_that_do_not_add_up(
    database: Database,
) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        customer_id = scene.case.subject_id
        before = await _everything(session)

        planned = await preview(session, scene.proposal(), customer_id=customer_id)
        edited = (InstalmentRow(date(2026, 12, 5), Decimal("75.00")),)
        wrong = await preview(session, scene.proposal(rows=edited), customer_id=customer_id)
        same = await preview(session, scene.unchanged(), customer_id=customer_id)

        assert (planned.quote.total, planned.rows_total) == (Decimal("1075.00"),) * 2
        assert (wrong.quote.total, wrong.rows_total) == (Decimal("1075.00"), Decimal("75.00"))
        assert (same.quote.total, same.rows) == (Decimal("1000.00"), ())
        assert await _everything(session) == before


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
        ComponentWithoutLedgerAccount, "fees", {"components": Components(fees=Decimal(1))},
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
        before = await _everything(session)

        with pytest.raises(refusal) as refused:
            await scene.make(scene.proposal(**values))

        assert (refused.value.field or "") == field
        assert await _everything(session) == before


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


async def test_the_draft_is_gone_once_the_agreement_is_made(database: Database) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        whose: dict[str, Any] = {"customer_id": scene.case.subject_id, "by": "ana"}
        for count in (1, 2):
            await agreement_lists.save_draft(session, form={"count": count}, at=AT, **whose)
        draft = await agreement_lists.draft_of(session, **whose)
        assert draft is not None
        assert draft.form == {"count": 2}

        await scene.make(scene.unchanged())

        assert await agreement_lists.draft_of(session, **whose) is None


async def test_the_five_lists_of_the_account(database: Database) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        agreement = await scene.make(scene.proposal())
        customer_id, tolerance = agreement.customer_id, agreement.tolerance_date
        first, *others = [i.code for i in await invoices_of(session, agreement)]
        made = await session.exec(select(Invoice).where(Invoice.code == first))
        paid = made.one()
        paid.status, paid.collection_stage, paid.open_amount = "settled", "fulfilled", Decimal(0)
        await session.flush()

        def codes(rows: list[agreement_lists.AgreedInvoiceRow]) -> list[str]:
            return [row.invoice.code for row in rows]

        lists = agreement_lists
        assert await lists.agreements_in_progress(session, customer_id) == [agreement]
        participating = await lists.participating_invoices(session, customer_id)
        assert codes(participating) == [scene.older.code, scene.newer.code]
        assert codes(await lists.invoices_awaiting_settlement(session, customer_id)) == others
        for today, late in ((tolerance, []), (days(1, since=tolerance), others)):
            found = await lists.invoices_past_tolerance(session, customer_id, today=today)
            assert codes(found) == late
        assert codes(await lists.settled_invoices(session, customer_id)) == [first]


def _setting(name: str, *, value: bool) -> PolicyValue:
    return PolicyValue(
        name=f"AgreementPolicy.{name}", value=value, changed_at=AT, changed_by="admin"
    )


async def _everything(session: AsyncSession) -> list[Any]:
    """What an agreement could have written."""
    invoices = await session.exec(select(Invoice).order_by(col(Invoice.id)))
    return [
        [(i.id, i.status, i.collection_stage, i.open_amount) for i in invoices],
        *[
            len((await session.exec(select(table))).all())
            for table in (Agreement, AgreementInvoice, Case, InvoiceEvent, OutboxEntry)
        ],
    ]


async def test_a_discount_that_an_instalment_forgave_was_not_paid(database: Database) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        agreement = await scene.make(scene.proposal(keeps_discount=True))
        first, *_ = await invoices_of(session, agreement)
        paid = first.amount - first.pay_on_time_discount
        await builders.pay(session, first, str(paid))

        await restore_originals(
            session, agreement, reason=AgreementReason.RESTORED, by="ana", at=AT
        )

        owed = scene.older.open_amount + scene.newer.open_amount
        assert first.pay_on_time_discount > 0
        assert owed == Decimal(1000) - paid
