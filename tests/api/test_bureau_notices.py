"""Notices before bureau records: seen, and proven where they did not arrive."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from activities.bureau import add_records
from activities.bureau_moves import decide
from models.bureau import BureauRecord
from models.cases import case_of
from models.invoices import InvoiceEvent
from models.messages import Message
from models.outbox import OutboxEntry
from models.policies import PolicyValue
from models.tasks import Task
from rules.bureau import AddToBureau
from rules.business_days import local_date
from rules.cases import Elapsed, News, Process
from tests import builders
from tests.support.web import NOW, Web

PATH, API = "/cobrancas/avisos-do-spc", "/api/bureau/notices"
WORKS = ("bureau:see", "bureau:act")
TODAY = local_date(NOW)


async def noticed(web: Web, status: str, **customer) -> int:
    """A record asked for five days ago whose notice went so."""
    at = NOW - timedelta(days=5)
    async with web.database.write() as session:
        debtor = await builders.a_customer(session, email="ana@example.com", **customer)
        invoice = await builders.an_invoice(session, debtor, collection_stage="broken")
        account = await builders.a_collections_case(session, debtor)
        command = AddToBureau(by="ana", invoice_ids=(invoice.key,), details="não pagou")
        [record_id] = (await add_records(session, account, command, at))["record_ids"]
        for message in await session.exec(select(Message).where(Message.status == "queued")):
            message.status = status
            message.sent_at = at if status == "sent" else None
    return record_id


async def stage_after(web: Web, record_id: int, *, days: int) -> str:
    """What the record is once so many days have passed, told of its notice meanwhile."""
    async with web.database.write() as session:
        case = await case_of(session, process=Process.BUREAU, subject_id=record_id)
        assert case is not None
        await decide(session, case, News(), NOW)
        if case.next_kind == "register":
            await decide(session, case, Elapsed(step="register"), NOW + timedelta(days=days))
        return (await session.get_one(BureauRecord, record_id)).stage


async def step_after(web: Web, record_id: int, step: str, *, days: int) -> str | None:
    """What comes next once a step's instant came, so many days from now."""
    async with web.database.write() as session:
        case = await case_of(session, process=Process.BUREAU, subject_id=record_id)
        assert case is not None
        await decide(session, case, Elapsed(step=step), NOW + timedelta(days=days))
        return case.next_kind


async def proof_tasks(web: Web) -> list[str]:
    async with web.database.read() as session:
        return list(await session.exec(select(Task.status).where(Task.kind == "ask_proof")))


async def news_of_bureau(web: Web) -> list[str | None]:
    """The marks that bureau records were told of."""
    asked = select(OutboxEntry.news_id).where(
        OutboxEntry.workflow == "BureauRecordJourney", col(OutboxEntry.news_id).like("customer_%")
    )
    async with web.database.read() as session:
        return list(await session.exec(asked.order_by(col(OutboxEntry.id))))


async def times_told(web: Web, kind: str) -> int:
    """How often the invoices' histories say this."""
    async with web.database.read() as session:
        return len(
            (await session.exec(select(InvoiceEvent).where(InvoiceEvent.kind == kind))).all()
        )


async def test_a_lost_notice_is_proven_by_hand_and_its_period_runs_from_then(web: Web) -> None:
    lost = await noticed(web, "failed", name="Ana Souza")
    browser, program = await web.browser(*WORKS), await web.program(*WORKS)
    stranger = await web.program("bureau:see", login="rui")
    body = {"proven_on": str(TODAY - timedelta(days=1)), "proof": "AR 123"}

    listed = (await program.get(API, params={"notice": "lost"})).json()
    assert await stage_after(web, lost, days=30) == "noticed"
    refused = await stranger.post(f"{API}/{lost}/proof", json=body)
    early = await program.post(f"{API}/{lost}/proof", json={**body, "proven_on": "2026-01-01"})
    form = await browser.get(f"{PATH}/{lost}")
    typed = {"proven_on": body["proven_on"], "proof": ""}
    bare = await browser.post(f"{PATH}/{lost}", data=typed)
    done = await browser.post(f"{PATH}/{lost}", data=body)

    assert [(each["id"], each["told"]) for each in listed] == [(lost, "lost")]
    assert (refused.status_code, early.json()["code"]) == (403, "NoticeProvenOnNotPossible")
    assert ("Ana Souza" in form.text, bare.status_code, done.status_code) == (True, 422, 303)
    assert "Provado" in (await browser.get(PATH)).text
    assert (await program.post(f"{API}/{lost}/proof", json=body)).status_code == 204
    assert await times_told(web, "bureau_proven") == 1
    assert await stage_after(web, lost, days=8) == "noticed"
    assert await stage_after(web, lost, days=10) == "registered"
    gone = await browser.get(f"{PATH}/{lost}")
    late = await program.post(f"{API}/{lost}/proof", json=body)
    assert (gone.status_code, late.json()["code"]) == (404, "NoticeNotWanted")


async def test_a_state_may_want_delivery_proven(web: Web) -> None:
    async with web.database.write() as session:
        session.add(
            PolicyValue(name="BureauProof.SP", value=True, changed_at=NOW, changed_by="ana")
        )
    there = await noticed(web, "sent", uf="SP")
    elsewhere = await noticed(web, "sent", uf="MG")
    proof = {"proven_on": str(TODAY), "proof": "AR 123"}
    browser, program = await web.browser("bureau:see"), await web.program(*WORKS)

    assert await stage_after(web, elsewhere, days=6) == "registered"
    assert await step_after(web, there, "ask_proof", days=6) == "expire"
    assert await step_after(web, there, "ask_proof", days=7) == "expire"
    assert await proof_tasks(web) == ["open"]
    assert f"{PATH}/{there}" not in (await browser.get(PATH)).text
    assert f"{PATH}/{there}" in (await (await web.browser(*WORKS, login="bia")).get(PATH)).text

    assert (await program.post(f"{API}/{there}/proof", json=proof)).status_code == 204
    assert await stage_after(web, there, days=9) == "noticed"
    assert await proof_tasks(web) == ["cancelled"]
    assert await stage_after(web, there, days=11) == "registered"


async def test_who_is_marked_while_the_notice_runs_is_not_registered(web: Web) -> None:
    record_id = await noticed(web, "sent")
    async with web.database.read() as session:
        customer = (await session.get_one(BureauRecord, record_id)).customer_id
    program = await web.program("customers:see", "customers:act")

    reason = {"kind": "public_body", "reason": "Prefeitura"}
    mark = (await program.post(f"/api/customers/{customer}/marks", json=reason)).json()["id"]
    assert await news_of_bureau(web) == [f"customer_marked/{mark}"]
    assert await step_after(web, record_id, "register", days=6) == "expire"
    assert await stage_after(web, record_id, days=6) == "noticed"

    await program.post(f"/api/customer-marks/{mark}/removal")
    assert await news_of_bureau(web) == [f"customer_marked/{mark}", f"customer_unmarked/{mark}"]
    assert await stage_after(web, record_id, days=6) == "registered"
