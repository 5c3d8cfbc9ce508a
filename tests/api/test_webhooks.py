"""Webhooks before people and programs: addresses, their secrets, the log, and telling once more."""

from __future__ import annotations

from models.webhooks import BusinessEvent, WebhookDelivery
from tests import builders
from tests.support.web import NOW, Web

ASKED = {"name": "CRM", "url": "https://crm.example/x", "events": ["invoice.paid"], "is_active": 1}
PATH = "/cadastros/webhooks"


async def test_an_address_is_added_by_page_and_shows_its_secret_to_who_edits(web: Web) -> None:
    editor = await web.browser("webhooks:see", "webhooks:edit", login="ana")
    reader = await web.browser("webhooks:see", login="rui")

    refused = await editor.post(f"{PATH}/novo", data={**ASKED, "url": "http://10.0.0.1/x"})
    added = await editor.post(f"{PATH}/novo", data=ASKED)
    shown = await editor.get(added.headers["location"])
    listed = await reader.get(PATH)

    assert (refused.status_code, added.status_code) == (422, 303)
    assert "endereço https público" in refused.text
    assert "Trocar o segredo" in shown.text
    assert "CRM" in listed.text
    assert (await reader.get(f"{PATH}/1")).status_code == 403


async def test_the_secret_changes_when_it_is_renewed(web: Web) -> None:
    program = await web.program("webhooks:see", "webhooks:edit")
    editor = await web.browser("webhooks:see", "webhooks:edit")
    added = (await program.post("/api/webhooks", json={**ASKED, "is_active": True})).json()

    assert added["secret"] in (await editor.get(f"{PATH}/1")).text
    await editor.post(f"{PATH}/1/segredo")
    assert added["secret"] not in (await editor.get(f"{PATH}/1")).text

    changed = await program.put("/api/webhooks/1", json={**ASKED, "name": "ERP"})
    assert changed.json()["name"] == "ERP"
    [seen] = (await program.get("/api/webhooks")).json()
    assert ("secret" in seen, seen["events"]) == (False, ["invoice.paid"])
    assert (await program.put("/api/webhooks/9", json=ASKED)).status_code == 404
    renewed = (await program.post("/api/webhooks/1/secret")).json()
    assert renewed["secret"] != added["secret"]
    assert renewed["name"] == "ERP"
    assert (await program.post("/api/webhooks/9/secret")).status_code == 404


async def test_the_log_is_filtered_and_a_telling_repeated(web: Web) -> None:
    program = await web.program("webhooks:see", "webhooks:edit")
    await program.post("/api/webhooks", json=ASKED)
    async with web.database.write() as session:
        event = BusinessEvent(kind="invoice.paid", subject="invoice/7", at=NOW, told={"a": 1})
        event = await builders.stored(session, event)
        for status in ("failed", "delivered"):
            await builders.stored(session, WebhookDelivery(
                event_id=event.id, endpoint_id=1, kind="invoice.paid", status=status,
                created_at=NOW, answer=f"answer {status}",
            ))  # fmt: skip
    editor = await web.browser("webhooks:see", "webhooks:edit")

    failed = await editor.get(f"{PATH}/entregas?situacao=failed&evento=invoice.paid&endereco=1")
    one = await editor.get(f"{PATH}/entregas/1")
    again = await editor.post(f"{PATH}/entregas/1/repeticao")
    twice = await program.post("/api/webhook-deliveries/1/replay")

    assert (f"{PATH}/entregas/1" in failed.text, f"{PATH}/entregas/2" in failed.text) == (
        True, False,
    )  # fmt: skip
    assert "evt_1" in one.text
    assert "answer failed" in one.text
    assert (again.status_code, twice.status_code) == (303, 422)
    listed = (await program.get("/api/webhook-deliveries?after=0&status=waiting")).json()
    assert [(each["id"], each["attempts"]) for each in listed] == [(1, 0)]
    assert (await program.post("/api/webhook-deliveries/9/replay")).status_code == 404
