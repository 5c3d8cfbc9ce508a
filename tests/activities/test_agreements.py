"""Making an agreement: what it writes; test_agreement_refusals.py says when it writes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select

from activities.agreements import pick_invoices, preview
from activities.promises import NewPromise, judge_promises, make_promise
from models import agreement_lists
from models.agreements import AgreementInvoice
from models.cases import case_of
from models.collections import PanelTotal
from models.database import Database
from models.invoices import Invoice, InvoiceEvent
from models.messages import Message
from models.outbox import OutboxEntry
from models.people import Deed
from models.plans import DiscountTable
from rules.agreement_terms import InstalmentRow
from rules.cases import Process
from rules.proposals import NotAuthorised
from tests import builders
from tests.builders import AT, days
from tests.support.agreements import Scene, a_setting, all_that_is_written, invoices_of


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
        session.add(a_setting("tells_customer", value=tells))

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
        table = DiscountTable(code="P15", name="Pontualidade", pay_on_time=Decimal(15))
        scene.contract.discount_table_id = (await builders.stored(session, table)).id
        kept = await scene.make(scene.proposal(keeps_discount=True))
        assert {i.pay_on_time_discount for i in await invoices_of(session, kept)} == {Decimal(15)}

    async with database.write() as session:
        scene = await Scene(session).set()
        session.add(a_setting("suspend_originals", value=True))
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

        session.add(a_setting("allows_fiscal_document", value=True))
        picked = await pick_invoices(session, customer_id=scene.case.subject_id, invoice_ids=ids)
        assert [p.refusal for p in picked] == [None, None]


async def test_a_preview_changes_nothing_and_shows_rows_that_do_not_add_up(
    database: Database,
) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        customer_id = scene.case.subject_id
        before = await all_that_is_written(session)

        planned = await preview(session, scene.proposal(), customer_id=customer_id)
        edited = (InstalmentRow(date(2026, 12, 5), Decimal("75.00")),)
        wrong = await preview(session, scene.proposal(rows=edited), customer_id=customer_id)
        same = await preview(session, scene.unchanged(), customer_id=customer_id)

        assert (planned.quote.total, planned.rows_total) == (Decimal("1075.00"),) * 2
        assert (wrong.quote.total, wrong.rows_total) == (Decimal("1075.00"), Decimal("75.00"))
        assert (same.quote.total, same.rows) == (Decimal("1000.00"), ())
        assert await all_that_is_written(session) == before


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
