"""Customers by hand: the list, the form, a customer's page, and the same for programs."""

from __future__ import annotations

import re
from decimal import Decimal

from sqlmodel import select

from models.customers import Customer
from models.people import AuditEntry
from tests import builders
from tests.contracts import a_plan, activated
from tests.support.web import NOW, Web

SEE, ACT, WHOLE = "customers:see", "customers:act", "documents:whole"
ANA = {"name": "Ana Souza", "document": "529.982.247-25", "mobile": "(81) 98765-4321"}


async def customers(web: Web) -> list[Customer]:
    async with web.database.read() as session:
        return list(await session.exec(select(Customer).order_by(Customer.id)))


async def test_a_customer_is_registered_and_given_a_code(web: Web) -> None:
    browser = await web.browser(SEE, ACT)

    answer = await browser.post("/clientes/novo", data=ANA)

    [made] = await customers(web)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/clientes/{made.id}")
    assert (made.code, made.document, made.mobile) == (
        f"C{made.id:06}", "52998224725", "+5581987654321",
    )  # fmt: skip


async def test_a_known_cpf_names_its_customer(web: Web) -> None:
    browser = await web.browser(SEE, ACT)
    await browser.post("/clientes/novo", data={**ANA, "code": "K-7"})

    again = await browser.post("/clientes/novo", data={**ANA, "name": "Outra Ana"})

    assert (again.status_code, len(await customers(web))) == (422, 1)
    assert "já é do cliente Ana Souza, de código K-7" in again.text
    assert 'id="e-document"' in again.text
    assert 'value="Outra Ana"' in again.text


async def test_a_code_is_one_customers(web: Web) -> None:
    program = await web.program(SEE, ACT)
    cnpj = "11.222.333/0001-81"
    await program.post("/api/customers", json={**ANA, "code": "K-7"})

    taken = await program.post("/api/customers", json={**ANA, "document": cnpj, "code": "K-7"})

    assert (taken.status_code, taken.json()["field"]) == (422, "code")


async def test_whoever_sees_no_whole_cpf_changes_the_rest(web: Web) -> None:
    browser = await web.browser(SEE, ACT)
    await browser.post("/clientes/novo", data=ANA)
    [ana] = await customers(web)
    form = await browser.get(f"/clientes/{ana.id}/cadastro")
    seen = re.search(r'name="seen" value="(\w+)"', form.text)[1]
    asked = {**ANA, "document": "111.444.777-35", "city": "Olinda", "seen": seen}

    answer = await browser.post(f"/clientes/{ana.id}/cadastro", data=asked)

    [changed] = await customers(web)
    assert answer.status_code == 303
    assert (changed.city, changed.document) == ("Olinda", "52998224725")
    async with web.database.read() as session:
        entries = await session.exec(
            select(AuditEntry).where(AuditEntry.action == "customer.change")
        )
        assert entries.one().details == {"fields": ["city"]}


async def test_of_two_who_change_a_customer_the_second_looks_again(web: Web) -> None:
    browser = await web.browser(SEE, ACT)
    await browser.post("/clientes/novo", data=ANA)
    [ana] = await customers(web)

    stale = await browser.post(f"/clientes/{ana.id}/cadastro", data={**ANA, "seen": "older"})

    assert (stale.status_code, "Outra pessoa alterou este cliente" in stale.text) == (409, True)


async def test_a_program_changes_a_customer(web: Web) -> None:
    program = await web.program(SEE, ACT, WHOLE)
    made = (await program.post("/api/customers", json=ANA)).json()

    changed = await program.put(f"/api/customers/{made['id']}", json={**ANA, "uf": "pe"})
    read = (await program.get(f"/api/customers/{made['id']}")).json()

    assert (changed.status_code, read["uf"], read["document"]) == (200, "PE", "529.982.247-25")
    assert (await program.put("/api/customers/99", json=ANA)).status_code == 404


async def test_the_page_leads_to_what_may_be_seen(web: Web) -> None:
    async with web.database.write() as session:
        contract = await activated(session, await a_plan(session), at=NOW)
        customer = await session.get_one(Customer, contract.customer_id)
        invoice = await builders.an_invoice(session, customer, "80.00", open_amount=Decimal(30))
    path = f"/clientes/{customer.id}"

    little = (await (await web.browser(SEE)).get(path)).text
    more = (
        await (await web.browser(SEE, "contracts:see", "invoices:see", login="rita")).get(path)
    ).text

    assert contract.code not in little
    assert f'href="/contratos/{contract.id}"' in more
    assert f'href="/cobrancas/faturas/{invoice.id}"' in more
    assert "1 em aberto, R$\xa030,00" in more


async def test_customers_are_found_by_name_code_and_document(web: Web) -> None:
    browser = await web.browser(SEE, ACT)
    await browser.post("/clientes/novo", data={**ANA, "code": "K-7"})

    for asked in ("souza", "k-7", "529.982"):
        assert "Ana Souza" in (await browser.get("/clientes", params={"busca": asked})).text
    other = await browser.get("/clientes", params={"busca": "lima"})
    assert "Ana Souza" not in other.text


async def test_programs_read_customers_page_by_page(web: Web) -> None:
    program = await web.program(SEE, ACT)
    await program.post("/api/customers", json={**ANA, "code": "K-7"})
    other = {"name": "Rui Lima", "document": "111.444.777-35"}
    await program.post("/api/customers", json=other)

    every = (await program.get("/api/customers")).json()
    later = (await program.get("/api/customers", params={"after": every[0]["id"]})).json()
    found = (await program.get("/api/customers", params={"search": "529.982"})).json()

    assert [each["name"] for each in every] == ["Ana Souza", "Rui Lima"]
    assert [each["name"] for each in later] == ["Rui Lima"]
    assert [each["code"] for each in found] == ["K-7"]
    assert found[0]["document"] == "***.982.247-**"


async def test_the_people_of_a_customer_are_kept_changed_and_removed(web: Web) -> None:
    async with web.database.write() as session:
        mine = await builders.a_customer(session, name="Padaria Aurora")
        other = await builders.a_customer(session)
    browser = await web.browser("customers:see", "customers:act")
    program = await web.program("customers:see", "customers:act", "tickets:see")
    path = f"/clientes/{mine.id}/contatos"

    made = await browser.post(path, data={"name": "Rui", "email": "Rui@Aurora.test"})
    again = {"name": "Rui Lima", "email": "rui@aurora.test", "is_administrator": True}
    changed = await program.post(f"/api/customers/{mine.id}/contacts", json=again)
    shown = (await browser.get(path)).text
    bad = await browser.post(path, data={"name": "", "email": "x"})
    listed = (await program.get(f"/api/customers/{mine.id}/contacts")).json()
    strange = await program.delete(f"/api/customers/{other.id}/contacts/{listed[0]['id']}")
    gone = await browser.post(f"{path}/{listed[0]['id']}/remocao")

    assert (made.status_code, changed.status_code, bad.status_code) == (303, 201, 422)
    assert [(each["name"], each["is_administrator"]) for each in listed] == [("Rui Lima", True)]
    assert "administrador" in shown
    assert (strange.status_code, gone.status_code) == (404, 303)
    assert "Nenhum contato ainda" in (await browser.get(path)).text
