"""A customer's SMS: believed with Twilio's signature, joined to its case, asked of its owner."""

from __future__ import annotations

from sqlmodel import select
from twilio.request_validator import RequestValidator

from activities.clients.twilio import auth_token
from api.inbound_sms import PATH
from models.cases import Case, CaseEvent
from models.customers import Customer
from models.inbound_sms import InboundSms
from models.messages import Message, OptOut
from models.outbox import OutboxEntry
from models.tasks import Task
from settings import Settings
from tests import builders
from tests.support.web import Web

HOOK = "/webhooks/twilio/sms"
MOBILE = "+5581987654321"


async def a_case(web: Web) -> Case:
    """Maria was written to by SMS about her account, which Ana has."""
    async with web.database.write() as session:
        await builders.a_user(session, "ana")
        customer = await builders.a_customer(session, name="Maria", mobile=MOBILE)
        case = await builders.a_collections_case(session, customer, at=web.now)
        case.owner = "ana"
        session.add(case)
        session.add(
            Message(
                key="cadence/sms", case_id=case.id, customer_id=customer.id, channel="sms",
                purpose="contact_cadence_1", to_address=MOBILE, status="sent", sent_at=web.now,
                not_before=web.now, created_at=web.now, created_by="system",
            )
        )  # fmt: skip
    return case


async def sent(web: Web, settings: Settings, text: str, *, sid="SM9", sender=MOBILE, token=None):
    form = {"MessageSid": sid, "From": sender, "Body": text}
    signature = RequestValidator(token or auth_token(settings)).compute_signature(
        f"{settings.base_url()}{HOOK}", form
    )
    return await web.visitor().post(HOOK, data=form, headers={"X-Twilio-Signature": signature})


async def every(web: Web, table):
    async with web.database.read() as session:
        return (await session.exec(select(table).order_by(table.id))).all()


async def test_an_answer_joins_its_case_and_its_owner_is_asked(
    web: Web, settings: Settings
) -> None:
    case = await a_case(web)

    answers = [await sent(web, settings, "Paguei ontem") for _ in range(2)]

    assert [(each.status_code, each.text) for each in answers] == [(200, "<Response/>")] * 2
    [kept], [task] = await every(web, InboundSms), await every(web, Task)
    assert (kept.case_id, kept.text) == (case.id, "Paguei ontem")
    assert (task.assignee, task.for_case_id, task.kind) == ("ana", case.id, "sms_answer")
    assert task.description == "Paguei ontem"
    kinds = [each.kind for each in await every(web, CaseEvent) if each.case_id == case.id]
    assert kinds.count("sms_received") == 1
    news = [each.news_id for each in await every(web, OutboxEntry) if each.news_id]
    assert news == ["sms/SM9"]
    page = await (await web.browser("collections.account:see", login="bia")).get(
        f"/casos/{case.id}"
    )
    assert "O cliente respondeu por SMS: Paguei ontem" in page.text


async def test_the_list_says_what_became_of_each_and_opens_its_case(
    web: Web, settings: Settings
) -> None:
    case = await a_case(web)
    async with web.database.write() as session:
        await builders.a_customer(
            session, name="Rui", document="11144477735", mobile="+5511988880000"
        )
    sms = (
        ("SM1", MOBILE, "Paguei ontem"), ("SM2", "+5511988880000", "Quero falar"),
        ("SM3", "+5511900000000", "Oi"), ("SM4", MOBILE, "SAIR"),
    )  # fmt: skip
    for sid, sender, text in sms:
        await sent(web, settings, text, sid=sid, sender=sender)
    browser, program = (
        await web.browser("messages:see", "collections.account:see", login="leo"),
        await web.program("messages:see"),
    )

    page = (await browser.get(PATH)).text
    narrowed = (await browser.get(f"{PATH}?situacao=opted_out&busca=maria")).text
    export = (await browser.get(f"{PATH}?formato=csv")).text
    listed = (await program.get("/api/inbound-sms")).json()["items"]
    joined = await program.get("/api/inbound-sms", params={"outcome": "joined", "limit": 1})
    wrong = await program.get("/api/inbound-sms", params={"outcome": "x"})
    nobody = await (await web.browser("tasks:see", login="bia")).get(PATH)

    assert [each["outcome"] for each in listed] == [
        "joined", "without_case", "stranger", "opted_out",
    ]  # fmt: skip
    assert f'href="/cobrancas/contas/{case.subject_id}"' in page
    for said in (
        "Entrou no caso",
        "Cliente sem caso aberto",
        "Número desconhecido",
        "Paguei ontem",
    ):
        assert said in page
    assert ("SAIR" in narrowed, "Paguei ontem" in narrowed) == (True, False)
    assert len(export.strip().splitlines()) == 5
    assert [each["case_id"] for each in joined.json()["items"]] == [case.id]
    assert (wrong.status_code, nobody.status_code) == (422, 403)


async def test_whoever_wants_no_more_gets_no_more(web: Web, settings: Settings) -> None:
    await a_case(web)

    await sent(web, settings, " Sair. ")

    [out] = await every(web, OptOut)
    assert out.channel == "sms"
    assert await every(web, Task) == []


async def test_a_stranger_is_one_task_a_day(web: Web, settings: Settings) -> None:
    for number in range(3):
        await sent(web, settings, "Oi", sid=f"SM{number}", sender="+5511900000000")

    [task] = await every(web, Task)
    assert task.places == {"name": "+5511900000000"}
    assert len(await every(web, InboundSms)) == 3


async def test_what_is_not_signed_is_refused(web: Web, settings: Settings) -> None:
    await a_case(web)

    forged = await sent(web, settings, "Paguei", token="somebody's")

    assert forged.status_code == 403
    assert await every(web, InboundSms) == []
    assert len(await every(web, Customer)) == 1
