"""Message templates by program: read, written anew, switched off."""

from __future__ import annotations

from tests.support.web import Web

ONE = "/api/message-templates/contact_cadence_1/sms"
TEXT = 'Pague {{ debt.amount | brl }}. {% include "supplier.txt" %}'


async def test_the_next_version_is_in_use_until_it_is_switched_off(web: Web) -> None:
    program = await web.program("messages:see", "registries:edit")

    first = await program.put(ONE, json={"text": TEXT})
    second = (await program.put(ONE, json={"text": f"Olá. {TEXT}"})).json()
    off = await program.put(f"{ONE}/use", json={"is_active": False})

    assert (first.status_code, off.status_code) == (200, 204)
    assert second["version"] == first.json()["version"] + 1
    listed = (await program.get("/api/message-templates")).json()
    [kept] = [
        each for each in listed if each["channel"] == "sms" and each["text"].startswith("Olá.")
    ]
    assert (kept["code"], kept["is_active"]) == ("contact_cadence_1", False)


async def test_what_is_no_template_is_refused(web: Web) -> None:
    program = await web.program("messages:see", "registries:edit")

    broken = await program.put(ONE, json={"text": "{{ debt.amount"})
    blank = await program.put(ONE, json={"text": " "})
    unknown = await program.put("/api/message-templates/nothing/sms", json={"text": TEXT})
    other = await program.put(
        "/api/message-templates/task_digest/sms/use", json={"is_active": True}
    )

    codes = [each.json()["code"] for each in (broken, blank)]
    assert codes == ["TemplateNotValid", "TemplateEmpty"]
    assert (unknown.json()["code"], other.json()["code"]) == ("PurposeUnknown", "PurposeUnknown")
