"""An agreement's page: its head and history, ends by hand, and what others did meanwhile."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from activities import collections
from models.cases import Case, case_of, record_event
from models.outbox import start_case
from models.people import User
from rules.agreement_terms import AgreementKind, MakeAgreement
from rules.business_days import local_date
from rules.cases import Process
from tests import builders
from tests.conftest import House
from tests.support.agreements import Scene, invoices_of
from tests.support.web import Web

PERMISSIONS = ("agreements:see", "agreements:act", "collections.account:see")


@pytest.fixture
def web(running: Web) -> Web:
    return running


@pytest.fixture
async def agreement(house: House) -> Case:
    """An agreement that Giane Souza made today, kept until tomorrow."""
    at = house.clock.now
    async with house.database.write() as session:
        session.add(User(login="giane", name="Giane Souza", created_at=at))
        customer = await builders.a_customer(session)
        invoice = await builders.an_invoice(session, customer)
        category = await builders.a_category(session, name="Acordo à vista")
        account = await builders.a_collections_case(session, customer, at=at)
        command = MakeAgreement(
            by="giane", invoice_ids=(invoice.key,), agreement_kind=AgreementKind.UNCHANGED,
            tolerance_date=local_date(at) + timedelta(days=1), category_id=category.id,
        )  # fmt: skip
        made = await collections.decide(session, account, command, at)
        start_case(session, account, at=at)
        case = await case_of(session, process=Process.AGREEMENTS, subject_id=made["agreement_id"])
    assert case is not None
    await house.clock.settle()
    return case


def path_of(case: Case) -> str:
    return f"/cobrancas/acordos/{case.subject_id}"


async def test_it_has_head_history_and_names(web: Web, agreement: Case) -> None:
    browser = await web.browser(*PERMISSIONS)

    page = (await browser.get(path_of(agreement))).text

    assert 'class="stage-strip"' in page
    assert "O que acontece agora" in page
    assert "Giane Souza" in page
    assert ">giane<" not in page
    assert "Acordo à vista" in page
    account = f"/cobrancas/contas/{agreement.customer_id}/faturas"
    assert f'href="{account}?fatura=1"' in page
    assert (await browser.get(f"{account}?fatura=1")).text.count("history-icon") == 1
    assert (await browser.get(f"{account}?fatura=2")).text.count("history-icon") == 0


async def test_who_ends_it_goes_on_where_its_invoices_await_another(
    web: Web, agreement: Case
) -> None:
    form = {"reason": "Cliente pediu"}
    account = f"/cobrancas/contas/{agreement.customer_id}"
    alone = await web.browser("agreements:see", "agreements:act", login="alone")

    refused = await alone.post(f"{path_of(agreement)}/cancelamento", data={"reason": ""})
    browser = await web.browser(*PERMISSIONS)
    done = await browser.post(f"{path_of(agreement)}/cancelamento", data=form)

    assert refused.status_code == 422
    assert (done.status_code, done.headers["location"]) == (303, account)
    assert 'name="ids" value="1"' in (await browser.get(account)).text
    assert (await browser.post("/cobrancas/acordos/99/renegociacao")).status_code == 404


async def test_the_account_tells_what_its_agreement_does_next(web: Web, agreement: Case) -> None:
    browser = await web.browser(*PERMISSIONS)

    page = (await browser.get(f"/cobrancas/contas/{agreement.customer_id}")).text

    assert "Nada acontece sozinho" not in page
    assert f"Acordo {agreement.subject_id}: " in page


async def test_a_refused_cancellation_stands_beside_its_field(web: Web, agreement: Case) -> None:
    browser = await web.browser(*PERMISSIONS)

    answer = await browser.post(f"{path_of(agreement)}/cancelamento", data={"reason": " "})

    assert answer.status_code == 422
    assert 'id="e-reason"' in answer.text
    assert '<details class="action d-print-none" open>' in answer.text


async def test_it_is_cancelled_with_a_reason(house: House, web: Web, agreement: Case) -> None:
    browser = await web.browser(*PERMISSIONS)

    answer = await browser.post(
        f"{path_of(agreement)}/cancelamento", data={"reason": "Engano", "seen_version": "1"}
    )

    assert answer.status_code == 303
    shown = (await browser.get(path_of(agreement))).text
    assert "Cancelado" in shown
    assert "Engano" in shown


@pytest.mark.parametrize("end", ["cancelamento", "renegociacao", "restauracao"])
async def test_what_changed_meanwhile_is_not_touched_unseen(
    house: House, web: Web, agreement: Case, end: str
) -> None:
    browser = await web.browser(*PERMISSIONS)
    await house.clock.forward(days=3)  # it is broken by now

    answer = await browser.post(
        f"{path_of(agreement)}/{end}", data={"reason": "Engano", "seen_version": "1"}
    )

    assert answer.status_code == 409
    assert "Outra pessoa alterou" in answer.text
    assert "Não cumprido" in answer.text


async def test_an_open_page_is_told_what_others_did(
    house: House, web: Web, agreement: Case
) -> None:
    browser = await web.browser(*PERMISSIONS)
    page = (await browser.get(path_of(agreement))).text
    asks = page.split('hx-get="')[1].split('"')[0]
    async with house.database.write() as session:
        stored = await session.get_one(Case, agreement.id)
        record_event(session, stored, kind="message_sent", by="system", at=web.now, channel="email")
    before = (await browser.get(asks)).text
    async with house.database.write() as session:
        stored = await session.get_one(Case, agreement.id)
        at = web.now - timedelta(minutes=1)
        record_event(session, stored, kind="reopened", by="giane", at=at, stage="broken")

    told = (await browser.get(asks)).text

    assert asks.startswith(f"/casos/{agreement.id}/novidade?vista=")
    assert before == ""
    assert "Atualizado por Giane Souza" in told
    assert "há 1 minuto" in told
    assert "Recarregar" in told
    assert (await (await web.browser("tasks:see", login="bia")).get(asks)).status_code == 403


async def test_a_proposal_tells_how_its_total_came_about_and_what_is_left(web: Web) -> None:
    async with web.database.write() as session:
        scene = await Scene(session).set()
        made = await scene.make(scene.proposal())
        first = (await invoices_of(session, made))[0]
        await builders.pay(session, first)
    browser = await web.browser(*PERMISSIONS, "invoices:see")

    page = (await browser.get(f"/cobrancas/acordos/{made.id}")).text

    told = dict(re.findall(r'<dt[^>]*>([^<]+)</dt><dd class="num[^"]*">R\$\xa0([^<]+)</dd>', page))
    assert told["Principal"] == "1.000,00"
    assert (told["+ Acréscimo"], told["+ Multa"]) == ("50,00", "20,00")
    assert [told[name] for name in told if name.endswith("Descontos")] == ["10,00"]
    assert (told["+ Encargos"], told["+ Honorários"]) == ("5,00", "10,00")
    assert told["= Total"] == "1.075,00"
    assert (told["Pago"], told["Falta pagar"]) == ("381,67", "693,33")
    assert f'href="/cobrancas/faturas/{first.id}"' in page
    assert page.index("parcela 3") < page.index(">original<")  # what is to be paid comes first
