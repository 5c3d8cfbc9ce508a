"""The ladders' pages and JSON: edited with the legal guard, previewed; connections by hand."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from sqlmodel import select

from models.connections import Connection
from models.contracts import Contract
from models.default_ladder import ensure_default_ladder
from models.invoices import Invoice
from models.ladder_tables import LadderStep
from models.ladders import LadderExecution
from models.people import AuditEntry
from rules.permissions import ALL
from tests.builders import a_collections_case, a_contract, a_customer, an_invoice
from tests.support.web import NOW, Web

TODAY = (NOW - timedelta(days=2)).date()
_numbers = count(1)
EDITOR = ("ladders:see", "ladders:edit")


@pytest.fixture
async def street(web: Web) -> dict[str, int]:
    """The default ladder, and an invoice that falls due today, before another business day."""
    web.now = NOW - timedelta(days=2)
    async with web.database.write() as session:
        ladder = await ensure_default_ladder(session)
        customer = await a_customer(session, name="Ana Souza", email="ana@exemplo.test")
        contract = await a_contract(session, customer)
        connection = Connection(
            contract_id=contract.key, kind="internet", state="active", since=NOW
        )
        session.add(connection)
        invoice = await an_invoice(
            session, customer, contract_id=contract.id, due_date=TODAY, collection_stage=None,
            stage_since=None,
        )  # fmt: skip
        await session.flush()
    return {
        "ladder": ladder.key, "customer": customer.id, "contract": contract.key,
        "invoice": invoice.key, "connection": connection.id,
    }  # fmt: skip


async def the_ladder(web: Web, street: dict[str, int]) -> dict:
    program = await web.program("ladders:see", login=f"leitor{next(_numbers)}")
    answer = await program.get(f"/api/ladders/{street['ladder']}")
    return answer.json()


def sent(ladder: dict, **changes) -> dict:
    """The ladder as it is sent back."""
    steps = [
        {name: step[name] for name in
         ("id", "name", "action", "offset_days", "after", "purpose", "channels")}
        for step in ladder["steps"]
    ]  # fmt: skip
    return {"name": ladder["name"], "seen_version": ladder["version"], "steps": steps, **changes}


async def test_the_list_shows_each_ladder_with_its_days(web: Web, street: dict[str, int]):
    page = (await (await web.browser("ladders:see")).get("/cadastros/regua")).text

    assert "Régua padrão" in page
    assert "D\u22125" in page
    assert "D+20" in page


async def test_whoever_may_do_everything_edits_it_too(web: Web, street: dict[str, int]):
    path = f"/cadastros/regua/{street['ladder']}"

    page = (await (await web.browser(*ALL)).get(path)).text

    assert f'action="{path}"' in page
    assert f'hx-post="{path}"' in page


async def test_a_step_is_moved_by_its_button_and_nothing_is_saved_yet(web: Web, street):
    browser = await web.browser(*EDITOR)
    path = f"/cadastros/regua/{street['ladder']}"
    form = _form(await the_ladder(web, street))

    page = (await browser.post(path, data={**form, "do": "later-3"})).text

    assert 'name="offset-3"' in page
    assert "D+2" in page
    async with web.database.read() as session:
        steps = (await session.exec(select(LadderStep.offset_days))).all()
    assert 2 not in steps


async def test_a_ladder_that_breaks_the_law_is_refused_beside_its_step(web: Web, street):
    ladder = await the_ladder(web, street)
    program = await web.program(*EDITOR, login="editora")
    body = sent(ladder)
    body["steps"][7]["offset_days"] = 10

    refused = await program.put(f"/api/ladders/{street['ladder']}", json=body)
    page = await (await web.browser(*EDITOR, login="bia")).post(
        f"/cadastros/regua/{street['ladder']}",
        data={**_form(ladder), "offset-7": "10", "do": "save"},
    )

    assert refused.status_code == page.status_code == 422
    assert "Passo 8: a suspensão só pode vir 15 dias depois" in refused.text
    assert "Passo 8: a suspensão só pode vir 15 dias depois" in page.text
    assert (await the_ladder(web, street))["version"] == 1


async def test_with_override_a_reason_saves_it_and_is_kept(web: Web, street: dict[str, int]):
    program = await web.program(*EDITOR, "ladders:override", login="gestora")
    body = sent(await the_ladder(web, street), override_reason="Contratos empresariais")
    body["steps"][7]["offset_days"] = 10

    saved = await program.put(f"/api/ladders/{street['ladder']}", json=body)

    assert saved.json() == {"id": street["ladder"], "version": 2}
    ladder = await the_ladder(web, street)
    assert ladder["override_reason"] == "Contratos empresariais"
    assert [each["version"] for each in ladder["versions"]] == [2]
    async with web.database.read() as session:
        trail = (await session.exec(select(AuditEntry.action))).all()
    assert "ladder.save" in trail


async def test_a_ladder_changed_meanwhile_is_not_overwritten(web: Web, street: dict[str, int]):
    program = await web.program(*EDITOR, login="editora")
    body = sent(await the_ladder(web, street))
    path = f"/api/ladders/{street['ladder']}"
    assert (await program.put(path, json=body)).status_code == 200

    again = await program.put(path, json=body)

    assert again.status_code == 409
    assert "editora" in again.text


async def test_a_step_taken_out_is_out_of_use_and_a_new_one_speaks_from_today_on(web: Web, street):
    program = await web.program(*EDITOR, login="editora")
    body = sent(await the_ladder(web, street))
    body["steps"] = [step for step in body["steps"] if step["name"] != "Aviso de atraso"]
    for step in body["steps"]:
        if step["after"] is not None:
            step["after"] -= 1
    body["steps"].append(
        {"name": "Segundo aviso", "action": "message", "offset_days": 3,
         "purpose": "ladder_overdue", "channels": ["sms"]}
    )  # fmt: skip

    assert (await program.put(f"/api/ladders/{street['ladder']}", json=body)).status_code == 200

    steps = {each["name"]: each for each in (await the_ladder(web, street))["steps"]}
    assert "Aviso de atraso" not in steps
    assert steps["Segundo aviso"]["since"] == TODAY.isoformat()
    assert steps["Suspensão"]["since"] is None
    assert steps["Rescisão"]["after"] == list(steps).index("Suspensão") + 1


async def test_before_it_is_saved_the_preview_tells_tomorrow_in_numbers_and_names(web: Web, street):
    program = await web.program(*EDITOR, login="editora")
    body = sent(await the_ladder(web, street))

    answer = await program.post(f"/api/ladders/{street['ladder']}/preview", json=body)
    browser = await web.browser(*EDITOR, login="bia")
    form = {**_form(await the_ladder(web, street)), "do": "preview"}
    page = (await browser.post(f"/cadastros/regua/{street['ladder']}", data=form)).text

    told = answer.json()
    assert (told["letters"], told["suspensions"], told["forwards"]) == (1, 0, 0)
    assert [(each["name"], each["invoices"]) for each in told["steps"]] == [("Aviso de atraso", 1)]
    assert told["steps"][0]["first"][0]["customer"] == "Ana Souza"
    assert "Ana Souza" in page
    async with web.database.write() as session:
        licence = await session.get_one(Contract, street["contract"])
        licence.telecom_service = False
    ends = {"name": "Rescisão", "action": "terminate", "offset_days": 1}
    ended = await program.post(
        f"/api/ladders/{street['ladder']}/preview", json={**body, "steps": [ends]}
    )
    assert (told["terminations"], ended.json()["terminations"]) == (0, 1)
    async with web.database.read() as session:
        assert (await session.exec(select(LadderExecution).order_by("id"))).all() == []


async def test_the_dry_run_of_tomorrow_takes_invoices_out(web: Web, street: dict[str, int]):
    browser = await web.browser(*EDITOR)
    page = (await browser.get("/cadastros/regua/amanha")).text
    assert "Ana Souza" in page

    picked = {"ids": str(street["invoice"])}
    unsaid = await browser.post("/cadastros/regua/amanha/retirada", data=picked)
    told = {**picked, "reason": "Paga hoje no balcão"}
    await browser.post("/cadastros/regua/amanha/retirada", data=told)
    after = (await browser.get("/cadastros/regua/amanha")).text
    seer = await web.browser("invoices:see", login="eva")
    history = (await seer.get(f"/cobrancas/faturas/{street['invoice']}")).text

    assert "Ana Souza" not in after.split("Fora de amanhã")[0]
    assert "Ana Souza" in after.split("Fora de amanhã", 1)[1]
    assert unsaid.status_code == 422
    assert all("Paga hoje no balcão" in each for each in (after, history))


async def test_tomorrow_tells_what_the_journeys_do_by_themselves(web: Web):
    async with web.database.write() as session:
        for place, days in enumerate((0, 1, 1, 2)):
            customer = await a_customer(session, name=f"Cliente {place}")
            case = await a_collections_case(session, customer)
            case.next_kind, case.next_at = "cadence", web.now + timedelta(days=days)
    browser = await web.browser("ladders:see", "collections.account:see")
    stranger = await web.browser("ladders:see", login="rui")
    program = await web.program("ladders:see", "collections.account:see")

    page = (await browser.get("/cadastros/regua/amanha")).text
    [told] = (await program.get("/api/collections/tomorrow")).json()

    assert (told["process"], told["kind"], told["count"]) == ("collections", "cadence", 2)
    assert [each["customer"] for each in told["cases"]] == ["Cliente 1", "Cliente 2"]
    assert ["Cliente 0" in page, "Cliente 1" in page, "Cliente 3" in page] == [False, True, False]
    assert "Cliente 1" not in (await stranger.get("/cadastros/regua/amanha")).text


async def test_what_was_taken_out_of_tomorrow_is_put_back(web: Web, street: dict[str, int]):
    program, browser = await web.program(*EDITOR), await web.browser(*EDITOR)
    path, ids = "/api/ladder-preview", {"ids": [street["invoice"], 999_999]}
    said = {**ids, "reason": "em conversa"}

    before = (await program.get(path)).json()
    out = [(await program.post(f"{path}/taken-out", json=said)).json() for _ in range(2)]
    between = (await program.get(path)).json()
    await browser.post("/cadastros/regua/amanha/volta", data={"ids": str(street["invoice"])})
    again = await program.post(f"{path}/put-back", json=ids)
    wrong = await program.post(f"{path}/taken-out", json={"ids": [0]})
    after = (await program.get(path)).json()

    assert [each["taken_out"] for each in out] == [1, 0]
    assert [(e["by"], e["reason"]) for e in between["taken_out"]] == [("robo", "em conversa")]
    assert (again.json(), wrong.status_code) == ({"put_back": 0}, 422)
    assert (between["letters"], after) == (before["letters"] - 1, before)


async def test_tomorrow_is_approved_row_by_row_or_as_a_whole(web: Web, street: dict[str, int]):
    manager = await web.program("policies:edit", "registries:see", login="gestora")
    program, browser = await web.program(*EDITOR), await web.browser(*EDITOR)
    path, page = "/api/ladder-preview", "/cadastros/regua/amanha"
    name = "/api/policies/LadderPolicy.waits_for_approval"

    unasked = (await browser.get(page)).text
    await manager.put(name, json={"value": True})
    asked = (await browser.get(page)).text
    ids = {"ids": [street["invoice"], 999_999]}
    one = [(await program.post(f"{path}/approvals", json=ids)).json() for _ in range(2)]
    approved = (await browser.get(page)).text
    back = await browser.post(f"{page}/desaprovacao", data={"ids": str(street["invoice"])})
    whole = await browser.post(f"{page}/aprovacao/tudo")
    none_left = (await program.post(f"{path}/approvals", json={})).json()
    gone = (await program.post(f"{path}/disapprovals", json=ids)).json()
    wrong = await program.post(f"{path}/approvals", json={"ids": ["x"]})

    assert ("Aprovar tudo" in unasked, "Aprovar tudo" in asked) == (False, True)
    assert ("à espera" in asked, ">aprovada<" in approved) == (True, True)
    assert [each["approved"] for each in one] == [1, 0]
    assert (back.status_code, whole.status_code, wrong.status_code) == (303, 303, 422)
    assert (none_left, gone) == ({"approved": 0}, {"disapproved": 1})


async def test_the_why_of_an_invoice_tells_what_was_done_and_what_comes(web: Web, street):
    browser = await web.browser("collections.account:see")

    page = (await browser.get(f"/cadastros/regua/faturas/{street['invoice']}")).text

    assert "Notificação de suspensão" in page
    assert "22/11/2026" in page
    assert "Depende de outro passo." in page


async def test_an_operator_blocks_and_unblocks_with_a_reason(web: Web, street: dict[str, int]):
    program = await web.program("connections:see", "connections:act", "connections:override")
    deeds = f"/api/connections/{street['connection']}/deeds"

    blocked = await program.post(deeds, json={"deed": "block", "reason": "Fraude"})
    again = await program.post(deeds, json={"deed": "block", "reason": "Fraude"})
    lifted = await program.post(deeds, json={"deed": "unblock", "reason": "Engano"})

    assert (blocked.json()["state"], blocked.json()["by_hand"]) == ("blocked", True)
    assert again.status_code == 409
    assert (lifted.json()["state"], lifted.json()["by_hand"]) == ("active", False)


@pytest.mark.parametrize("deed", ["block", "disconnect"])
async def test_before_the_law_lets_it_a_cut_by_hand_takes_a_permission(web: Web, street, deed):
    page = f"/cobrancas/contas/{street['customer']}/conexoes/{street['connection']}"
    path = f"/api/connections/{street['connection']}/deeds"
    said = {"deed": deed, "reason": "Deve muito"}
    program = await web.program("connections:see", "connections:act")
    browser = await web.browser("connections:see", "connections:act", "collections.account:see")
    manager = await web.program("connections:act", "connections:override", login="gestora")

    told = await browser.post(page, data=said, follow_redirects=True)
    refused = await program.post(path, json=said)
    still = (await program.get(f"/api/customers/{street['customer']}/connections")).json()
    done = await manager.post(path, json=said)

    assert "arts. 70 e 73" in told.text
    assert (refused.status_code, refused.json()["code"]) == (422, "CutBeforeTheLaw")
    assert [each["state"] for each in still] == ["active"]
    assert done.status_code == 200
    kept = [each.details for each in await web.rows(AuditEntry) if each.action == "connection.set"]
    assert [each["override"] for each in kept] == [True]


async def test_after_notice_and_term_a_service_is_blocked_by_hand(web: Web, street: dict[str, int]):
    async with web.database.write() as session:
        invoice = await session.get_one(Invoice, street["invoice"])
        invoice.due_date = TODAY - timedelta(days=30)
        steps = select(LadderStep).where(LadderStep.purpose == "ladder_suspension_notice")
        notice = (await session.exec(steps)).one()
        session.add(
            LadderExecution(
                invoice_id=invoice.key, step_id=notice.id, ladder_id=street["ladder"], version=1,
                customer_id=invoice.customer_id, contract_id=street["contract"], action="message",
                outcome="done", is_legal_notice=True, fell_on=TODAY, executed_on=TODAY, at=NOW,
                proven_on=TODAY - timedelta(days=15), proof="AR",
            )
        )  # fmt: skip
    program = await web.program("connections:see", "connections:act")
    path = f"/api/connections/{street['connection']}/deeds"

    blocked = await program.post(path, json={"deed": "block", "reason": "Deve"})
    ended = await program.post(path, json={"deed": "disconnect", "reason": "Deve"})

    assert blocked.json()["state"] == "blocked"
    assert ended.json()["code"] == "CutBeforeTheLaw"  # sixty days of suspension, and a notice


async def test_what_is_no_telecom_service_is_cut_by_hand_as_agreed(web: Web, street):
    async with web.database.write() as session:
        contract = await session.get_one(Contract, street["contract"])
        contract.telecom_service = False
    program = await web.program("connections:see", "connections:act")
    path = f"/api/connections/{street['connection']}/deeds"

    answer = await program.post(path, json={"deed": "block", "reason": "Deve"})

    assert answer.json()["state"] == "blocked"


async def test_what_the_ladder_asks_is_lifted_by_an_exception_not_by_hand(web: Web, street):
    async with web.database.write() as session:
        invoice = await session.get_one(Invoice, street["invoice"])
        invoice.due_date = TODAY - timedelta(days=20)
        block = (await session.exec(select(LadderStep).where(LadderStep.action == "block"))).one()
        session.add(
            LadderExecution(
                invoice_id=invoice.key, step_id=block.id, ladder_id=street["ladder"], version=1,
                customer_id=invoice.customer_id, contract_id=street["contract"], action="block",
                outcome="done", fell_on=TODAY, executed_on=TODAY, at=NOW,
            )
        )  # fmt: skip
        connection = await session.get_one(Connection, street["connection"])
        connection.state = "blocked"
    browser = await web.browser("connections:see", "connections:act", "collections.account:see")
    tab = f"/cobrancas/contas/{street['customer']}/conexoes"

    why = (await browser.get(tab)).text
    by_hand = await browser.post(
        f"{tab}/{street['connection']}", data={"deed": "unblock", "reason": "Pediu"},
        follow_redirects=True,
    )  # fmt: skip
    until = (TODAY + timedelta(days=2)).isoformat()
    excepted = await browser.post(
        f"{tab}/contratos/{street['contract']}/excecao",
        data={"kind": "release", "until": until, "reason": "Paga sexta"}, follow_redirects=True,
    )  # fmt: skip

    assert f'href="/cadastros/regua/faturas/{street["invoice"]}"' in why
    assert "faça uma exceção" in by_hand.text
    assert "exceção até 19/11/2026" in excepted.text
    async with web.database.read() as session:
        connection = await session.get_one(Connection, street["connection"])
        contract = await session.get_one(Contract, street["contract"])
    assert (connection.state, contract.stage) == ("active", "active")


def _form(ladder: dict) -> dict:
    """The editor's fields as a browser sends them."""
    ids = [step["id"] for step in ladder["steps"]]
    form = {
        "name": ladder["name"], "for_telecom": "1", "seen": str(ladder["version"]),
        "rows": str(len(ids)),
    }  # fmt: skip
    for place, step in enumerate(ladder["steps"]):
        after = "" if step["after"] is None else str(ids[step["after"] - 1])
        form |= {
            f"key-{place}": str(step["id"]), f"name-{place}": step["name"],
            f"action-{place}": step["action"], f"offset-{place}": str(step["offset_days"]),
            f"after-{place}": after, f"purpose-{place}": step["purpose"],
            f"channels-{place}": step["channels"],
        }  # fmt: skip
    return form
