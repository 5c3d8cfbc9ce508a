"""Messages by program: written in one's own words, held back, sent again, a channel refused."""

from __future__ import annotations

import pytest

from models.messages import Message, OptOut
from models.people import AuditEntry
from rules.customer_links import without_links
from tests.support.letters import a_customer, a_letter, stored
from tests.support.web import Web

SAID = {"subject": "Visita técnica", "text": "Passamos amanhã às 9h."}


async def test_a_program_writes_to_the_known_address_once_for_its_key(web: Web) -> None:
    customer = await a_customer(web.database)
    program = await web.program("messages:act")
    path, named = f"/api/customers/{customer.id}/messages/email", {"Idempotency-Key": "visita-1"}

    first, again = [await program.post(path, json=SAID, headers=named) for _ in range(2)]

    assert (first.status_code, first.json()) == (201, again.json())
    [told], [message] = first.json(), await web.rows(Message)
    assert (message.to_address, message.created_by) == (customer.email, "robo")
    assert (told["id"], told["status"], told["purpose"]) == (message.id, "queued", "by_hand")
    assert [each.action for each in await web.rows(AuditEntry)] == ["messages.write"]


@pytest.mark.parametrize(
    ("channel", "changed", "code"),
    [
        ("email", {"text": " "}, "InvalidFields"),
        ("email", {"to_address": "maria"}, "AddressNotValid"),
        ("sms", {"to_address": "123"}, "PhoneNotValid"),
        ("app", {}, "AddressRequired"),
        ("email", {"invoice_ids": [1]}, "PermissionDenied"),
        ("email", {"invoice_ids": [2**63]}, "InvalidFields"),
        ("pigeon", {}, "InvalidFields"),
    ],
)
async def test_what_cannot_be_sent_is_refused(web: Web, channel, changed, code) -> None:
    customer = await a_customer(web.database)
    program = await web.program("messages:act")

    answer = await program.post(
        f"/api/customers/{customer.id}/messages/{channel}", json=SAID | changed
    )

    assert answer.json()["code"] == code
    assert await web.rows(Message) == []


async def test_a_waiting_message_is_held_back_and_sent_again(web: Web) -> None:
    letter = await a_letter(web.database, await a_customer(web.database))
    program = await web.program("messages:act")

    held = await program.post(f"/api/messages/{letter.id}/hold-back")
    late = await program.post(f"/api/messages/{letter.id}/hold-back")
    again = await program.post(f"/api/messages/{letter.id}/repetition")

    assert (held.status_code, late.json()["code"]) == (204, "MessageAlreadyDone")
    assert (await stored(web.database, letter)).status == "suppressed"
    assert (again.status_code, again.json()["text"]) == (201, without_links(letter.text))


async def test_a_channel_is_refused_and_wanted_again(web: Web) -> None:
    customer = await a_customer(web.database)
    program = await web.program("messages:act")
    path = f"/api/customers/{customer.id}/channels/sms"

    await program.put(path, json={"is_wanted": False})
    refused = [each.channel for each in await web.rows(OptOut)]
    await program.put(path, json={"is_wanted": True})
    nobody = await program.put("/api/customers/999/channels/sms", json={"is_wanted": True})

    assert (refused, await web.rows(OptOut)) == (["sms"], [])
    assert nobody.status_code == 404
