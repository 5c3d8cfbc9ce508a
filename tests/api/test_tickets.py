"""Tickets by page and API, through the running engine."""

from __future__ import annotations

import re

import pytest

from activities.inbound_mail import handle, keep
from models.attachments import Attachment
from models.cases import CaseEvent
from models.messages import Message, MessageAttachment
from models.tickets import CannedAnswer, Ticket
from tests import builders
from tests.conftest import House
from tests.support.web import Web

PERMISSIONS = ("tickets:see", "tickets:act")


@pytest.fixture
async def web(running: Web, house: House) -> Web:
    async with house.database.write() as session:
        await builders.a_team(session, await builders.a_user(session, "bia"), code="suporte")
        await builders.a_customer(session, code="C-1", email="maria@exemplo.test")
        session.add(CannedAnswer(code="r1", name="Reinicie", text="Desligue e ligue o roteador."))
    return running


async def test_a_program_opens_a_ticket_and_works_it_to_its_end(house: House, web: Web) -> None:
    program = await web.program(*PERMISSIONS)
    asked = {"subject": "Sem sinal", "text": "Parou ontem", "customer": "C-1", "key": "crm-7"}

    opened = await program.post("/api/tickets", json=asked)
    again = await program.post("/api/tickets", json=asked)
    await house.clock.settle()

    ticket = opened.json()
    assert (opened.status_code, again.json()["id"]) == (201, ticket["id"])
    assert [clock["kind"] for clock in ticket["clocks"]] == ["first_response", "resolution"]
    path = f"/api/tickets/{ticket['id']}"
    for name, body in (
        ("assignment", {}),
        ("replies", {"text": "Estamos vendo"}),
        ("notes", {"text": "Cliente calmo"}),
        ("wait", {"text": "Qual o modelo?"}),
        ("customer-answers", {"text": "X9"}),
        ("priority", {"priority": 1, "reason": "Hospital"}),
        ("links", {"subject": "case", "code": "1"}),
        ("resolution", {"text": "Trocado"}),
        ("reopening", {"reason": "Parou"}),
    ):
        answer = await program.post(f"{path}/{name}", json=body)
        assert answer.status_code == 200, (name, answer.text)
    read = (await program.get(path)).json()
    assert (read["stage"], read["priority"], read["reopened"]) == ("in_progress", 1, 1)
    assert len(read["entries"]) == 7
    listed = (await program.get("/api/tickets", params={"is_worked": True})).json()
    assert [row["protocol"] for row in listed["items"]] == [ticket["protocol"]]


async def test_the_same_command_again_gets_the_same_answer_and_a_stale_one_none(
    house: House, web: Web
) -> None:
    program = await web.program(*PERMISSIONS)
    opened = (await program.post("/api/tickets", json={"subject": "x", "text": "y"})).json()
    path = f"/api/tickets/{opened['id']}"
    key = {"Idempotency-Key": "k1"}

    first = await program.post(f"{path}/replies", json={"text": "Oi"}, headers=key)
    second = await program.post(f"{path}/replies", json={"text": "Oi"}, headers=key)
    stale = await program.post(
        f"{path}/replies", json={"text": "Olá", "seen_version": opened["version"]}
    )

    assert first.json() == second.json()
    assert (stale.status_code, stale.json()["code"]) == (409, "StaleVersion")
    assert len((await program.get(path)).json()["entries"]) == 2


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"subject": "x", "text": "y", "customer": "C-404"}, "CustomerNotKnown"),
        ({"subject": "x", "text": "y", "customer": "C-1", "contract": "K-404"}, "ContractNotFound"),
        ({"subject": "x", "text": "y", "category_id": 404}, "CategoryNotOffered"),
        ({"subject": "", "text": "y"}, "Invalid"),
    ],
)
async def test_what_cannot_be_opened_is_refused(web: Web, asked, code) -> None:
    program = await web.program(*PERMISSIONS)

    answer = await program.post("/api/tickets", json=asked)

    assert answer.status_code in {404, 422}
    assert code in {answer.json()["code"], "Invalid"}
    assert (await program.get("/api/tickets")).json()["items"] == []


async def test_a_person_opens_answers_and_resolves_on_the_page(house: House, web: Web) -> None:
    browser = await web.browser(*PERMISSIONS)
    assert (await browser.get("/chamados/novo")).status_code == 200
    made = await browser.post(
        "/chamados/novo", data={"subject": "Sem sinal", "text": "Parou", "customer": "C-1"}
    )
    await house.clock.settle()
    path = made.headers["location"]

    shown = await browser.get(path)
    assert "restam" in shown.text
    listed = (await browser.get("/chamados")).text
    assert "Sem sinal" in listed
    assert re.search(r'href="/chamados\?etapa=open".*?<strong class="num">1</strong>', listed, re.S)
    assert "Desligue e ligue" in (await browser.get(f"{path}?modelo=1")).text
    refused = await browser.post(f"{path}/prioridade", data={"priority": "1", "reason": ""})
    assert refused.status_code == 422
    for action, data in (
        ("assumir", {}),
        ("resposta", {"text": "Oi"}),
        ("prioridade", {"priority": "1", "reason": "Urgente"}),
        ("solucao", {"text": "Feito"}),
    ):
        answer = await browser.post(f"{path}/{action}", data=data)
        assert answer.status_code == 303, (action, answer.text)

    async with house.database.read() as session:
        ticket = await session.get_one(Ticket, 1)
    assert (ticket.stage, ticket.owner) == ("resolved", "ana")


async def test_who_may_only_see_does_nothing(web: Web) -> None:
    browser = await web.browser("tickets:see")
    stranger = await web.browser("tasks:see", login="eva")

    assert (await browser.get("/chamados")).status_code == 200
    assert (await browser.get("/chamados/novo")).status_code == 403
    assert (await browser.post("/chamados/1/resposta", data={"text": "x"})).status_code == 403
    assert (await stranger.get("/chamados")).status_code == 403


async def test_a_mail_that_was_set_aside_is_shown_and_opened_by_a_person(
    house: House, web: Web
) -> None:
    browser = await web.browser(*PERMISSIONS)
    raw = b"From: m@x.test\nAuto-Submitted: auto-replied\nSubject: Ferias\n\nVolto"
    kept = await keep(house.database, raw, sender="m@x.test", recipient="", at=web.now)
    await handle(house.database, house.settings, kept, at=web.now)

    listed = await browser.get("/chamados/emails", params={"situacao": "set_aside"})
    shown = await browser.get(f"/chamados/emails/{kept}")
    original = await browser.get(f"/chamados/emails/{kept}/original")
    opened = await browser.post(f"/chamados/emails/{kept}/chamado")

    assert "Ferias" in listed.text
    assert 'href="/chamados/1"' not in listed.text
    assert "Volto" in shown.text
    assert original.content == raw
    assert opened.headers["location"] == "/chamados/1"
    after = (await browser.get("/chamados/emails")).text
    [ticket] = await web.rows(Ticket)
    assert f'<a href="/chamados/1">Chamado {ticket.protocol}</a>' in after


PDF = ("conta.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "application/pdf")


async def several(program, count: int = 3) -> list[int]:
    """Tickets that a program opened."""
    asked = [{"subject": f"Chamado {n}", "text": "Parou", "customer": "C-1"} for n in range(count)]
    return [(await program.post("/api/tickets", json=each)).json()["id"] for each in asked]


async def test_a_file_of_the_house_s_goes_with_an_answer(house: House, web: Web) -> None:
    program, browser = await web.program(*PERMISSIONS), await web.browser(*PERMISSIONS)
    one, other = await several(program, 2)
    await house.clock.settle()
    for ticket in (one, one, other):
        await browser.post(f"/chamados/{ticket}/anexos", files={"file": PDF})
    offered = (await browser.get(f"/chamados/{one}")).text

    foreign = await program.post(
        f"/api/tickets/{one}/replies", json={"text": "Segue", "files": [1, 3]}
    )
    sent = await browser.post(f"/chamados/{one}/resposta", data={"text": "Segue", "files": ["1"]})
    many = await program.post(
        f"/api/tickets/{one}/replies", json={"text": "Tudo", "files": list(range(1, 30))}
    )

    assert 'name="files" value="1"' in offered
    assert (foreign.status_code, foreign.json()["code"]) == (404, "AttachmentNotFound")
    assert (sent.status_code, many.status_code) == (303, 422)
    assert [each.is_for_client for each in await web.rows(Attachment)] == [True, False, False]
    [letter] = [each for each in await web.rows(Message) if each.purpose == "ticket_reply"]
    [enclosed] = await web.rows(MessageAttachment)
    assert (enclosed.message_id, enclosed.name, enclosed.content) == (letter.id, PDF[0], PDF[1])
    told = [each.kind for each in await web.rows(CaseEvent) if each.case_id == letter.case_id]
    assert told.count("attachment_shown") == 1


async def test_several_tickets_are_given_to_somebody_and_each_refusal_is_told(
    house: House, web: Web
) -> None:
    program = await web.program(*PERMISSIONS)
    browser = await web.browser(*PERMISSIONS)
    one, two, three = await several(program)
    await house.clock.settle()
    await program.post(f"/api/tickets/{three}/assignment", json={"to": "bia"})

    outcome = await browser.post("/chamados/em-lote/assumir", data={"ids": [one, two, three]})
    back = await browser.post(
        "/chamados/em-lote/prioridade",
        data={"filtro": "*", "priority": 1, "reason": "Queda geral"},
        headers={"referer": "http://acerto.test/chamados?prioridade=2"},
    )

    assert outcome.status_code == 200
    assert "1 chamado ficou como estava" in outcome.text
    assert "já" in outcome.text.split("<tbody>")[1]
    assert back.headers["location"] == "/chamados?prioridade=2"
    listed = (await program.get("/api/tickets")).json()["items"]
    assert [(each["owner"], each["priority"]) for each in listed] == [
        ("bia", 1), ("ana", 1), ("ana", 1),
    ]  # fmt: skip


async def test_a_program_answers_and_resolves_several_tickets(house: House, web: Web) -> None:
    program = await web.program(*PERMISSIONS)
    ids = await several(program, 2)
    await house.clock.settle()

    replied = await program.post(
        "/api/tickets/bulk/replies", json={"ids": [*ids, 999], "text": "O cabo foi consertado"}
    )
    ending = {"ids": ids, "text": "Feito"}
    resolved = await program.post("/api/tickets/bulk/resolution", json=ending)
    again = await program.post("/api/tickets/bulk/resolution", json=ending)

    assert replied.json()["done"] == 2
    assert [each["id"] for each in replied.json()["refused"]] == [999]
    assert resolved.json() == {"done": 2, "refused": []}
    assert (again.json()["done"], len(again.json()["refused"])) == (0, 2)


@pytest.mark.parametrize(
    ("path", "data", "sentence"),
    [
        ("assumir", {}, "Marque ao menos um chamado."),
        ("prioridade", {"ids": ["1"], "priority": "9", "reason": "x"}, ""),
        ("resposta", {"ids": ["1"]}, ""),
        ("resposta", {"ids": ["x"], "text": "Oi"}, ""),
        ("assumir", {"filtro": "prioridade=alta"}, ""),
    ],
)
async def test_what_cannot_be_done_to_several_says_so(
    web: Web, path: str, data: dict[str, object], sentence: str
) -> None:
    await several(await web.program(*PERMISSIONS), 1)
    browser = await web.browser(*PERMISSIONS)

    answer = await browser.post(f"/chamados/em-lote/{path}", data=data)

    assert answer.status_code == 422
    assert sentence in answer.text


async def test_several_tickets_ask_for_the_permission_that_one_asks_for(web: Web) -> None:
    ids = await several(await web.program(*PERMISSIONS), 1)
    seer = await web.browser("tickets:see", login="lia")
    program = await web.program("tickets:see", login="robo-lia")

    assert "em-lote" not in (await seer.get("/chamados")).text
    assert (await seer.post("/chamados/em-lote/assumir", data={"ids": ids})).status_code == 403
    body = {"ids": ids, "text": "Oi"}
    assert (await program.post("/api/tickets/bulk/replies", json=body)).status_code == 403
    unknown = await (await web.browser(*PERMISSIONS, login="eva")).post("/chamados/em-lote/outra")
    assert unknown.status_code == 404


async def test_what_was_written_meanwhile_to_a_ticket_that_is_over_is_not_lost(
    house: House, web: Web
) -> None:
    bia = await web.browser(*PERMISSIONS, login="lia")
    robot = await web.program(*PERMISSIONS)
    asked = {"subject": "Sem sinal", "text": "Desde ontem", "customer": "C-1"}
    one, other = [(await robot.post("/api/tickets", json=asked)).json() for _ in range(2)]
    await house.clock.settle()
    await robot.post(f"/api/tickets/{one['id']}/merge", json={"into": other["protocol"]})

    late = await bia.post(f"/chamados/{one['id']}/resposta", data={"text": "Reinicie o modem"})
    await robot.post(f"/api/tickets/{other['id']}/resolution", json={"text": "Trocado"})
    second = await bia.post(f"/chamados/{other['id']}/solucao", data={"text": "Cabo novo, pronto"})
    empty = await bia.post(f"/chamados/{other['id']}/resposta", data={"text": " "})

    assert "O chamado já foi resolvido. Reabra-o antes." in second.text
    assert second.text.count("Cabo novo, pronto") == 1
    assert empty.text.count('role="alert"') == 1  # beside its field, where the form still stands
    assert late.status_code == 409
    assert "Este processo já foi encerrado" in late.text
    assert "Reinicie o modem" in late.text
