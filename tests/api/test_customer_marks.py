"""Customers who are not chased by routine: marked, left alone, and taken up again."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities import agreement_moves, collections
from activities.customer_marks import mark_customer, unmark_customer
from models.account_facts import load_facts
from models.agreements import Agreement, AgreementInvoice, Role
from models.cases import Case, case_of, open_case
from models.classification import customers_to_classify
from models.customers import Customer
from models.invoices import Invoice
from models.ladder_stops import pauses_of
from models.people import Deed
from models.tasks import open_tasks_of
from rules.cases import News, Process
from rules.classification import Forwarding
from rules.collections import AccountStep, CollectionsPolicy, next_step
from rules.customer_marks import TASKS, MarkKind
from tests import builders
from tests.builders import stored
from tests.support.collections import TODAY, a_debtor
from tests.support.web import Web

WORKS = ("customers:see", "customers:act")
SEES = "collections.account:see"
KINDS = (*AccountStep, *TASKS.values())


async def the_case(session: AsyncSession, process: Process, subject_id: int) -> Case:
    case = await case_of(session, process=process, subject_id=subject_id)
    assert case is not None
    return case


async def is_chased(web: Web, customer_id: int) -> bool:
    """Whether anything comes by itself."""
    async with web.database.write() as session:
        case = await case_of(session, process=Process.COLLECTIONS, subject_id=customer_id)
        assert case is not None
        return next_step(await load_facts(session, case), CollectionsPolicy()) is not None


async def pauses(web: Web, invoice_id: int) -> list[tuple]:
    async with web.database.read() as session:
        invoice = await session.get_one(Invoice, invoice_id)
        found = await pauses_of(session, [invoice])
    return [(each.since, each.until, each.reason) for each in found.get(invoice_id, ())]


async def test_nobody_chases_who_died_and_the_ladder_goes_on_once_that_was_wrong(
    web: Web,
) -> None:
    debtor = await a_debtor(web, "negotiating", email="ana@example.com")
    customer, [invoice] = debtor["customer"], debtor["invoices"]
    program = await web.program(*WORKS, SEES, "bureau:see")
    browser = await web.browser(SEES)
    path = f"/api/customers/{customer}/marks"

    assert await is_chased(web, customer)
    made = await program.post(path, json={"kind": "deceased", "reason": "certidão"})
    twice = await program.post(path, json={"kind": "deceased", "reason": "certidão"})
    bare = await program.post(path, json={"kind": "fraud"})
    queue = (await program.get("/api/collections/worklist")).json()["rows"]
    aside = (await browser.get("/cobrancas/fila/fora?formato=csv")).text
    judged = await program.post("/api/bureau/simulation", json={"invoice_ids": [invoice]})
    account = (await browser.get(f"/cobrancas/contas/{customer}")).text

    assert (made.status_code, made.json()["is_still"]) == (201, True)
    assert (twice.json()["code"], bare.json()["code"]) == (
        "CustomerAlreadyMarked", "MarkReasonRequired",
    )  # fmt: skip
    assert not await is_chased(web, customer)
    assert await pauses(web, invoice) == [(TODAY, None, "mark")]
    assert (queue, "Cliente marcado" in aside, "Falecido" in account) == ([], True, True)
    [told] = judged.json()["invoices"]
    assert (told["verdict"], told["reasons"][0]["code"]) == ("gated", "BureauCustomerMarked")

    web.now += timedelta(days=3)
    gone = await program.post(f"/api/customer-marks/{made.json()['id']}/removal")
    again = await program.post(f"/api/customer-marks/{made.json()['id']}/removal")

    assert (gone.status_code, again.status_code) == (200, 409)
    assert await is_chased(web, customer)
    assert await pauses(web, invoice) == [(TODAY, TODAY + timedelta(days=3), "mark")]
    assert (await program.get(path)).json() == []


async def test_a_public_body_is_asked_like_everybody_but_not_put_at_the_bureau(web: Web) -> None:
    debtor = await a_debtor(web, "negotiating", email="a@example.com")
    customer, [invoice] = debtor["customer"], debtor["invoices"]
    browser = await web.browser(*WORKS)
    program = await web.program("bureau:see")
    page = f"/clientes/{customer}/marcas"

    bare = await browser.post(page, data={"kind": "public_body", "reason": ""})
    done = await browser.post(page, data={"kind": "public_body", "reason": "Prefeitura"})
    shown = (await browser.get(page)).text
    judged = await program.post("/api/bureau/simulation", json={"invoice_ids": [invoice]})
    stranger = (await a_debtor(web, "negotiating"))["customer"]
    other = await browser.post(f"/clientes/{stranger}/marcas/1/retirada")
    gone = await browser.post(f"{page}/1/retirada")

    assert (bare.status_code, done.status_code, gone.status_code) == (422, 303, 303)
    assert other.status_code == 404
    assert ("Prefeitura" in shown, "Órgão público" in shown) == (True, True)
    assert judged.json()["totals"][1]["invoices"] == 1
    assert await is_chased(web, customer)
    assert await pauses(web, invoice) == []


async def test_marking_needs_its_permission(web: Web) -> None:
    debtor = await a_debtor(web, "negotiating")
    path = f"/api/customers/{debtor['customer']}/marks"
    reader = await web.program("customers:see")
    worker = await web.program(*WORKS, login="rui")

    assert (await reader.post(path, json={"kind": "fraud", "reason": "x"})).status_code == 403
    assert (await worker.post(path, json={"kind": "rich", "reason": "x"})).status_code == 422
    assert (await worker.get("/api/customers/999/marks")).status_code == 404
    assert (await worker.post("/api/customer-marks/9/removal")).status_code == 404


async def an_agreement_in_progress(
    session: AsyncSession, customer: Customer, *, at: datetime
) -> Case:
    """An agreement on one invoice, due in two days, and its case."""
    agreed = await builders.an_invoice(session, customer, collection_stage="in_agreement")
    agreement = await stored(
        session,
        Agreement(
            customer_id=customer.id, kind="unchanged", status="in_progress", total=Decimal(100),
            principal=Decimal(100),
            tolerance_date=TODAY + timedelta(days=2), made_at=at, made_by="ana",
            category_id=(await builders.a_category(session)).id,
        ),
    )  # fmt: skip
    agreed.agreement_id = agreement.number
    session.add(
        AgreementInvoice(agreement_id=agreement.number, invoice_id=agreed.key, role=Role.ORIGINAL)
    )
    return await open_case(
        session, process=Process.AGREEMENTS, subject_id=agreement.number,
        customer_id=customer.id, stage="in_progress", by="ana", at=at,
    )  # fmt: skip


async def test_a_mark_stops_agreements_tasks_and_classification_and_asks_one_thing_of_a_person(
    web: Web,
) -> None:
    debtor = await a_debtor(web, "classified")
    customer = debtor["customer"]
    at, deed = web.now, Deed("ana", web.now)
    async with web.database.write() as session:
        row = await session.get_one(Customer, customer)
        own = await an_agreement_in_progress(session, row, at=at)
        account = await the_case(session, Process.COLLECTIONS, customer)
        await agreement_moves.decide(session, own, News(), at)
        before = own.next_kind
        mark = await mark_customer(session, customer, MarkKind.DECEASED, reason="x", deed=deed)
        for case, move in ((own, agreement_moves), (account, collections)):
            await move.decide(session, case, News(), at)
        asked = [
            each.kind
            for each in await open_tasks_of(session, for_case_id=account.number, kinds=KINDS)
        ]
        late = await builders.an_invoice(
            session, row, collection_stage=None, due_date=TODAY - timedelta(days=60)
        )
        forwarding = Forwarding({1: TODAY - timedelta(days=10)}, 1, TODAY)
        marked = (own.next_kind, account.next_kind, asked)
        classified = await customers_to_classify(session, forwarding)
        await unmark_customer(session, mark.id or 0, deed=deed)
        for case, move in ((own, agreement_moves), (account, collections)):
            await move.decide(session, case, News(), at)
        left = await open_tasks_of(session, for_case_id=account.number, kinds=KINDS)

        assert before == "remind"
        assert marked == (None, None, ["marked_deceased"])
        assert classified == []
        assert (own.next_kind, account.next_kind) == ("remind", "start_task")
        assert left == []
        assert await customers_to_classify(session, forwarding) == [late.customer_id]
