"""Tickets of a client's own people: opened, answered, with files of both sides."""

from __future__ import annotations

import io
import re

import pytest
from sqlmodel import select

from activities import attachments
from activities.attachments import NewFile
from models.attachments import Subject
from models.customers import Customer
from models.people import Deed
from models.sight import see_only
from models.tickets import CannedAnswer
from tests import builders
from tests.conftest import House
from tests.support.web import Web

PERMISSIONS = ("tickets:see", "tickets:act")
PDF = ("conta.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "application/pdf")


@pytest.fixture
async def web(running: Web, house: House) -> Web:
    async with house.database.write() as session:
        await builders.a_team(session, await builders.a_user(session, "bia"), code="suporte")
        await builders.a_customer(session, code="C-1", email="maria@exemplo.test")
        session.add(CannedAnswer(code="r1", name="Reinicie", text="Desligue e ligue o roteador."))
    return running


async def two_companies(house: House) -> tuple[int, int]:
    """The client whose people ask, and another one."""
    async with house.database.write() as session:
        mine = (await session.exec(select(Customer))).one()
        other = await builders.a_customer(session, code="C-2")
    return mine.id, other.id


async def test_a_clients_own_people_open_and_answer_tickets_of_their_company(
    house: House, web: Web
) -> None:
    mine, other = await two_companies(house)
    lia = await web.browser(login="lia", company_id=mine)
    rui = await web.browser(login="rui", company_id=other)
    ana = await web.browser(*PERMISSIONS)

    made = await lia.post("/meus-chamados/novo", data={"subject": "Sem sinal", "text": "Parou"})
    await house.clock.settle()
    path = made.headers["location"]
    told = (await lia.get(path)).text
    number = path.rsplit("/", 1)[1]
    await ana.post(f"/chamados/{number}/nota", data={"text": "Segredo da casa"})
    await ana.post(f"/chamados/{number}/solucao", data={"text": "Trocamos o cabo"})
    for _ in range(2):
        await lia.post(path, data={"text": "Continua fora"})
    await house.clock.settle()

    thread = (await lia.get(path)).text
    assert "primeira resposta até" in told
    assert "Trocamos o cabo" in thread
    assert "Segredo" not in thread
    assert thread.count("Continua fora") == 1
    assert "Em atendimento" in thread  # open again
    assert "Sem sinal" in (await lia.get("/meus-chamados")).text
    assert "Sem sinal" not in (await rui.get("/meus-chamados")).text
    assert (await rui.get(path)).status_code == 404
    assert (await rui.post(path, data={"text": "x"})).status_code == 404
    assert (await ana.get("/meus-chamados")).status_code == 403
    assert (await lia.get("/chamados")).status_code == 403


async def test_a_clients_program_opens_and_answers_too(house: House, web: Web) -> None:
    mine, other = await two_companies(house)
    program = await web.program(login="robo-lia", company_id=mine)
    stranger = await web.program(login="robo-rui", company_id=other)
    asked = {"subject": "Sem sinal", "text": "Parou ontem"}

    opened = await program.post("/api/own-tickets", json=asked)
    wrong = await program.post("/api/own-tickets", json={**asked, "category_id": 999})
    path = f"/api/own-tickets/{opened.json()['id']}"
    said = await program.post(f"{path}/messages", json={"text": "E o telefone também"})
    read = (await program.get(path)).json()

    assert (opened.status_code, said.status_code, wrong.status_code) == (201, 201, 422)
    assert opened.json()["first_response_due"] is not None
    assert [each["text"] for each in read["entries"]] == ["Parou ontem", "E o telefone também"]
    listed = (await program.get("/api/own-tickets")).json()["items"]
    assert [row["id"] for row in listed] == [read["id"]]
    assert (await stranger.get("/api/own-tickets")).json()["items"] == []
    assert (await stranger.get(path)).status_code == 404


async def test_a_clients_own_people_attach_files_and_see_none_of_the_houses(
    house: House, web: Web
) -> None:
    mine, other = await two_companies(house)
    lia = await web.browser(login="lia", company_id=mine)
    rui = await web.browser(login="rui", company_id=other)
    ana = await web.browser(*PERMISSIONS)
    asked = {"subject": "Conta errada", "text": "Veja o arquivo"}

    made = await lia.post("/meus-chamados/novo", data=asked, files={"file": PDF})
    await house.clock.settle()
    path = made.headers["location"]
    number = path.rsplit("/", 1)[1]
    for _ in range(2):
        await lia.post(path, data={"text": "Mais uma"}, files={"file": ("b.txt", b"outra", "")})
    refused = await lia.post(path, data={"text": "E esta"}, files={"file": ("x.exe", b"MZ", "")})
    await ana.post(f"/chamados/{number}/anexos", files={"file": ("casa.txt", b"interno", "")})

    thread = (await lia.get(path)).text
    assert (made.status_code, refused.status_code) == (303, 422)
    assert "E esta</div>" not in thread  # nothing is kept of what was refused
    assert re.findall(rf"{path}/anexos/(\d+)", thread) == ["1", "2"]
    assert (await lia.get(f"{path}/anexos/1")).content == PDF[1]
    assert (await lia.get(f"{path}/anexos/3")).status_code == 404
    assert (await rui.get(f"{path}/anexos/1")).status_code == 404
    assert (await ana.get(f"{path}/anexos/1")).status_code == 403
    assert "conta.pdf" in (await ana.get(f"/chamados/{number}")).text


async def test_the_house_shows_a_client_the_files_that_it_chooses(house: House, web: Web) -> None:
    async with house.database.write() as session:
        mine = (await session.exec(select(Customer))).one()
    lia = await web.browser(login="lia", company_id=mine.id)
    ana = await web.browser(*PERMISSIONS)
    robot = await web.program(*PERMISSIONS)
    looker = await web.program("tickets:see", login="leo")
    made = await lia.post("/meus-chamados/novo", data={"subject": "x", "text": "y"})
    theirs = made.headers["location"]
    ours = theirs.replace("meus-", "")
    api = f"/api/tickets/{ours.rsplit('/', 1)[1]}/attachments"
    await ana.post(f"{ours}/anexos", files={"file": ("a.txt", b"a", "")})
    await ana.post(
        f"{ours}/anexos", files={"file": ("b.txt", b"b", "")}, data={"is_for_client": "1"}
    )

    before = (await lia.get(theirs)).text
    by_program = await robot.put(f"{api}/1/sight", json={"is_for_client": True})
    by_page = await ana.post(f"{ours}/anexos/2/visao")
    after = (await lia.get(theirs)).text

    assert ("a.txt" in before, "b.txt" in before) == (False, True)
    assert (by_program.status_code, by_page.status_code) == (204, 303)
    assert ("a.txt" in after, "b.txt" in after) == (True, False)
    assert (await lia.get(f"{theirs}/anexos/1")).content == b"a"
    assert (await lia.get(f"{theirs}/anexos/2")).status_code == 404
    assert "Deixou o cliente ver o arquivo a.txt." in (await ana.get(ours)).text
    refused = await looker.put(f"{api}/1/sight", json={"is_for_client": False})
    unknown = await robot.put(f"{api}/9/sight", json={"is_for_client": True})
    assert (refused.status_code, unknown.status_code) == (403, 404)


async def test_a_clients_program_attaches_files_too(house: House, web: Web) -> None:
    mine, other = await two_companies(house)
    program = await web.program(login="robo-lia", company_id=mine)
    stranger = await web.program(login="robo-rui", company_id=other)
    opened = await program.post("/api/own-tickets", json={"subject": "x", "text": "y"})
    path = f"/api/own-tickets/{opened.json()['id']}/attachments"

    kept = await program.post(path, files={"file": PDF})
    refused = await program.post(path, files={"file": ("x.exe", b"MZ", "")})
    foreign = await stranger.post(path, files={"file": PDF})

    assert (kept.status_code, refused.status_code, foreign.status_code) == (201, 422, 404)
    assert [each["name"] for each in (await program.get(path)).json()] == ["conta.pdf"]
    assert (await program.get(f"{path}/{kept.json()['id']}")).content == PDF[1]
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.get(f"{path}/{kept.json()['id']}")).status_code == 404


async def test_bytes_that_others_have_too_stay_when_a_client_deletes_a_file(
    house: House, web: Web
) -> None:
    async with house.database.write() as session:
        mine = (await session.exec(select(Customer))).one()
    lia = await web.program(login="lia", company_id=mine.id)
    opened = await lia.post("/api/own-tickets", json={"subject": "x", "text": "y"})
    path = f"/api/own-tickets/{opened.json()['id']}/attachments"
    kept = (await lia.post(path, files={"file": PDF})).json()["id"]
    deed, store = Deed("ana", web.now), attachments.store_of(house.settings)
    others = NewFile(PDF[0], io.BytesIO(PDF[1]), len(PDF[1]))
    theirs = await attachments.attach(
        house.database, store, Subject("contracts", 1), others, deed=deed
    )

    see_only(mine.id)
    await attachments.remove(
        house.database, store, Subject("tickets", opened.json()["id"]), kept,
        reason="Errado", deed=Deed("lia", web.now),
    )  # fmt: skip
    see_only(None)

    content = await attachments.content_of(store, theirs)
    assert b"".join([chunk async for chunk in content]) == PDF[1]


async def test_a_merged_ticket_leads_its_client_to_the_one_that_goes_on(
    house: House, web: Web
) -> None:
    async with house.database.write() as session:
        mine = (await session.exec(select(Customer))).one()
    lia = await web.browser(login="lia", company_id=mine.id)
    robot = await web.program(login="robo-lia", company_id=mine.id)
    ana = await web.browser(*PERMISSIONS)
    asked = {"subject": "Sem sinal", "text": "Desde ontem"}
    one, other = [
        (await lia.post("/meus-chamados/novo", data=asked)).headers["location"] for _ in range(2)
    ]
    await house.clock.settle()
    protocol = re.search(r"Protocolo (\d+)", (await lia.get(other)).text)[1]
    merged = await ana.post(one.replace("meus-", "") + "/uniao", data={"into": protocol})

    shown = (await lia.get(one)).text
    refused = await lia.post(one, data={"text": "E então?"})
    number = one.rsplit("/", 1)[1]
    told = await robot.post(f"/api/own-tickets/{number}/messages", json={"text": "E então?"})
    read = (await robot.get(f"/api/own-tickets/{number}")).json()

    assert (merged.status_code, refused.status_code, told.status_code) == (303, 422, 422)
    assert f'href="{other}">{protocol}</a>' in shown
    assert "Abra outro" not in shown
    assert f"tratado no protocolo {protocol}" in refused.text
    assert "E então?" in refused.text  # what was typed is not lost
    assert (told.json()["code"], f"/{read['merged_into_id']}") == ("TicketJoined", other[-2:])
