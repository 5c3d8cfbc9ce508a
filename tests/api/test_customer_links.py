"""A customer's own link: made and revoked by operators, used by whoever has it, and by programs."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest
from sqlmodel import select

from models.cases import CaseEvent
from models.connections import Connection
from models.invoices import Invoice
from models.ladders import LadderException
from models.messages import Message
from models.people import AuditEntry
from models.promises import Promise
from rules.business_days import local_date
from tests import builders
from tests.support.web import NOW, Web

SEE, ACT = "collections.account:see", "collections.account:act"
TODAY = local_date(NOW)


class Scene:
    """A customer who owes, whose internet was cut, and the link that was made for them."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.visitor = web.visitor()

    async def begin(self) -> Scene:
        async with self.web.database.write() as session:
            await builders.a_payment_profile(session, pix_key="52998224725", is_default=True)
            customer = await builders.a_customer(
                session, name="Maria Aparecida da Silva", email="maria@cliente.example"
            )
            case = await builders.a_collections_case(session, customer)
            contract = await builders.a_contract(session, customer, description="Fibra 500")
            session.add(
                Connection(contract_id=contract.key, kind="internet", state="blocked", since=NOW)
            )
            late = await builders.an_invoice(
                session, customer, "200.00", number="2026-7", contract_id=contract.id,
                due_date=TODAY - timedelta(days=30),
            )  # fmt: skip
            far = await builders.an_invoice(
                session, customer, "33.00", number="2027-1", collection_stage=None,
                due_date=TODAY + timedelta(days=90),
            )  # fmt: skip
            stranger = await builders.a_customer(session)
            foreign = await builders.an_invoice(session, stranger, number="9999-9")
        self.customer, self.case, self.contract = customer.id, case.id, contract.id
        self.late, self.far, self.foreign = late.id, far.id, foreign.id
        self.operator = await self.web.browser(SEE, ACT)
        self.program = await self.web.program(SEE, ACT)
        return self

    async def link(self, **asked: object) -> dict:
        answer = await self.program.post(f"/api/customers/{self.customer}/links", json=asked)
        assert answer.status_code == 201
        return dict(answer.json())

    def bearing(self, made: dict) -> httpx2.AsyncClient:
        return self.web.visitor(headers={"Authorization": f"Bearer {made['token']}"})

    async def rows(self, kind):
        async with self.web.database.read() as session:
            return (await session.exec(select(kind).order_by(kind.id))).all()


@pytest.fixture
async def scene(web: Web) -> Scene:
    return await Scene(web).begin()


async def test_an_operator_makes_sends_and_revokes_a_link(scene: Scene) -> None:
    path = f"/cobrancas/contas/{scene.customer}/link"
    reader = await scene.web.browser(SEE, login="rui")

    too_long = await scene.operator.post(path, data={"days": "99"})
    made = await scene.operator.post(path, data={"is_sent": "1"})
    listed = await scene.operator.get(path)
    seen = await reader.get(path)
    refused = await reader.post(path, data={})
    url = made.text.split('href="http')[1].split('"')[0]
    opened = await scene.visitor.get("http" + url)
    revoked = await scene.operator.post(f"{path}/1/revogacao")
    again = await scene.program.delete(f"/api/customers/{scene.customer}/links/1")
    gone = await scene.visitor.get("http" + url)

    assert (too_long.status_code, made.status_code, revoked.status_code) == (422, 200, 303)
    assert ("Criar link" in listed.text, "Criar link" in seen.text) == (True, False)
    assert (refused.status_code, opened.status_code, gone.status_code) == (403, 200, 404)
    assert "Este link não vale mais" in gone.text
    assert "/entrar" not in gone.text
    assert (again.status_code, again.json()["code"]) == (409, "CustomerLinkAlreadyDone")
    letters = await scene.rows(Message)
    assert {"http" + url in letter.text for letter in letters} == {True}
    trail = await scene.rows(AuditEntry)
    deeds = [each.action for each in trail if not each.action.endswith(".see")]
    assert deeds == [
        "customer_link.make", "customer_link.send", "customer_link.open", "customer_link.revoke",
    ]  # fmt: skip
    told = [event.kind for event in await scene.rows(CaseEvent) if event.by == "customer"]
    assert told == ["link_opened"]


async def test_the_page_shows_the_debt_and_no_more_of_the_customer(scene: Scene) -> None:
    made = await scene.link()

    shown = (await scene.visitor.get(made["url"])).text

    assert ("Maria" in shown, "Aparecida" in shown, "982.247" in shown) == (True, False, False)
    assert ("maria@cliente.example" in shown, "2027-1" in shown, "9999-9" in shown) == (
        False, False, False,
    )  # fmt: skip
    assert ("2026-7" in shown, "R$\xa0200,00" in shown, "30 dias em atraso" in shown) == (
        True, True, True,
    )  # fmt: skip


async def test_every_instalment_of_an_agreement_is_seen_and_may_be_paid_ahead(
    scene: Scene,
) -> None:
    visitor = scene.bearing(await scene.link())
    copy = f"/api/customer-page/invoices/{scene.far}/payment-copy"
    before = (await visitor.get("/api/customer-page")).text
    refused = await visitor.get(copy)
    async with scene.web.database.write() as session:
        far = await session.get_one(Invoice, scene.far)
        far.collection_stage = "in_agreement"

    shown = (await visitor.get("/api/customer-page")).text

    assert ("2027-1" in before, refused.status_code) == (False, 404)
    assert "2027-1" in shown
    assert (await visitor.get(copy)).status_code == 200


async def test_a_payment_copy_has_pix_charges_and_a_pdf(scene: Scene) -> None:
    made = await scene.link()
    path = f"{made['url']}/faturas/{scene.late}"

    page = await scene.visitor.get(path)
    pdf = await scene.visitor.get(f"{path}/documento")
    told = (
        await scene.bearing(made).get(f"/api/customer-page/invoices/{scene.late}/payment-copy")
    ).json()
    others = [
        (await scene.visitor.get(f"{made['url']}/faturas/{each}")).status_code
        for each in (scene.foreign, scene.far, 999_999)
    ]

    assert ("br.gov.bcb.pix" in page.text, "data:image/svg+xml" in page.text) == (True, True)
    assert pdf.content.startswith(b"%PDF-")
    assert (told["total"], told["charges"]) == ("206.00", "6.00")  # 2 % and 30 days of 1 % a month
    assert others == [404, 404, 404]


async def test_a_promise_by_the_link_is_the_operators_promise(scene: Scene) -> None:
    made = await scene.link()
    day = (TODAY + timedelta(days=3)).isoformat()

    too_far = await scene.visitor.post(
        f"{made['url']}/promessa", data={"promised_on": "2030-01-01"}
    )
    done = await scene.visitor.post(f"{made['url']}/promessa", data={"promised_on": day})
    shown = await scene.visitor.get(made["url"])
    twice = await scene.bearing(made).post(
        "/api/customer-page/promises", json={"promised_on": day, "amount": "10.00"}
    )
    tab = await scene.operator.get(f"/cobrancas/contas/{scene.customer}/promessas")

    assert (too_far.status_code, done.status_code) == (422, 303)
    assert "Até lá não cobramos" in shown.text
    assert (twice.status_code, twice.json()["code"]) == (422, "PromiseUnderWay")
    [promise] = await scene.rows(Promise)
    assert (promise.made_by, promise.customer_id) == ("customer", scene.customer)
    assert "Cliente" in tab.text


async def test_a_service_is_trusted_back_once_in_so_many_days(scene: Scene) -> None:
    made = await scene.link()
    address = f"/api/customer-page/contracts/{scene.contract}/release"

    offered = await scene.visitor.get(made["url"])
    released = await scene.visitor.post(
        f"{made['url']}/liberacao", data={"contract_id": scene.contract}
    )
    after = await scene.visitor.get(made["url"])
    again = await scene.bearing(made).post(address)
    unknown = await scene.bearing(made).post("/api/customer-page/contracts/999/release")

    assert ("Religar agora" in offered.text, "Religar agora" in after.text) == (True, False)
    assert (released.status_code, again.status_code, unknown.status_code) == (303, 422, 404)
    [exception] = await scene.rows(LadderException)
    assert (exception.kind, exception.by) == ("release", "customer")
    [connection] = await scene.rows(Connection)
    assert connection.state == "active"


async def test_a_contestation_by_the_link_stops_what_is_collected(scene: Scene) -> None:
    made = await scene.link()
    path = f"{made['url']}/faturas/{scene.late}/contestacao"

    form = await scene.visitor.get(path)
    silent = await scene.visitor.post(path, data={"text": ""})
    done = await scene.visitor.post(path, data={"text": "Já cancelei este serviço."})
    shown = await scene.visitor.get(made["url"])
    again = await scene.bearing(made).post(
        f"/api/customer-page/invoices/{scene.late}/contestation", json={"text": "De novo"}
    )

    assert (form.status_code, silent.status_code, done.status_code) == (200, 422, 303)
    assert "em contestação" in shown.text
    assert (again.status_code, again.json()["code"]) == (422, "AlreadyContested")


@pytest.mark.parametrize("is_page", [True, False])
async def test_a_part_is_contested_by_the_link_and_the_rest_goes_to_another_bill(
    scene: Scene, is_page: bool
) -> None:
    made = await scene.link()
    how, amounts, send = "json", ("200.01", "66.50"), scene.bearing(made).post
    path = f"/api/customer-page/invoices/{scene.late}/contestation"
    if is_page:
        how, amounts, send = "data", ("200,01", "66,50"), scene.visitor.post
        path = f"{made['url']}/faturas/{scene.late}/contestacao"

    too_much, done = [
        await send(path, **{how: {"text": "10 dias sem sinal", "amount": each}}) for each in amounts
    ]

    assert (too_much.status_code, done.status_code) == (422, 303 if is_page else 201)
    assert "R$ 200,00" in too_much.text
    owed = {str(each.amount) for each in await scene.rows(Invoice)}
    assert {"66.50", "133.50"} <= owed
    assert "200.00" not in owed


async def test_what_the_house_does_not_take_is_neither_shown_nor_done(scene: Scene) -> None:
    for name in ("promises", "releases", "contestations"):
        manager = await scene.web.program("policies:edit", "registries:see", login=f"g{name}")
        answer = await manager.put(
            f"/api/policies/CustomerLinkPolicy.takes_{name}", json={"value": False}
        )
        assert answer.status_code == 200, answer.text
    made = await scene.link()
    bearing = scene.bearing(made)
    day = (TODAY + timedelta(days=3)).isoformat()

    shown = (await scene.visitor.get(made["url"])).text
    answers = [
        await bearing.post("/api/customer-page/promises", json={"promised_on": day}),
        await bearing.post(f"/api/customer-page/contracts/{scene.contract}/release"),
        await bearing.post(
            f"/api/customer-page/invoices/{scene.late}/contestation", json={"text": "não devo"}
        ),
    ]

    assert [word in shown for word in ("Prometer", "Religar", "Contestar")] == [False] * 3
    assert {answer.json()["code"] for answer in answers} == {"NotOnLink"}


async def test_links_that_do_not_hold_are_refused_and_guessing_is_slow(scene: Scene) -> None:
    made = await scene.link(days=1)
    bare = scene.web.visitor()
    scene.web.now = NOW + timedelta(days=1)

    late = await bare.get(made["url"])
    by_program = await scene.bearing(made).get("/api/customer-page")
    guesses = [(await bare.get(f"/c/{n}.guess")).status_code for n in range(30)]

    assert (late.status_code, by_program.status_code) == (404, 401)
    assert (guesses[0], guesses[-1]) == (404, 429)


async def test_a_link_is_not_asked_too_fast(scene: Scene) -> None:
    made = await scene.link()
    bearing = scene.bearing(made)

    answers = [(await bearing.get("/api/customer-page")).status_code for _ in range(45)]

    assert (answers[0], answers[-1]) == (200, 429)


async def test_bad_input_changes_nothing(scene: Scene) -> None:
    made = await scene.link()
    before = [str(row.model_dump()) for row in await scene.rows(Invoice)]

    answers = [
        await scene.program.post("/api/customers/999/links", json={}),
        await scene.program.post(f"/api/customers/{scene.customer}/links", json={"days": 61}),
        await scene.program.delete("/api/customers/999/links/1"),
        await scene.visitor.post(f"{made['url']}/liberacao", data={"contract_id": "x"}),
        await scene.visitor.get("/api/customer-page"),
    ]

    assert [answer.status_code for answer in answers] == [404, 422, 404, 422, 401]
    assert [str(row.model_dump()) for row in await scene.rows(Invoice)] == before
    assert await scene.rows(LadderException) == []


async def test_the_log_names_no_link(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    made = await scene.link()
    capsys.readouterr()

    await scene.visitor.get(made["url"])
    await scene.visitor.get("/c/12.guess/faturas/1")

    logged = capsys.readouterr()
    told = logged.out + logged.err
    assert (made["token"] in told, "12.guess" in told) == (False, False)
    assert "/c/{token}" in told
