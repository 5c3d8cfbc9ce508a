"""Kickoffs by page and API, through the running engine."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from activities.kickoff import begin_kickoff
from models.kickoff import KickoffTemplateItem
from rules.business_days import local_time
from rules.contracts import ContractStage, PlanType
from tests import builders
from tests.conftest import House
from tests.support.web import Web

PERMISSIONS = ("kickoffs:see", "kickoffs:act")


@pytest.fixture
async def web(running: Web, house: House) -> Web:
    async with house.database.write() as session:
        session.add(KickoffTemplateItem(code="t1", name="Carregar inventário", is_client=True))
        contract = await builders.a_contract(
            session, await builders.a_customer(session, name="Padaria Aurora"),
            plan_type=PlanType.TEM, stage=ContractStage.AWAITING_ACTIVATION, description="TEM",
        )  # fmt: skip
        await begin_kickoff(session, contract, by="ana", at=running.now)
    await house.clock.settle()
    return running


async def test_a_program_brings_a_kickoff_to_its_end(house: House, web: Web) -> None:
    program = await web.program(*PERMISSIONS)
    soon = (web.now + timedelta(days=2)).isoformat()

    for name, body in (
        ("assignment", {}),
        ("dates", {"dates": [soon]}),
        ("meeting", {"at": soon, "place": "Vídeo"}),
        ("wait", {"reason": "agenda do cliente"}),
        ("client-ready", {}),
        ("minutes", {"held_at": web.now.isoformat(), "minutes": "Ata", "attendees": "Ana"}),
        ("items", {"title": "Treinar"}),
        ("items/check", {"item_id": 1, "is_done": True}),
        ("items/check", {"item_id": 2, "is_done": True}),
        ("installation", {}),
        ("acceptance", {"accepted_by": "Rui"}),
    ):
        answer = await program.post(f"/api/kickoffs/1/{name}", json=body)
        assert answer.status_code == 200, (name, answer.text)

    read = (await program.get("/api/kickoffs/1")).json()
    assert (read["stage"], read["accepted_by"]) == ("in_service", "Rui")
    assert [clock["kind"] for clock in read["clocks"]] == ["kickoff_meeting", "installation"]
    again = await program.post("/api/kickoffs/1/wait", json={"reason": "x"})
    assert (again.status_code, again.json()["code"]) == (409, "CaseClosed")
    assert (await program.get("/api/kickoffs", params={"is_open": True})).json()["items"] == []


async def test_a_person_schedules_holds_and_cancels_on_the_page(house: House, web: Web) -> None:
    browser = await web.browser(*PERMISSIONS, "contracts:see")
    assert "Padaria Aurora" in (await browser.get("/implantacoes")).text
    soon = local_time(web.now + timedelta(days=2))
    typed = f"{soon:%Y-%m-%dT%H:%M}"
    earlier = f"{local_time(web.now - timedelta(days=2)):%Y-%m-%dT%H:%M}"

    past = await browser.post("/implantacoes/1/reuniao", data={"at": earlier, "minutes": "60"})
    made = await browser.post("/implantacoes/1/reuniao", data={"at": typed, "minutes": "60"})
    wrong = await browser.post("/implantacoes/1/datas", data={"dates": [typed, earlier]})
    moved = await browser.post("/implantacoes/1/datas", data={"dates": [typed, ""]})
    shown = await browser.get("/implantacoes/1")
    cancelled = await browser.post(
        "/implantacoes/1/cancelamento",
        data={"requested_by": "Rui", "channel": "telefone", "reason": "Desistiu"},
    )

    late = await browser.post("/implantacoes/1/espera", data={"reason": "Falta o acesso ao prédio"})
    assert "já foi encerrado" in late.text
    assert "Falta o acesso ao prédio" in late.text
    assert past.status_code == 422
    assert "A reunião precisa estar no futuro" in past.text
    assert [f'value="{each}"' in wrong.text for each in (typed, earlier)] == [True, True]
    assert [answer.status_code for answer in (made, moved, cancelled)] == [303] * 3
    assert "Reunião marcada para" in shown.text
    assert re.search(r"restam \d+ dias úteis", shown.text)
    assert "protocolo 20" in (await browser.get("/implantacoes/1")).text
    assert "Nada o ativa mais" in (await browser.get("/contratos/1")).text


async def test_who_may_only_see_does_nothing(web: Web) -> None:
    browser = await web.browser("kickoffs:see")

    assert (await browser.get("/implantacoes/1")).status_code == 200
    for may, login in ((("contracts:see", "kickoffs:see"), "rui"), (("contracts:see",), "leo")):
        contract = (await (await web.browser(*may, login=login)).get("/contratos/1")).text
        assert ('href="/implantacoes/1"' in contract) is ("kickoffs:see" in may)
        assert "Nada acontece" not in contract
    refused = await browser.post("/implantacoes/1/espera", data={"reason": "x"})
    assert refused.status_code == 403
    assert (await browser.get("/implantacoes/404")).status_code == 404
