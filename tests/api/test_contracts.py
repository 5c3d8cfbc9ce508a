"""The contract's wizard, page and JSON, without the engine."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from activities.activation import decide as decide_activation
from models.contract_drafts import ContractDraft
from models.contracts import Contract, put_in_stage
from models.customers import Customer
from models.invoice_contracts import InvoiceContract
from models.plans import PriceIndex
from models.readjustments import ContractReadjustment
from rules.activation import Activate
from rules.business_days import local_date
from rules.contracts import ContractStage
from tests import builders
from tests.contracts import a_plan, activated, activation_of, charges
from tests.support.web import NOW, Web

SEE, ACT, END = "contracts:see", "contracts:act", "contracts:end"
TODAY = date(2026, 11, 19)
DAY = timedelta(days=1)


@pytest.fixture
async def scene(web: Web) -> dict[str, int]:
    """A customer, and a plan to sell."""
    async with web.database.write() as session:
        customer = await builders.a_customer(session, email="ana@exemplo.test")
        plan = await a_plan(session)
        account = await builders.a_ledger_account(session)
    return {"customer": customer.id, "plan": plan.id, "account": account.id}


async def contracts(web: Web) -> list[Contract]:
    async with web.database.read() as session:
        return list(await session.exec(select(Contract)))


def hidden(text: str) -> dict[str, str]:
    """What the page carries from step to step."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
    return dict(found)


async def test_six_steps_lead_to_a_contract_and_keep_what_was_typed(web: Web, scene):
    browser = await web.browser(SEE, ACT)
    first = await browser.get("/contratos/novo", params={"cliente": scene["customer"]})
    assert "Em branco: 19/11/2026 (geral)" in first.text

    typed = {"plan_id": str(scene["plan"]), "ends_on": "2027-11-19"}
    answer = await browser.post(
        "/contratos/novo", data={**hidden(first.text), **typed, "go": "next"}
    )
    steps = [
        {"billing_method": "per_charge", "fiscal_document": "1", "notes": "Fundos"},
        {"setup_fee": "100,00", "setup_account_id": str(scene["account"])},
        {"welcome": "1"},
        {"wait_for_activation": "1", "minimum_term_months": "12", "minimum_term_fee": "300,00"},
    ]
    for fields in steps:
        assert answer.status_code == 200, answer.text
        answer = await browser.post(
            "/contratos/novo", data={**hidden(answer.text), **fields, "go": "next"}
        )
    summary = answer.text
    assert "Fibra 300" in summary
    assert "Dia 10" in summary
    assert "(padrão do plano)" in summary
    back = await browser.post("/contratos/novo", data={**hidden(summary), "go": "back"})
    assert 'value="300,00"' in back.text

    made = await browser.post(
        "/contratos/novo", data={**hidden(summary), "confirmed": "1", "go": "make"}
    )

    assert made.status_code == 303
    [contract] = await contracts(web)
    assert (contract.billing_method, contract.notes) == ("per_charge", "Fundos")
    assert (contract.setup_fee, contract.minimum_term_fee) == (Decimal(100), Decimal(300))
    assert contract.stage == "awaiting_activation"
    page = await browser.get(made.headers["location"])
    assert page.status_code == 200
    assert "Aguardando ativação" in page.text
    async with web.database.read() as session:
        assert (await session.exec(select(ContractDraft).order_by("id"))).all() == []


async def test_a_telephone_line_is_sold_step_by_step(web: Web, scene):
    browser = await web.browser(SEE, ACT)
    async with web.database.write() as session:
        plan = await a_plan(session, plan_type="telephony")
    answer = await browser.get("/contratos/novo", params={"cliente": scene["customer"]})
    nothing_to_sell = "Nenhum plano ativo deste tipo."
    for plan_type, is_told in (("telephony", False), ("tv", True)):
        typed = {**hidden(answer.text), "plan_type": plan_type, "go": "recalculate"}
        chosen = await browser.post("/contratos/novo", data=typed)
        assert (nothing_to_sell in chosen.text) is is_told
    steps = [
        {"plan_id": str(plan.id)}, {}, {"phone_terminal": "(11) 3333-4444"}, {}, {},
    ]  # fmt: skip
    for fields in steps:
        answer = await browser.post(
            "/contratos/novo", data={**hidden(answer.text), **fields, "go": "next"}
        )
    assert (answer.status_code, 'id="e-ignore_automatic_renewal"' in answer.text) == (422, True)

    ignored = {"ignore_automatic_renewal": "1"}
    summary = await browser.post(
        "/contratos/novo", data={**hidden(answer.text), **ignored, "go": "next"}
    )
    await browser.post(
        "/contratos/novo", data={**hidden(summary.text), "confirmed": "1", "go": "make"}
    )

    [contract] = await contracts(web)
    assert contract.phone_terminal == "1133334444"


async def test_without_the_tick_nothing_is_made(web: Web, scene):
    browser = await web.browser(SEE, ACT)
    form = {"cliente": str(scene["customer"]), "plan_id": str(scene["plan"]), "step": "6"}

    answer = await browser.post("/contratos/novo", data={**form, "go": "make"})

    assert answer.status_code == 200
    assert await contracts(web) == []


async def test_what_is_wrong_is_said_on_its_own_step(web: Web, scene):
    browser = await web.browser(SEE, ACT)
    form = {
        "cliente": str(scene["customer"]), "plan_id": str(scene["plan"]), "step": "6",
        "setup_fee": "50,00", "confirmed": "1", "go": "make",
    }  # fmt: skip

    answer = await browser.post("/contratos/novo", data=form)

    assert answer.status_code == 422
    assert 'id="e-setup_account_id"' in answer.text
    assert "assim que os campos indicados" in answer.text  # the plan is chosen by then
    assert await contracts(web) == []


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"welcome": "1", "welcome_to": "nada"}, "welcome_to", "O e-mail “nada” não é válido."),
        ({"phone_terminal": "12-34"}, "phone_terminal", "de 8 a 13 dígitos"),
        ({"phone_terminal": "(11) 3333-4444"}, "phone_terminal", "exige contrato de telefonia"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(web: Web, scene, typed, field, words):
    browser, program = await web.browser(SEE, ACT), await web.program(SEE, ACT, login="sistema")
    form = {"cliente": str(scene["customer"]), "plan_id": str(scene["plan"]), "step": "6"}

    answer = await browser.post(
        "/contratos/novo", data={**form, **typed, "confirmed": "1", "go": "make"}
    )
    told = await program.post(
        f"/api/customers/{scene['customer']}/contracts",
        json={"plan_id": scene["plan"], "welcome": False, **typed},
    )

    assert answer.status_code == told.status_code == 422
    said = re.search(rf'id="e-{field}"[^>]*>([^<]*)<', answer.text)
    assert said is not None
    assert words in said[1]
    assert field in told.text
    assert await contracts(web) == []


async def test_the_page_tells_how_the_price_is_readjusted(web: Web, scene):
    async with web.database.write() as session:
        plan = await a_plan(session, code="ANUAL")
        index = await builders.stored(session, PriceIndex(code="IGP-DI", name="IGP-DI"))
        contract = await activated(session, plan, at=NOW)
        contract.price_index_id, contract.data_base_month = index.id, 3
        contract.minimum_term_fee = Decimal(300)
        session.add(contract)
        number = contract.id
    browser = await web.browser(SEE)

    shown = (await browser.get(f"/contratos/{number}")).text

    assert "Mês da data-base" in shown
    assert "Se o índice cair" in shown
    assert "Multa de fidelidade" not in shown  # there is no term that it would be a fee of


async def test_a_price_that_is_to_come_is_told_beside_the_one_of_today(web: Web, scene):
    async with web.database.write() as session:
        index = await builders.stored(session, PriceIndex(code="IGP-DI", name="IGP-DI"))
        contract = await activated(session, await a_plan(session, code="ANUAL"), at=NOW)
        told = ContractReadjustment(
            contract_id=contract.key, month=local_date(NOW).replace(day=1), stage="told",
            price_index_id=index.id or 0, amount_before=contract.monthly_amount,
            amount=Decimal("112.68"), told_on=local_date(NOW), decided_at=NOW,
        )  # fmt: skip
        contract.monthly_amount = Decimal("112.68")
        session.add_all([told, contract])
    browser = await web.browser(SEE)

    shown = (await browser.get(f"/contratos/{contract.key}")).text.replace("\xa0", " ")
    program = await web.program(SEE)
    prices = (await program.get(f"/api/contracts/{contract.key}")).json()["prices"]

    assert [each["amount"] for each in prices] == ["100.00", "112.68"]
    assert prices[0]["since"] == f"{local_date(NOW)}"
    begins = date.fromisoformat(prices[1]["since"])
    assert "<strong>R$ 100,00</strong>" in shown
    assert f"passa a R$ 112,68 no período de {begins:%d/%m/%Y}" in shown


async def test_the_history_counts_the_setups_instalments_too(web: Web, scene):
    async with web.database.write() as session:
        contract = await activated(
            session, await a_plan(session, code="ADESAO"), at=NOW, setup_fee=Decimal(90),
            setup_instalments=3, setup_account_id=scene["account"],
        )  # fmt: skip
        number = contract.id
    browser = await web.browser(SEE)

    shown = (await browser.get(f"/contratos/{number}")).text

    assert "3 contas geradas, no total de R$\xa090,00." in shown.replace("&nbsp;", "\xa0")


async def test_a_wizard_that_was_left_is_taken_up_again(web: Web, scene):
    browser = await web.browser(SEE, ACT)
    form = {"cliente": str(scene["customer"]), "notes": "Portão azul", "step": "2", "go": "next"}
    await browser.post("/contratos/novo", data=form)

    again = await browser.get("/contratos/novo", params={"cliente": scene["customer"]})
    whom = await browser.get("/contratos/novo")
    dropped = await browser.post(f"/contratos/rascunhos/{scene['customer']}/descarte")
    after = await browser.get("/contratos/novo")

    assert "Portão azul" in again.text
    assert "Seus rascunhos" in whom.text
    assert dropped.status_code == 303
    assert "Seus rascunhos" not in after.text


async def test_the_customer_is_found_by_name_first(web: Web, scene):
    browser = await web.browser(SEE, ACT)

    answer = await browser.get("/contratos/novo", params={"cliente": "ana"})

    assert f"/contratos/novo?cliente={scene['customer']}" in answer.text


async def test_one_call_makes_a_contract(web: Web, scene):
    program = await web.program(SEE, ACT)
    path = f"/api/customers/{scene['customer']}/contracts"

    known = await program.post(f"{path}/preview", json={"plan_id": scene["plan"]})
    made = await program.post(path, json={"plan_id": scene["plan"], "wait_for_activation": False})

    assert known.json()["defaults"]["due_day_rule_id"]["source"] == "plan"
    assert made.status_code == 201
    found = (await program.get(f"/api/contracts/{made.json()['contract_id']}")).json()
    assert len(found["charges"]) == 12
    assert found["connections"][0]["state"] == "pending"


async def test_the_wizard_tells_what_will_be_charged(web: Web, scene):
    browser = await web.browser(SEE, ACT)
    first = await browser.get("/contratos/novo", params={"cliente": scene["customer"]})
    asked = {"plan_id": str(scene["plan"]), "setup_fee": "90,00", "setup_instalments": "3",
             "setup_account_id": str(scene["account"])}  # fmt: skip

    shown = await browser.post("/contratos/novo", data={**hidden(first.text), **asked, "step": "3"})

    lines = re.findall(r"<li><span>(.*?)<br>.*?vence em (\S+?)<.*?num\">(.*?)</span>", shown.text)
    assert lines[:3] == [
        ("Adesão, parcela 1", "10/12/2026", "R$\xa030,00"),
        ("Plano, 19/11/2026 a 18/12/2026", "10/12/2026", "R$\xa0100,00"),
        ("Adesão, parcela 2", "10/01/2027", "R$\xa030,00"),
    ]
    assert await contracts(web) == []


async def test_a_refusal_names_its_field_in_both_languages(web: Web, scene):
    program = await web.program(SEE, ACT)
    asked = {"plan_id": scene["plan"], "setup_fee": "10.00"}

    answer = await program.post(f"/api/customers/{scene['customer']}/contracts", json=asked)

    assert (answer.status_code, answer.json()["field"]) == (422, "setup_account_id")
    assert "ledger account" in answer.json()["detail_en"]


async def active(web: Web) -> Contract:
    async with web.database.write() as session:
        return await activated(session, await a_plan(session), at=NOW)


async def test_a_change_asked_for_today_is_in_effect_at_once(web: Web):
    contract = await active(web)
    browser = await web.browser(SEE, ACT)
    form = {"kind": "suspension", "starts_on": str(TODAY), "reason": "Viagem"}

    answer = await browser.post(f"/contratos/{contract.id}/alteracoes", data=form)

    assert answer.status_code == 303
    assert "Suspenso a pedido" in (await browser.get(f"/contratos/{contract.id}")).text


async def test_what_is_wrong_with_a_change_stands_beside_its_field(web: Web):
    contract = await active(web)
    browser = await web.browser(SEE, ACT)
    asked = {"kind": "suspension", "starts_on": "2026-11-18", "reason": "Viagem"}

    answer = await browser.post(f"/contratos/{contract.id}/alteracoes", data=asked)

    assert answer.status_code == 422
    assert 'id="e-suspension-starts_on">A data não pode ser anterior a 19/11/2026' in answer.text
    assert 'value="Viagem"' in answer.text
    assert '<details class="action" name="command" open>' in answer.text


async def test_an_amount_nobody_can_read_stands_beside_its_field(web: Web):
    contract = await active(web)
    browser = await web.browser(SEE, ACT)
    asked = {"description": "IP fixo", "amount": "trinta", "recurrence": "until_removed"}

    answer = await browser.post(f"/contratos/{contract.id}/servicos", data=asked)

    assert (answer.status_code, "e-service-amount" in answer.text) == (422, True)
    assert 'value="IP fixo"' in answer.text


async def test_a_button_that_comes_too_late_says_so_above_the_page(web: Web):
    contract = await active(web)
    browser = await web.browser(SEE, ACT)

    answer = await browser.post(f"/contratos/{contract.id}/servicos/99/retirada")

    assert (answer.status_code, f"Contrato {contract.code}" in answer.text) == (404, True)
    assert 'role="alert"' in answer.text


async def test_whoever_changed_it_first_is_named(web: Web):
    contract = await active(web)
    browser = await web.browser(SEE, ACT, login="rita")
    asked = {"kind": "suspension", "starts_on": str(TODAY), "version": "1"}

    answer = await browser.post(f"/contratos/{contract.id}/alteracoes", data=asked)

    assert (answer.status_code, "ana alterou este processo em" in answer.text) == (409, True)


async def test_an_older_version_is_refused(web: Web):
    contract = await active(web)
    program = await web.program(SEE, ACT)

    answer = await program.post(
        f"/api/contracts/{contract.id}/changes", json={"kind": "suspension", "version": 1}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "StaleVersion")


async def test_cancelling_takes_a_permission_of_its_own(web: Web):
    contract = await active(web)
    asked = {"kind": "cancellation", "reason": "Mudança"}
    path = f"/api/contracts/{contract.id}/changes"

    refused = await (await web.program(SEE, ACT)).post(path, json=asked)
    allowed = await (await web.program(SEE, ACT, END, login="chefe")).post(path, json=asked)

    assert (refused.status_code, allowed.status_code) == (403, 201)


async def test_plans_are_offered_with_what_a_period_costs(web: Web, scene):
    async with web.database.write() as session:
        yearly = {"name": "Fibra anual", "periodicity_months": 12, "amount": Decimal("1080.00")}
        plan = await a_plan(session, **yearly)
        await a_plan(session, name="Plano antigo", is_active=False)
        contract = await activated(session, plan, periodicity_months=3)
    browser = await web.browser(SEE, ACT)

    wizard = await browser.get("/contratos/novo", params={"cliente": scene["customer"]})
    page = await browser.get(f"/contratos/{contract.id}")

    assert "Fibra anual (R$\xa01.080,00, anual)" in wizard.text
    assert "Fibra anual (R$\xa0270,00, trimestral)" in page.text
    assert "Fibra 300 (R$\xa0300,00, trimestral)" in page.text
    assert "Plano antigo" not in wizard.text + page.text


async def test_a_service_is_added_and_removed(web: Web):
    contract = await active(web)
    browser = await web.browser(SEE, ACT)
    form = {"description": "IP fixo", "amount": "30,00", "recurrence": "until_removed"}
    path = f"/contratos/{contract.id}/servicos"

    added = await browser.post(path, data={**form, "starts_on": str(TODAY)})
    async with web.database.read() as session:
        assert len(await charges(session, contract, kind="service", status="open")) == 12
    removed = await browser.post(f"{path}/1/retirada", data={})

    assert (added.status_code, removed.status_code) == (303, 303)
    async with web.database.read() as session:
        assert await charges(session, contract, kind="service", status="open") == []


async def test_reviewed_charges_are_let_go(web: Web, scene):
    program = await web.program(SEE, ACT)
    asked = {"plan_id": scene["plan"], "billing_method": "per_charge", "review_charges": True}
    made = await program.post(f"/api/customers/{scene['customer']}/contracts", json=asked)
    async with web.database.write() as session:
        contract = await session.get_one(Contract, made.json()["contract_id"])
        case = await activation_of(session, contract)
        await decide_activation(session, case, Activate(by="ana"), NOW)
        waiting = await charges(session, contract, status="waiting")
    assert waiting

    answer = await program.post(f"/api/contracts/{contract.id}/charges/release")

    assert answer.json() == {"released": len(waiting)}


async def test_contracts_are_listed_by_stage(web: Web):
    contract = await active(web)
    browser = await web.browser(SEE)

    shown = await browser.get("/contratos", params={"situacao": "active"})
    hidden_ones = await browser.get("/contratos", params={"situacao": "cancelled"})

    assert contract.code in shown.text
    assert contract.code not in hidden_ones.text


async def test_a_program_lists_contracts_page_by_page(web: Web):
    contract = await active(web)
    async with web.database.write() as session:
        customer = await session.get_one(Customer, contract.customer_id)
        second = await builders.a_contract(session, customer, code="K2", monthly_amount=Decimal(7))
        other = await builders.a_customer(session, name="Outra", code="C-outra")
        await builders.a_contract(session, other, code="K3", stage=ContractStage.SUSPENDED)
    program = await web.program(SEE)

    async def listed(**asked):
        return (await program.get("/api/contracts", params=asked)).json()

    first = await listed(customer_id=customer.id, limit=1)
    rest = await listed(customer_id=customer.id, limit=1, cursor=first["next"])
    assert [each["code"] for each in (*first["items"], *rest["items"])] == ["K2", contract.code]
    assert (first["items"][0]["amount"], rest["next"]) == ("7.00", None)
    assert [each["code"] for each in (await listed(stage="suspended"))["items"]] == ["K3"]
    assert [each["code"] for each in (await listed(search="outra"))["items"]] == ["K3"]
    assert first["items"][0]["id"] == second.id
    elsewhere = await web.program("invoices:see", login="outro")
    assert (await elsewhere.get("/api/contracts")).status_code == 403


@pytest.mark.parametrize(
    "asked", [{"stage": "asleep"}, {"limit": 0}, {"cursor": "x"}, {"stag": "active"}], ids=str
)
async def test_a_list_of_contracts_that_cannot_be_is_refused(web: Web, asked):
    program = await web.program(SEE)

    assert (await program.get("/api/contracts", params=asked)).status_code in {400, 422}


async def test_the_signed_contract_is_kept_with_it(web: Web):
    contract = await active(web)
    browser = await web.browser(SEE, ACT)
    path = f"/contratos/{contract.id}/anexos"

    sent = await browser.post(
        path,
        data={"description": "Assinado"},
        files={"file": ("contrato.txt", b"de acordo", "text/plain")},
    )

    assert sent.status_code == 303
    assert "contrato.txt" in (await browser.get(path)).text


async def test_terms_are_edited_by_page_and_by_program(web: Web):
    contract = await active(web)
    browser, program = await web.browser(SEE, ACT), await web.program(SEE, ACT)
    path = f"/contratos/{contract.id}/condicoes"
    form = hidden((await browser.get(path)).text)
    asked = {
        "due_day_rule_id": str(contract.due_day_rule_id), "renewal_price": "by_plan",
        "ends_on": contract.ends_on.isoformat(), "billing_method": "grouped",
        "signed_on": contract.signed_on.isoformat(),
        "adhesion_date": contract.adhesion_date.isoformat(),
    }  # fmt: skip

    saved = await browser.post(path, data={**form, **asked, "notes": "Portaria 24 horas"})
    stale = await browser.post(path, data={**form, **asked, "notes": "Outra"})
    unknown = await program.put(
        f"/api/contracts/{contract.id}/terms",
        json={"due_day_rule_id": contract.due_day_rule_id, "ladder_id": 99},
    )

    put = await program.put(
        f"/api/contracts/{contract.id}/terms",
        json={"due_day_rule_id": contract.due_day_rule_id, "renewal_form": "successor"},
    )

    assert (saved.status_code, stale.status_code, unknown.status_code) == (303, 409, 422)
    assert unknown.json()["field"] == "ladder_id"
    assert put.json()["changed"] == ["notes", "renewal_form"]
    [kept] = await contracts(web)
    assert (kept.ends_on, kept.renewal_form) == (contract.ends_on, "successor")
    shown = (await browser.get(f"/contratos/{contract.id}")).text
    assert "Fazer um contrato sucessor" in shown
    assert "Condições alteradas: " in shown


async def test_a_blocked_contract_says_why_and_how_it_comes_back(web: Web):
    contract = await active(web)
    async with web.database.write() as session:
        blocked = await session.get_one(Contract, contract.id)
        put_in_stage(session, blocked, ContractStage.BLOCKED, by="system", at=NOW, reason="ladder")
    browser = await web.browser(SEE, ACT)

    shown = (await browser.get(f"/contratos/{contract.id}")).text

    assert "volta sozinho quando nada vencido o pedir mais" in shown
    assert "para “Bloqueado”: falta de pagamento, pela régua" in shown
    assert "Parcelas da adesão" not in shown

    async with web.database.write() as session:
        restored = await session.get_one(Contract, contract.id)
        put_in_stage(session, restored, ContractStage.ACTIVE, by="system", at=NOW, reason="ladder")

    shown = (await browser.get(f"/contratos/{contract.id}")).text

    assert "para “Ativo”: nada vencido pede mais o bloqueio" in shown


async def test_a_contract_with_an_overdue_invoice_says_that_the_ladder_goes_on(web: Web):
    contract = await active(web)
    browser = await web.browser(SEE, ACT, "collections.account:see")
    calm = (await browser.get(f"/contratos/{contract.id}")).text
    async with web.database.write() as session:
        customer = await session.get_one(Customer, contract.customer_id)
        shared = {"contract_id": contract.id, "ladder_next_on": date(2026, 12, 8)}
        late = await builders.an_invoice(session, customer, due_date=TODAY - DAY, **shared)
        await builders.an_invoice(session, customer, due_date=TODAY, **shared)

    shown = (await browser.get(f"/contratos/{contract.id}")).text
    reader = await (await web.browser(SEE, login="rui")).get(f"/contratos/{contract.id}")

    assert "Nada acontece sozinho neste contrato" in calm
    assert "Nada acontece sozinho neste contrato" not in shown
    assert f"A fatura {late.code} está vencida: a régua volta a ela em 08/12/2026." in shown
    assert f'href="/cadastros/regua/faturas/{late.id}"' in shown
    assert f'href="/cadastros/regua/faturas/{late.id}"' not in reader.text


async def test_an_overdue_invoice_of_several_contracts_is_told_on_the_page_of_each(web: Web):
    contract = await active(web)
    browser = await web.browser(SEE)
    async with web.database.write() as session:
        customer = await session.get_one(Customer, contract.customer_id)
        late = await builders.an_invoice(session, customer, due_date=TODAY - DAY)
        session.add(InvoiceContract(invoice_id=late.key, contract_id=contract.key))

    shown = (await browser.get(f"/contratos/{contract.id}")).text

    assert f"A fatura {late.code} está vencida: a régua diz o que vem." in shown


async def test_what_a_cancellation_would_do_is_told_by_page_and_by_program(web: Web):
    contract = await active(web)
    browser, program = await web.browser(SEE, ACT, END), await web.program(SEE, ACT, END)
    reader = await web.program(SEE, ACT, login="rui")
    path, api = f"/contratos/{contract.id}/cancelamento", f"/api/contracts/{contract.id}"

    told = await browser.get(f"{path}?starts_on={local_date(NOW)}")
    past = await browser.get(f"{path}?starts_on=2020-01-01")
    read = (await program.get(f"{api}/cancellation")).json()

    assert ("Fica a faturar" in told.text, "Contas canceladas" in told.text) == (True, True)
    assert "A data não pode ser anterior a" in past.text
    assert (read["on"], read["cancelled_charges"] > 0) == (str(local_date(NOW)), True)
    assert (await reader.get(f"{api}/cancellation")).status_code == 403
    assert (await program.get("/api/contracts/404/cancellation")).status_code == 404
    assert (await program.get(api)).json()["stage"] == "active"
