"""Messages in pages, for programs, and what Twilio may tell us."""

from __future__ import annotations

import pytest
from twilio.request_validator import RequestValidator

from activities.clients.twilio import auth_token
from models.messages import Message, OptOut, lock_message
from models.outbox import OutboxEntry
from models.sink import SinkMessage
from models.tasks import Task
from rules.customer_links import without_links
from rules.sentences import fill
from settings import Settings
from tests.support.letters import NOON, a_case, a_customer, a_letter, stored, what_became
from tests.support.web import Web

EDITOR = "/mensagens/modelos/contact_cadence_1/email"


@pytest.mark.parametrize(
    ("path", "permission"),
    [
        ("/mensagens", "messages:see"),
        ("/mensagens/caixa", "messages:see"),
        ("/mensagens/modelos", "messages:see"),
        (EDITOR, "messages:see"),
        ("/mensagens/1", "messages:see"),
        ("/mensagens/clientes/1/email", "messages:act"),
        ("/mensagens/clientes/1/sms", "messages:act"),
    ],
)
async def test_each_page_opens_with_its_permission_alone(web: Web, path, permission):
    await a_letter(web.database, await a_customer(web.database))
    allowed = await web.browser(permission, login="bia")
    refused = await web.browser("tasks:see", login="caio")

    assert (await allowed.get(path)).status_code == 200
    assert (await refused.get(path)).status_code == 403


async def test_the_list_is_narrowed_by_status_channel_and_customer(web: Web):
    customer = await a_customer(web.database, mobile=None)
    await a_letter(web.database, customer)
    await a_letter(web.database, customer, channels=("sms",))
    browser = await web.browser("messages:see")

    held_back = (await browser.get("/mensagens?situacao=suppressed&busca=maria")).text
    other_day = (await browser.get("/mensagens?desde=2026-10-28")).text
    export = (await browser.get("/mensagens?canal=email&formato=csv")).text
    to_leave = (await browser.get("/mensagens?situacao=por-enviar&formato=csv")).text

    assert "sem endereço" in held_back
    assert "maria@exemplo.test" not in held_back
    assert "Nenhum registro corresponde aos filtros." in other_day
    assert "maria@exemplo.test" in export
    assert len(to_leave.splitlines()) == 2  # its head, and what is queued


async def test_a_message_is_shown_as_it_was_sent_and_with_all_that_became_of_it(web: Web):
    letter = await a_letter(web.database, await a_customer(web.database, name="Ana <b>"))
    browser = await web.browser("*")

    page = (await browser.get(f"/mensagens/{letter.id}")).text

    assert 'sandbox srcdoc="&lt;!DOCTYPE html&gt;' in page
    assert "Ana &lt;b&gt;" in page
    assert "Escrita e posta na fila." in page
    assert (await browser.get("/mensagens/999")).status_code == 404


async def test_programs_read_messages_and_what_became_of_them(web: Web):
    customer = await a_customer(web.database)
    letter = await a_letter(web.database, customer)
    program = await web.program("messages:see")

    found = (await program.get(f"/api/messages?customer_id={customer.id}&status=queued")).json()
    one = (await program.get(f"/api/messages/{letter.id}")).json()

    assert [item["id"] for item in found["items"]] == [letter.id]
    assert one["text"] == without_links(letter.text) != letter.text
    assert [event["kind"] for event in one["events"]] == ["queued"]
    assert (await program.get("/api/messages?status=lost")).status_code == 422


WRITTEN = {
    "key": "form-12345", "to_address": "maria@exemplo.test; jose@exemplo.test",
    "cc_address": "", "subject": "Sua dúvida", "text": "Bom dia.", "is_confirmed": "1",
}  # fmt: skip


async def test_a_message_by_hand_is_sent_once_however_often_the_form_is(web: Web):
    customer = await a_customer(web.database)
    browser = await web.browser("messages:act", "messages:see")
    path = f"/mensagens/clientes/{customer.id}/email"

    answers = [await browser.post(path, data=WRITTEN) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    [message] = await web.rows(Message)
    assert message.to_address == "maria@exemplo.test, jose@exemplo.test"
    assert (message.purpose, message.status, message.created_by) == ("by_hand", "queued", "ana")
    assert len(await web.rows(OutboxEntry)) == 1


async def test_an_sms_goes_to_every_number_once_and_is_one_contact(web: Web):
    customer = await a_customer(web.database)
    browser = await web.browser("messages:act", "messages:see")
    sent = WRITTEN | {"to_address": "(11) 98765-4321, 11 98765-4322, 11987654321"}

    answers = [
        await browser.post(f"/mensagens/clientes/{customer.id}/sms", data=sent) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [303, 303]
    first, second = await web.rows(Message)
    assert (first.to_address, second.to_address) == ("+5511987654321", "+5511987654322")
    assert first.contact == second.contact == "hand/form-12345"
    assert "2 mensagens postas na fila." in (await browser.get(f"/mensagens/{first.id}")).text


@pytest.mark.parametrize(
    ("channel", "changes", "field"),
    [
        ("email", {"is_confirmed": ""}, "is_confirmed"),
        ("email", {"to_address": "maria"}, "to_address"),
        ("email", {"cc_address": "jose@"}, "cc_address"),
        ("sms", {"to_address": "123"}, "to_address"),
        ("sms", {"to_address": "11987654321, 123"}, "to_address"),
        ("sms", {"to_address": ","}, "to_address"),
        ("sms", {"to_address": ",".join(f"1198765430{n}" for n in range(11))}, "to_address"),
        ("sms", {"to_address": "11987654321", "text": " "}, "text"),
        ("sms", {"to_address": "11987654321, 11912345678", "text": "Deve R$ 9,90"}, "to_address"),
    ],
)
async def test_what_cannot_be_sent_is_refused_beside_its_field(web: Web, channel, changes, field):
    customer = await a_customer(web.database)
    browser = await web.browser("messages:act")

    answer = await browser.post(
        f"/mensagens/clientes/{customer.id}/{channel}", data=WRITTEN | changes
    )

    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert await web.rows(Message) == []


async def test_an_sms_is_counted_as_it_would_be_sent(web: Web):
    browser = await web.browser("messages:act")

    counted = await browser.post("/mensagens/tamanho", data={"text": "ação" * 41})

    assert "164 caracteres · 2 segmentos · GSM-7" in counted.text


async def test_a_customer_who_opted_out_is_not_written_to_until_they_want_it(web: Web):
    customer = await a_customer(web.database)
    browser = await web.browser("*")
    path = f"/mensagens/clientes/{customer.id}/email"

    await browser.post(f"{path}/recusa", data={"is_wanted": "0"})
    await browser.post(f"{path}/recusa", data={"is_wanted": "0"})
    await browser.post(path, data=WRITTEN)
    assert [message.reason for message in await web.rows(Message)] == ["opted_out"]
    assert "O cliente não quer ser procurado" in (await browser.get(path)).text

    await browser.post(f"{path}/recusa", data={"is_wanted": "1"})
    assert await web.rows(OptOut) == []


async def test_a_waiting_message_is_held_back_and_one_that_left_is_not(web: Web):
    letter = await a_letter(web.database, await a_customer(web.database))
    browser = await web.browser("*")

    first = await browser.post(f"/mensagens/{letter.id}/reter")
    again = await browser.post(f"/mensagens/{letter.id}/reter")

    assert (first.status_code, again.status_code) == (303, 409)
    assert (await stored(web.database, letter)).status == "suppressed"


async def test_a_failed_message_is_sent_again_to_the_corrected_address(web: Web):
    customer = await a_customer(web.database, email=None)
    letter = await a_letter(web.database, customer)
    async with web.database.write() as session:
        customer.email = "certa@exemplo.test"
        session.add(customer)
    browser = await web.browser("*")

    await browser.post(f"/mensagens/{letter.id}/repetir")

    [_, again] = await web.rows(Message)
    assert (again.to_address, again.status) == ("certa@exemplo.test", "queued")
    assert again.text == letter.text


async def test_what_was_lost_is_written_again_by_another_channel(web: Web):
    customer = await a_customer(web.database)
    case = await a_case(web.database, customer)
    letter = await a_letter(web.database, customer, case=case)
    async with web.database.write() as session:
        lost = await lock_message(session, letter.number)
        lost.status, lost.text = "bounced", "Ligue para nos"
    browser = await web.browser("messages:act", "messages:see")
    path = f"/mensagens/clientes/{customer.id}/sms"

    page = (await browser.get(f"/mensagens/{letter.id}")).text
    form = (await browser.get(f"{path}?mensagem={letter.id}")).text
    sent = {"to_address": customer.mobile, "text": "Ligue para nos", "about": str(letter.id)}
    await browser.post(path, data={**sent, "key": "k-12345678", "is_confirmed": "1"})

    assert f"{path}?mensagem={letter.id}" in page
    assert f"/mensagens/clientes/{customer.id}/app?" not in page  # without the app
    assert "Ligue para nos" in form
    [_, again] = await web.rows(Message)
    assert (again.channel, again.case_id, again.purpose) == ("sms", case.id, "by_hand")


async def test_the_local_box_shows_what_did_not_leave_this_machine(web: Web):
    async with web.database.write() as session:
        session.add(
            SinkMessage(
                provider_id="<1@acerto>", channel="email", at=NOON, recipient="maria@exemplo.test",
                subject="Olá", text="Bom dia", raw="<p>Bom dia</p>", deliveries=2,
            )
        )  # fmt: skip
    browser = await web.browser("messages:see")

    listed = (await browser.get("/mensagens/caixa")).text
    one = (await browser.get("/mensagens/caixa/1")).text

    assert "Nada sai desta máquina" in listed
    assert "maria@exemplo.test" in listed
    assert 'srcdoc="&lt;p&gt;Bom dia&lt;/p&gt;"' in one


HOOK = "/webhooks/twilio"


async def an_sms(web: Web, **values) -> Message:
    letter = await a_letter(web.database, await a_customer(web.database), channels=("sms",))
    async with web.database.write() as session:
        message = await lock_message(session, letter.number)
        for name, value in {"status": "sent", "provider_id": "SM1", **values}.items():
            setattr(message, name, value)
        session.add(message)
    return letter


async def reported(web: Web, settings: Settings, status: str, *, sid="SM1", query="", token=None):
    form = {"MessageSid": sid, "MessageStatus": status, "ErrorCode": "30003"}
    signature = RequestValidator(token or auth_token(settings)).compute_signature(
        f"{settings.base_url()}{HOOK}{query}", form
    )
    return await web.visitor().post(
        f"{HOOK}{query}", data=form, headers={"X-Twilio-Signature": signature}
    )


async def test_a_signed_report_is_believed_once(web: Web, settings: Settings):
    letter = await an_sms(web)

    answers = [await reported(web, settings, "delivered") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    message = await stored(web.database, letter)
    assert (message.status, message.delivered_at) == ("delivered", web.now)
    assert (await what_became(web.database, letter)).count("delivered") == 1


async def test_a_wrong_or_missing_signature_is_refused(web: Web, settings: Settings):
    letter = await an_sms(web)

    forged = await reported(web, settings, "delivered", token="somebody's")
    unsigned = await web.visitor().post(HOOK, data={"MessageSid": "SM1"})

    assert (forged.status_code, unsigned.status_code) == (403, 403)
    assert forged.json()["code"] == "SignatureRefused"
    assert (await stored(web.database, letter)).status == "sent"


async def test_an_undelivered_sms_becomes_a_task_once(web: Web, settings: Settings):
    letter = await an_sms(web)

    for status in ("undelivered", "undelivered", "sent"):
        await reported(web, settings, status)

    assert (await stored(web.database, letter)).status == "bounced"
    assert [fill(task.title, task.places) for task in await web.rows(Task)] == [
        "Corrigir o celular de Maria da Conceição"
    ]


async def test_a_report_on_what_is_not_ours_is_not_found(web: Web, settings: Settings):
    await an_sms(web)

    assert (await reported(web, settings, "delivered", sid="SM2")).status_code == 404


async def test_a_report_faster_than_our_record_finds_its_message(web: Web, settings: Settings):
    letter = await an_sms(web, status="sending", provider_id=None)

    answer = await reported(web, settings, "sent", query=f"?message={letter.id}")

    assert answer.status_code == 204
    message = await stored(web.database, letter)
    assert (message.status, message.provider_id) == ("sent", "SM1")
