"""What comes of a call has the next thing done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from models.cases import open_case
from models.collections import Contact
from models.contact_results import ensure_contact_results
from models.customer_links import CustomerLink
from models.customers import Customer
from models.invoices import Invoice
from models.messages import Message
from models.registries import ContactResult
from models.tasks import Task
from rules.cases import Process
from rules.collection_stages import CollectionStage
from rules.collections import AccountStage
from rules.contact_results import FIRST_RESULTS
from rules.panels import InvoiceStatus
from tests import builders
from tests.support.web import NOW, Web

SEE, ACT = "collections.account:see", "collections.account:act"


@pytest.fixture
async def scene(web: Web) -> dict:
    async with web.database.write() as session:
        await ensure_contact_results(session)
        await ensure_contact_results(session)
        customer = await builders.a_customer(session, email="maria@cliente.example")
        await builders.a_collections_case(session, customer)
        invoice = await builders.an_invoice(session, customer)
        category = await builders.a_contact_category(session)
        results = {each.code: each.id for each in await session.exec(select(ContactResult))}
    asked = {
        "kind": "active", "channel": "phone", "category_id": category.id, "subject": "Ligação",
        "text": "Pediu para ligar amanhã",
    }  # fmt: skip
    return {"customer": customer.id, "code": invoice.code, "results": results, "asked": asked}


async def rows(web: Web, kind):
    async with web.database.read() as session:
        return (await session.exec(select(kind).order_by(kind.id))).all()


def test_a_new_house_has_a_result_of_every_kind(scene: dict) -> None:
    assert list(scene["results"]) == [code for code, *_ in FIRST_RESULTS]


@pytest.mark.parametrize(
    ("code", "kind", "due_in"),
    [
        ("sem-resposta", "try_again", timedelta(days=4)),  # Thursday; Friday is a holiday
        ("pagou", "check_payment", timedelta(days=5)),
        ("errado", "mend_contact", timedelta(days=5)),
    ],
)
async def test_a_result_asks_whoever_called_to_go_on(
    web: Web, scene: dict, code: str, kind: str, due_in: timedelta
) -> None:
    program = await web.program(SEE, ACT)
    asked = {**scene["asked"], "result_id": scene["results"][code]}

    logged = await program.post(
        f"/api/collections/customers/{scene['customer']}/contacts", json=asked
    )

    [task] = await rows(web, Task)
    assert logged.status_code == 201
    assert (logged.json()["step"], logged.json()["task_id"]) == (kind, task.id)
    assert (task.kind, task.assignee, task.description) == (kind, "robo", asked["text"])
    assert task.due_at.date() == (NOW + due_in).date()


async def test_an_invoice_that_did_not_come_is_sent_by_the_customers_link(
    web: Web, scene: dict
) -> None:
    browser = await web.browser(SEE, ACT)
    path = f"/cobrancas/contas/{scene['customer']}/comentarios"
    typed = {**scene["asked"], "result_id": scene["results"]["nao-recebeu"], "confirmed": "1"}

    done = await browser.post(path, data=typed)
    shown = (await browser.get(path)).text

    assert (done.status_code, done.headers["location"]) == (303, path)
    assert "Não recebeu a fatura" in shown
    assert (len(await rows(web, CustomerLink)), await rows(web, Task)) == (1, [])
    assert {letter.purpose for letter in await rows(web, Message)} == {"customer_link"}


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("prometeu", "/cobrancas/contas/{customer}/promessas?nova=1"),
        ("contesta", "/contestacoes/recebidas/nova?canal=phone&fatura={code}"),
        ("falou", "/cobrancas/contas/{customer}/comentarios"),
    ],
)
async def test_a_result_leads_to_where_the_rest_is_said(
    web: Web, scene: dict, code: str, place: str
) -> None:
    browser = await web.browser(SEE, ACT)
    typed = {**scene["asked"], "result_id": scene["results"][code], "confirmed": "1"}

    done = await browser.post(f"/cobrancas/contas/{scene['customer']}/comentarios", data=typed)

    assert done.headers["location"] == place.format(**scene)
    assert await rows(web, Task) == []


async def test_an_unknown_or_retired_result_is_refused(web: Web, scene: dict) -> None:
    program = await web.program(SEE, ACT)
    path = f"/api/collections/customers/{scene['customer']}/contacts"
    async with web.database.write() as session:
        retired = await session.get_one(ContactResult, scene["results"]["errado"])
        retired.is_active = False

    answers = [
        await program.post(path, json={**scene["asked"], "result_id": number})
        for number in (999, scene["results"]["errado"])
    ]

    assert [answer.json()["code"] for answer in answers] == ["ContactResultNotActive"] * 2
    assert await rows(web, Contact) == []


async def test_what_is_contested_is_the_oldest_of_what_is_open_where_nothing_is_negotiated(
    web: Web, scene: dict
) -> None:
    async with web.database.write() as session:
        customer = await session.get_one(Customer, scene["customer"])
        for each in await session.exec(select(Invoice)):
            each.collection_stage, each.status = CollectionStage.RECOVERED, InvoiceStatus.SETTLED
        instalment = await builders.an_invoice(
            session, customer, collection_stage=CollectionStage.IN_AGREEMENT
        )
    browser = await web.browser(SEE, ACT)
    typed = {**scene["asked"], "result_id": scene["results"]["contesta"], "confirmed": "1"}

    done = await browser.post(f"/cobrancas/contas/{customer.id}/comentarios", data=typed)

    assert done.headers["location"].endswith(f"&fatura={instalment.code}")


async def test_without_an_account_the_tab_says_what_opens_it(web: Web) -> None:
    async with web.database.write() as session:
        customer = await builders.a_customer(session)
        await open_case(
            session, process=Process.COLLECTIONS, subject_id=customer.id, customer_id=customer.id,
            stage=AccountStage.IN_CONTACT, by="ana", at=NOW,
        )  # fmt: skip
    panel = "collections.in_contact"
    browser = await web.browser(SEE, ACT, f"{panel}:see", f"{panel}:act")

    page = await browser.get(f"/cobrancas/contas/{customer.id}/comentarios")

    assert "aberta ao confirmar o início do processo" in page.text
    assert f'href="/cobrancas/em-contato/confirmacao?ids={customer.id}"' in page.text
    assert "Inserir comentário" not in page.text
