"""Tomorrow beside the ladder: taken out row by row with a reason, put back, approved."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.cases import Case
from models.messages import Message
from tests.builders import a_collections_case, a_customer
from tests.support.web import Web

SEES = ("ladders:see", "collections.account:see")
EDITS = (*SEES, "ladders:edit")
PAGE, API = "/cadastros/regua/amanha", "/api/collections/tomorrow"


@pytest.fixture
async def tomorrow(web: Web) -> dict[str, int]:
    """Two accounts that are written to tomorrow, a task that comes, and a message that waits."""
    made = {}
    async with web.database.write() as session:
        for name, kind in (("Ana", "cadence"), ("Rui", "cadence"), ("Eva", "follow_up")):
            customer = await a_customer(session, name=name)
            case = await a_collections_case(session, customer)
            case.next_kind, case.next_at = kind, web.now + timedelta(days=1)
            made[name] = case.number
        message = Message(
            key="x/email", channel="email", purpose="promise_reminder", to_address="a@b.example",
            customer_id=customer.id, not_before=web.now + timedelta(days=1), created_at=web.now,
            created_by="system",
        )  # fmt: skip
        session.add(message)
        await session.flush()
        made["message"] = message.number
    return made


async def test_rows_are_taken_out_with_a_reason_and_put_back(web: Web, tomorrow: dict) -> None:
    browser = await web.browser(*EDITS)

    before = (await browser.get(PAGE)).text
    unsaid = await browser.post(f"{PAGE}/passos/retirada", data={"cases": str(tomorrow["Ana"])})
    sent = {"cases": [str(tomorrow["Ana"]), str(tomorrow["Eva"]), "x"], "reason": "Em conversa"}
    done = await browser.post(f"{PAGE}/passos/retirada", data=sent)
    between = (await browser.get(PAGE)).text
    back = await browser.post(f"{PAGE}/passos/volta", data={"cases": str(tomorrow["Ana"])})
    after = (await browser.get(PAGE)).text

    boxes = [f'name="cases" value="{tomorrow[name]}"' for name in ("Ana", "Rui", "Eva")]
    assert [box in before for box in boxes] == [True, True, False]
    assert (unsaid.status_code, done.status_code, back.status_code) == (422, 303, 303)
    assert "Casos e mensagens fora de amanhã" not in before
    assert "Em conversa" in between.split("Casos e mensagens fora de amanhã", 1)[1]
    assert "Casos e mensagens fora de amanhã" not in after


async def test_programs_take_out_steps_and_messages(web: Web, tomorrow: dict) -> None:
    program = await web.program(*EDITS, "messages:see")
    body = {"cases": [tomorrow["Ana"], 999], "messages": [tomorrow["message"]], "reason": "x"}

    [waiting] = (await program.get(f"{API}/messages")).json()
    out = [(await program.post(f"{API}/taken-out", json=body)).json() for _ in range(2)]
    kept = (await program.get(f"{API}/taken-out")).json()
    steps = (await program.get(API)).json()
    ids = {key: body[key] for key in ("cases", "messages")}
    back = (await program.post(f"{API}/put-back", json=ids)).json()
    wrong = [
        (await program.post(f"{API}/taken-out", json=sent)).status_code
        for sent in ({}, {"cases": [0], "reason": "x"}, {"cases": [tomorrow["Ana"]]})
    ]

    assert (waiting["message_id"], waiting["customer"]) == (tomorrow["message"], "Eva")
    assert [each["taken_out"] for each in out] == [2, 0]
    assert [(e["customer"], e["reason"], e["by"]) for e in kept] == [
        ("Ana", "x", "robo"), ("Eva", "x", "robo"),
    ]  # fmt: skip
    assert {each["kind"]: each["count"] for each in steps} == {"cadence": 1, "follow_up": 1}
    assert (back, wrong) == ({"put_back": 2}, [422, 422, 422])


async def test_who_does_not_see_a_process_or_messages_takes_nothing_of_them_out(
    web: Web, tomorrow: dict
) -> None:
    blind = await web.program("ladders:see", "ladders:edit")
    seer = await web.program(*SEES, login="leitor")
    body = {"cases": [tomorrow["Ana"]], "messages": [tomorrow["message"]], "reason": "x"}

    assert (await blind.post(f"{API}/taken-out", json=body)).json() == {"taken_out": 0}
    assert (await seer.post(f"{API}/taken-out", json=body)).status_code == 403
    assert (await blind.get(API)).json() == []


async def test_steps_are_approved_one_by_one_or_all(web: Web, tomorrow: dict) -> None:
    manager = await web.program("policies:edit", "registries:see", login="gestora")
    await manager.put("/api/policies/LadderPolicy.waits_for_approval", json={"value": True})
    program, browser = await web.program(*EDITS), await web.browser(*EDITS)

    one = (await program.post(f"{API}/approvals", json={"cases": [tomorrow["Ana"]]})).json()
    page = (await browser.get(PAGE)).text
    whole = await browser.post(f"{PAGE}/passos/aprovacao/tudo")
    rest = (await program.post(f"{API}/approvals", json={})).json()
    back = (await program.post(f"{API}/disapprovals", json={"cases": [tomorrow["Ana"]]})).json()

    assert (one, rest, back) == ({"approved": 1}, {"approved": 0}, {"disapproved": 1})
    assert (page.count(">aprovado<"), page.count(">à espera<")) == (1, 1)
    assert whole.status_code == 303


async def test_tomorrow_is_searched_by_name(web: Web, tomorrow: dict) -> None:
    browser = await web.browser(*EDITS, "messages:see")

    found = (await browser.get(PAGE, params={"busca": "rui"})).text
    nobody = (await browser.get(PAGE, params={"busca": "ninguém"})).text

    assert ["Ana</a>" in found, "Rui</a>" in found] == [False, True]
    assert "Rui</a>" not in nobody
    async with web.database.read() as session:
        assert (await session.get_one(Case, tomorrow["Rui"])).next_kind == "cadence"
