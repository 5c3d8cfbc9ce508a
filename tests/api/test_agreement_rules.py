"""Offers side by side, limits, and a second person's word, through the running engine."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from models.agreement_rules import AgreementLimit, AgreementOffer, AgreementRequest
from models.agreements import Agreement
from models.invoices import Invoice
from models.outbox import start_case
from models.people import AuditEntry
from models.tasks import Task
from rules.business_days import local_date
from tests import builders
from tests.conftest import House
from tests.support.web import Web

SEE, ACT, APPROVE = "agreements:see", "agreements:act", "agreements:approve"
ACCOUNT = ("collections.account:see", "collections.account:act")


class Scene:
    """A customer who owes 1.000 for 45 days, two offers, and a limit of 10 % off."""

    def __init__(self, house: House, web: Web) -> None:
        self.house, self.web = house, web

    async def begin(self) -> Scene:
        today = local_date(self.house.clock.now)
        async with self.house.database.write() as session:
            customer = await builders.a_customer(session, name="Maria da Silva")
            case = await builders.a_collections_case(session, customer, at=self.house.clock.now)
            due = today - timedelta(days=45)
            ids = [
                (await builders.an_invoice(session, customer, amount, due_date=due)).id
                for amount in ("600.00", "400.00")
            ]
            ledger = await builders.a_ledger_account(session)
            category = await builders.a_category(session)
            await builders.a_payment_profile(session, is_default=True)
            session.add_all(
                [
                    AgreementLimit(
                        code="todos", name="Todos", most_discount_percent=Decimal(10),
                        most_instalments=6,
                    ),
                    AgreementOffer(
                        code="vista", name="À vista", discount_percent=Decimal(20),
                        discount_account_id=ledger.id, category_id=category.id,
                        is_for_customers=True,
                    ),
                    AgreementOffer(
                        code="tres", name="Em três vezes", instalments=3, category_id=category.id,
                        from_days_late=46, is_for_customers=True,
                    ),
                ]
            )  # fmt: skip
            start_case(session, case, at=self.house.clock.now)
        await self.house.clock.settle()
        self.customer, self.ids = customer.id, ids
        self.ledger, self.category, self.today = ledger.id, category.id, today
        self.operator = await self.web.browser(SEE, ACT, *ACCOUNT)
        self.program = await self.web.program(SEE, ACT, *ACCOUNT)
        self.chief = await self.web.program(SEE, ACT, APPROVE, *ACCOUNT, login="chefe")
        return self

    @property
    def path(self) -> str:
        return f"/api/collections/customers/{self.customer}"

    def beyond(self, **changes) -> dict:
        """20 % off, paid at once: beyond everybody's limit."""
        first = (self.today + timedelta(days=5)).isoformat()
        return {
            "ids": self.ids, "agreement_kind": "proposal", "category_id": self.category,
            "tolerance_date": (self.today + timedelta(days=20)).isoformat(),
            "discount_percent": "20.00", "discount_account_id": self.ledger, "first_due": first,
            "confirm_new_invoice": True, **changes,
        }  # fmt: skip

    async def rows(self, kind):
        async with self.house.database.read() as session:
            return (await session.exec(select(kind).order_by(kind.id))).all()


@pytest.fixture
async def scene(house: House, running: Web) -> Scene:
    return await Scene(house, running).begin()


async def test_three_offers_stand_side_by_side_and_lead_into_the_wizard(scene: Scene) -> None:
    account = f"/cobrancas/contas/{scene.customer}"
    ids = "&".join(f"ids={each}" for each in scene.ids)

    page = (await scene.operator.get(f"{account}/ofertas?{ids}")).text
    first = (scene.today + timedelta(days=5)).isoformat()
    columns = {
        "ids": scene.ids, "offer": ["1"], "instalments": ["1"], "first_due": [first],
        "discount_percent": ["20,00"], "increase_percent": ["0,00"], "chosen": "1",
    }  # fmt: skip
    chosen = await scene.operator.post(f"{account}/ofertas", data=columns)
    filled = (await scene.operator.get(chosen.headers["location"])).text
    changed = await scene.operator.post(
        f"{account}/ofertas", data={**columns, "discount_percent": ["15,00"]}
    )
    other = await scene.operator.post(
        f"{account}/ofertas",
        data={
            "ids": scene.ids, "offer": ["1", "0"], "instalments": ["1", "12"],
            "first_due": [first, first], "discount_percent": ["30,00", "0,00"],
            "increase_percent": ["0,00", "5,00"],
        },
    )  # fmt: skip
    wrong = await scene.operator.post(f"{account}/ofertas", data={"ids": scene.ids, "offer": "x"})
    told = await scene.program.post(f"{scene.path}/agreements/offers", json={"ids": scene.ids})

    assert ("À vista" in page, "R$\xa0800,00" in page, "Em três vezes" in page) == (
        True, True, False,  # three months are for debts a day older
    )  # fmt: skip
    assert "precisa de aprovação" in page
    assert ('name="discount_percent" value="20,00"' in filled, "vista" in filled) == (True, True)
    lead = changed.headers["location"]
    assert ("discount_percent=15" in lead, "vista" in lead) == (True, False)
    assert ("R$\xa0700,00" in other.text, "R$\xa01.050,00" in other.text) == (True, True)
    assert wrong.status_code == 422
    offers = told.json()
    assert [(each["name"], each["total"], each["needs_approval"]) for each in offers] == [
        ("À vista", "800.00", True), ("", "1000.00", False), ("", "1000.00", False),
    ]  # fmt: skip
    assert [len(each["rows"]) for each in offers] == [1, 3, 6]


async def test_what_is_beyond_the_limit_waits_for_a_second_person(scene: Scene) -> None:
    asked = {**scene.beyond(), "note": "cliente antigo"}

    alone = await scene.program.post(f"{scene.path}/agreements", json=scene.beyond())
    made = await scene.program.post(f"{scene.path}/agreement-requests", json=asked)
    twice = await scene.program.post(f"{scene.path}/agreement-requests", json=asked)
    number = made.json()["id"]
    place = f"/api/agreement-requests/{number}"
    listed = await scene.program.get("/api/agreement-requests?status=waiting")
    others = await scene.program.get("/api/agreement-requests?status=refused")
    denied = await scene.program.post(f"{place}/approval")
    approved = await scene.chief.post(f"{place}/approval")
    again = await scene.chief.post(f"{place}/approval")
    await scene.house.clock.settle()

    assert (alone.status_code, alone.json()["code"]) == (422, "AgreementApprovalNeeded")
    assert made.json()["beyond"] == ["O limite de desconto é de 10,00 % e o acordo dá 20,00 %."]
    assert (twice.status_code, twice.json()["code"]) == (422, "RequestUnderWay")
    assert ([each["id"] for each in listed.json()], others.json()) == ([number], [])
    assert (denied.status_code, approved.status_code, again.status_code) == (403, 200, 409)
    [agreement] = await scene.rows(Agreement)
    assert (agreement.made_by, agreement.approved_by, agreement.total) == (
        "robo", "chefe", Decimal("800.00"),
    )  # fmt: skip
    assert approved.json()["agreement_id"] == agreement.id
    [task] = await scene.rows(Task)
    assert (task.kind, task.status) == ("approve_agreement", "cancelled")
    deeds = [entry.action for entry in await scene.rows(AuditEntry)]
    assert deeds == [
        "agreement_request.ask", "collections.make_agreement", "agreement_request.approved",
    ]  # fmt: skip


async def test_the_wizard_asks_on_its_last_step_and_the_chief_refuses(scene: Scene) -> None:
    account = f"/cobrancas/contas/{scene.customer}"
    typed = {**scene.beyond(), "discount_percent": "20,00", "step": "4", "note": "por favor"}
    typed["confirm_new_invoice"] = "1"
    chief = await scene.web.browser(SEE, ACT, APPROVE, login="gestora")

    shown = await scene.operator.post(f"{account}/acordo", data={**typed, "go": "recalculate"})
    sent = await scene.operator.post(f"{account}/acordo", data={**typed, "go": "ask"})
    waiting = (await scene.operator.get(f"{account}/acordos")).text
    listed = (await chief.get("/cobrancas/pedidos-de-acordo?situacao=waiting")).text
    request = (await chief.get("/cobrancas/pedidos-de-acordo/1")).text
    own = (await scene.operator.get("/cobrancas/pedidos-de-acordo/1")).text
    silent = await chief.post("/cobrancas/pedidos-de-acordo/1/recusa", data={"reason": " "})
    refused = await chief.post("/cobrancas/pedidos-de-acordo/1/recusa", data={"reason": "Muito"})
    late = await chief.post("/cobrancas/pedidos-de-acordo/1/aprovacao")
    after = (await chief.get("/cobrancas/pedidos-de-acordo/1")).text

    assert ("Pedir aprovação" in shown.text, "Efetivar proposta" in shown.text) == (True, False)
    assert (sent.status_code, silent.status_code, refused.status_code) == (303, 422, 303)
    assert "espera por aprovação" in waiting
    assert "Maria da Silva" in listed
    assert ("Aprovar e efetivar" in request, "Aprovar e efetivar" in own) == (True, False)
    assert (late.status_code, "Muito" in after) == (409, True)
    assert await scene.rows(Agreement) == []


async def test_bad_requests_change_nothing(scene: Scene) -> None:
    answers = [
        await scene.program.post(
            f"{scene.path}/agreement-requests", json=scene.beyond(discount_percent="10.00")
        ),
        await scene.program.post(f"{scene.path}/agreement-requests", json=scene.beyond(ids=[])),
        await scene.program.get("/api/agreement-requests/999"),
        await scene.chief.post("/api/agreement-requests/999/approval"),
        await scene.program.post(f"{scene.path}/agreements/offers", json={"ids": []}),
        await scene.program.post(f"{scene.path}/agreements/offers", json={"ids": [999_999]}),
        await scene.program.post(
            f"{scene.path}/agreements/offers",
            json={"ids": scene.ids, "terms": [{"instalments": 0, "first_due": "2026-12-01"}]},
        ),
        await scene.program.post(
            f"{scene.path}/agreements/offers",
            json={"ids": scene.ids, "terms": [{"instalments": 3, "first_due": "9999-12-31"}]},
        ),
        await scene.program.post(
            f"{scene.path}/agreements", json=scene.beyond(first_due="9999-12-31", count=3)
        ),
    ]

    assert [answer.status_code for answer in answers] == [
        422, 422, 404, 404, 422, 422, 422, 422, 422,
    ]  # fmt: skip
    assert answers[0].json()["code"] == "NothingToApprove"
    assert await scene.rows(AgreementRequest) == []


async def test_a_customer_accepts_an_offer_by_their_link(scene: Scene) -> None:
    made = (await scene.program.post(f"/api/customers/{scene.customer}/links", json={})).json()
    visitor = scene.web.visitor()
    bearing = scene.web.visitor(headers={"Authorization": f"Bearer {made['token']}"})
    accept = {"offer_id": "1", "total": "800,00", "accepts": "1"}

    shown = (await visitor.get(made["url"])).text
    unread = await visitor.post(f"{made['url']}/acordo", data={**accept, "accepts": ""})
    changed = await bearing.post(
        "/api/customer-page/agreements", json={"offer_id": 1, "total": "799.99", "accepts": True}
    )
    unknown = await bearing.post(
        "/api/customer-page/agreements", json={"offer_id": 2, "total": "1.00", "accepts": True}
    )
    done = await visitor.post(f"{made['url']}/acordo", data=accept)
    await scene.house.clock.settle()
    after = (await bearing.get("/api/customer-page")).json()

    assert ("À vista" in shown, "R$\xa0200,00 de desconto" in shown) == (True, True)
    replaced = [each.number for each in await scene.rows(Invoice) if each.status == "replaced"]
    assert f"tomam o lugar de {', '.join(replaced)}." in shown
    assert (unread.status_code, done.status_code) == (422, 303)
    assert (changed.json()["code"], unknown.json()["code"]) == ("OfferChanged", "OfferNotFound")
    [agreement] = await scene.rows(Agreement)
    assert (agreement.made_by, agreement.total, agreement.approved_by) == (
        "customer", Decimal("800.00"), "",
    )  # fmt: skip
    assert after["offers"] == []
    assert [each["open_amount"] for each in after["invoices"]] == ["800.00"]


async def test_of_two_who_ask_for_a_customer_at_once_one_is_told_of_the_other(scene: Scene) -> None:
    other = await scene.web.program(SEE, ACT, *ACCOUNT, login="outra")

    answers = await asyncio.gather(
        *(
            who.post(f"{scene.path}/agreement-requests", json=scene.beyond())
            for who in (scene.program, other)
        )
    )

    made, refused = sorted(answers, key=lambda each: each.status_code)
    assert (made.status_code, refused.status_code) == (201, 422), refused.text
    assert refused.json()["code"] == "RequestUnderWay"
    assert len(await scene.rows(AgreementRequest)) == 1
