"""A customer says which channels they want: on their own page, by API, by their mail program."""

from __future__ import annotations

import re

import pytest

from activities.link_addresses import refusal_address
from models.cases import CaseEvent
from models.messages import OptOut
from models.outbox import OutboxEntry
from models.people import AuditEntry
from tests import builders
from tests.support.web import NOW, Web

SEE, ACT = "collections.account:see", "collections.account:act"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Maria:
    """A customer with an e-mail, a mobile and a link, and the address in her e-mails."""

    def __init__(self, web: Web) -> None:
        self.web, self.visitor = web, web.visitor()

    async def begin(self) -> Maria:
        async with self.web.database.write() as session:
            customer = await builders.a_customer(
                session, name="Maria da Silva", email="maria@cliente.example",
                mobile="+5511987654321",
            )  # fmt: skip
            await builders.a_collections_case(session, customer)
        self.id = customer.id
        program = await self.web.program(SEE, ACT)
        made = (await program.post(f"/api/customers/{self.id}/links", json={})).json()
        self.page = made["url"]
        self.program = self.web.visitor(headers={"Authorization": f"Bearer {made['token']}"})
        self.refusal = refusal_address(self.id, self.web.app.state.settings)
        return self

    async def refused(self) -> list[tuple[str, str]]:
        return [(each.channel, each.by) for each in await self.web.rows(OptOut)]


@pytest.fixture
async def maria(web: Web) -> Maria:
    return await Maria(web).begin()


async def test_a_customer_refuses_a_channel_and_takes_it_back(maria: Maria) -> None:
    shown = (await maria.visitor.get(maria.page)).text
    refused = await maria.visitor.post(
        f"{maria.page}/canais", data={"channel": "sms", "is_wanted": "0"}
    )
    kept = await maria.refused()
    after = (await maria.visitor.get(maria.page)).text
    back = await maria.visitor.post(
        f"{maria.page}/canais", data={"channel": "sms", "is_wanted": "1"}
    )

    assert (refused.status_code, back.status_code) == (303, 303)
    assert (kept, await maria.refused()) == ([("sms", "customer")], [])
    assert "Avisos que a lei exige" in shown
    assert ("Não receber por SMS" in shown, "Voltar a receber por SMS" in after) == (True, True)
    assert "Aplicativo" not in shown  # which she does not use
    trail = [each for each in await maria.web.rows(AuditEntry) if each.action == "messages.opt_out"]
    assert [
        (each.by, each.at, each.details["channel"], each.details["is_wanted"],
         each.details["origin"]) for each in trail
    ] == [
        ("customer", NOW, "sms", False, "customer_link"),
        ("customer", NOW, "sms", True, "customer_link"),
    ]  # fmt: skip
    kinds = [
        each.kind for each in await maria.web.rows(CaseEvent) if each.kind.startswith("channel")
    ]
    assert kinds == ["channel_refused", "channel_wanted"]
    news = [each.news_id for each in await maria.web.rows(OutboxEntry) if each.news_id]
    assert [each.split("/")[0] for each in news] == kinds  # the cadence plans anew


async def test_said_twice_it_is_kept_once(maria: Maria) -> None:
    body = {"is_wanted": False}

    first = await maria.program.put("/api/customer-page/channels/email", json=body)
    again = await maria.program.put("/api/customer-page/channels/email", json=body)
    seen = (await maria.program.get("/api/customer-page")).json()["channels"]

    assert (first.status_code, again.status_code) == (204, 204)
    assert await maria.refused() == [("email", "customer")]
    assert [(each["channel"], each["is_wanted"]) for each in seen] == [
        ("email", False), ("sms", True),
    ]  # fmt: skip
    trail = [each for each in await maria.web.rows(AuditEntry) if each.action == "messages.opt_out"]
    assert len(trail) == 1


async def test_a_channel_that_does_not_exist_is_refused(maria: Maria) -> None:
    page = await maria.visitor.post(f"{maria.page}/canais", data={"channel": "fax"})
    program = await maria.program.put("/api/customer-page/channels/fax", json={"is_wanted": False})
    unsaid = await maria.program.put("/api/customer-page/channels/sms", json={})

    assert (page.status_code, program.status_code, unsaid.status_code) == (422, 422, 422)
    assert await maria.refused() == []


async def test_one_click_in_the_mail_program_keeps_e_mails_away(maria: Maria) -> None:
    looked = await maria.visitor.get(maria.refusal)
    kept = await maria.refused()
    clicked = await maria.visitor.post(maria.refusal, data=ONE_CLICK)
    again = await maria.visitor.post(maria.refusal, data=ONE_CLICK)

    assert (looked.status_code, kept) == (200, [])
    assert (clicked.status_code, again.status_code) == (200, 200)
    assert await maria.refused() == [("email", "customer")]
    assert "você não recebe nossos e-mails" in clicked.text
    assert not re.search("Maria|cliente.example", looked.text + clicked.text)

    back = await maria.visitor.post(maria.refusal, data={"is_wanted": "1"})

    assert (back.status_code, await maria.refused()) == (200, [])


async def test_a_forged_address_refuses_nothing_and_is_not_guessed_for_ever(maria: Maria) -> None:
    forged = maria.refusal[:-3] + "xyz"

    statuses = [(await maria.visitor.post(forged, data=ONE_CLICK)).status_code for _ in range(25)]

    assert (statuses[0], statuses[-1]) == (404, 429)
    assert await maria.refused() == []


async def test_nobody_writes_a_trail_without_end_by_clicking_to_and_fro(maria: Maria) -> None:
    clicks = [{"is_wanted": f"{n % 2}"} for n in range(45)]

    statuses = [(await maria.visitor.post(maria.refusal, data=each)).status_code for each in clicks]

    assert (statuses[0], statuses[-1]) == (200, 429)


async def test_an_operator_s_word_is_kept_with_its_origin(maria: Maria) -> None:
    browser = await maria.web.browser("messages:see", "messages:act", "customers:see")

    await browser.post(f"/mensagens/clientes/{maria.id}/sms/recusa", data={"is_wanted": "0"})

    assert await maria.refused() == [("sms", "ana")]
    [event] = [each for each in await maria.web.rows(CaseEvent) if each.kind == "channel_refused"]
    assert event.parameters == {"channel": "sms", "origin": "operator"}
