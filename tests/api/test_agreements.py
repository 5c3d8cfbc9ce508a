"""The agreement wizard and the JSON beside it, through the running engine."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from models.agreements import Agreement
from models.invoices import Invoice
from models.outbox import start_case
from rules.business_days import local_date
from tests.builders import (
    a_category,
    a_collections_case,
    a_customer,
    a_ledger_account,
    a_payment_profile,
    an_invoice,
)
from tests.conftest import House
from tests.support.web import Web

PERMISSIONS = (
    "agreements:see",
    "agreements:act",
    "collections.account:see",
    "collections.account:act",
)


@pytest.fixture
def web(running: Web) -> Web:
    return running


@pytest.fixture
async def debt(house: House) -> dict[str, int]:
    """A customer who owes 600 and 400, both awaiting negotiation, and the registries' entries."""
    at = house.clock.now
    async with house.database.write() as session:
        customer = await a_customer(session)
        invoices = [
            await an_invoice(
                session, customer, amount=amount, collection_stage="negotiating", stage_since=at
            )
            for amount in ("600.00", "400.00")
        ]
        category = await a_category(session)
        ledger = await a_ledger_account(session)
        profile = await a_payment_profile(session)
        case = await a_collections_case(session, customer, at=at)
        start_case(session, case, at=at)
    await house.clock.settle()
    return {
        "customer": customer.id, "first": invoices[0].id, "second": invoices[1].id,
        "category": category.id, "ledger": ledger.id, "profile": profile.id,
    }  # fmt: skip


def proposal(debt: dict[str, int], house: House, **changes: str) -> dict[str, object]:
    """The worked example of the specification, as the form sends it."""
    today = local_date(house.clock.now)
    ledger = str(debt["ledger"])
    return {
        "ids": [str(debt["first"]), str(debt["second"])], "agreement_kind": "proposal",
        "tolerance_date": str(today + timedelta(days=90)), "category_id": str(debt["category"]),
        "increase_percent": "5,00", "fine_percent": "2,00", "discount": "10,00",
        "charges": "5,00", "fees": "10,00", "increase_account_id": ledger,
        "fine_account_id": ledger, "discount_account_id": ledger, "charges_account_id": ledger,
        "fees_account_id": ledger, "count": "3", "first_due": str(today + timedelta(days=10)),
        "payment_profile_id": str(debt["profile"]), "description": "Acordo", "step": "2", **changes,
    }  # fmt: skip


async def test_the_worked_example_is_made_step_by_step(
    house: House, web: Web, debt: dict[str, int]
) -> None:
    browser = await web.browser(*PERMISSIONS)
    path = f"/cobrancas/contas/{debt['customer']}/acordo"

    first = await browser.get(path, params={"ids": [debt["first"], debt["second"]]})
    assert first.status_code == 200
    assert "R$\xa01.000,00" in first.text

    second = await browser.post(path, data=proposal(debt, house, go="next"))
    assert second.status_code == 200
    assert "R$\xa01.075,00" in second.text
    for amount in ("381,67", "346,67", "346,66"):
        assert f'value="{amount}"' in second.text

    made = await browser.post(
        path, data=proposal(debt, house, go="make", step="4", confirm_new_invoice="1")
    )
    assert made.status_code == 303, made.text
    async with house.database.read() as session:
        agreement = (await session.exec(select(Agreement))).one()
        new = await session.exec(
            select(Invoice.amount).where(Invoice.status == "open").order_by(Invoice.due_date)
        )
        assert [str(amount) for amount in new] == ["381.67", "346.67", "346.66"]
    assert str(agreement.total) == "1075.00"

    listed = await browser.get(made.headers["location"])
    assert listed.status_code == 200
    assert f"/cobrancas/acordos/{agreement.id}" in listed.text
    shown = await browser.get(f"/cobrancas/acordos/{agreement.id}")
    assert shown.status_code == 200


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"tolerance_date": "2020-01-01"}, "tolerance_date"),
        ({"fees_account_id": ""}, "fees_account_id"),
        ({"discount": "-1,00"}, "discount"),
        ({"discount": "1,005"}, "discount"),
        ({"category_id": ""}, "category_id"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    house: House, web: Web, debt: dict[str, int], changes: dict[str, str], told: str
) -> None:
    browser = await web.browser(*PERMISSIONS)

    answer = await browser.post(
        f"/cobrancas/contas/{debt['customer']}/acordo",
        data=proposal(debt, house, go="next", **changes),
    )

    assert answer.status_code == 422
    assert f'id="e-{told}"' in answer.text
    is_without_total = 'id="total"' not in answer.text
    assert ("O total aparece aqui assim que" in answer.text) is is_without_total


async def test_a_tolerance_before_the_last_instalment_is_mended_where_it_shows(
    house: House, web: Web, debt: dict[str, int]
) -> None:
    browser = await web.browser(*PERMISSIONS)
    early = str(local_date(house.clock.now) + timedelta(days=20))

    answer = await browser.post(
        f"/cobrancas/contas/{debt['customer']}/acordo",
        data=proposal(debt, house, go="next", step="3", tolerance_date=early),
    )

    assert answer.status_code == 422
    assert 'id="f-tolerance_date"' in answer.text
    assert answer.text.count('id="e-tolerance_date"') == 1
    assert answer.text.count('name="tolerance_date"') == 1


async def test_what_is_wrong_on_another_step_is_told_too(
    house: House, web: Web, debt: dict[str, int]
) -> None:
    browser = await web.browser(*PERMISSIONS)

    answer = await browser.post(
        f"/cobrancas/contas/{debt['customer']}/acordo",
        data=proposal(
            debt, house, go="make", step="4", confirm_new_invoice="1", category_id="999999"
        ),
    )

    assert answer.status_code == 422
    assert 'id="e-category_id"' in answer.text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"tolerance_date": "2020-01-01", "category_id": "", "fees_account_id": "",
             "discount": "-1,00"},
            ["tolerance_date", "category_id", "fees_account_id", "discount"],
        ),
        (
            {"tolerance_date": "", "category_id": "", "charges": "abc", "fees_account_id": ""},
            ["tolerance_date", "category_id", "charges", "fees_account_id"],
        ),
        ({"step": "3", "count": "0", "first_due": "x"},
         ["count", "first_due"]),
    ],
)  # fmt: skip
async def test_everything_that_is_wrong_is_told_at_once(
    house: House, web: Web, debt: dict[str, int], changes: dict[str, str], told: list[str]
) -> None:
    browser = await web.browser(*PERMISSIONS)

    answer = await browser.post(
        f"/cobrancas/contas/{debt['customer']}/acordo",
        data=proposal(debt, house, go="next", **changes),
    )

    assert answer.status_code == 422
    assert [name for name in told if f'id="e-{name}"' in answer.text] == told


async def test_instalments_that_do_not_add_up_are_refused(
    house: House, web: Web, debt: dict[str, int]
) -> None:
    browser = await web.browser(*PERMISSIONS)
    today = local_date(house.clock.now)
    rows = {
        "row_due": [str(today + timedelta(days=10)), str(today + timedelta(days=40))],
        "row_amount": ["500,00", "500,00"],
    }

    answer = await browser.post(
        f"/cobrancas/contas/{debt['customer']}/acordo",
        data=proposal(debt, house, go="make", step="4", confirm_new_invoice="1", **rows),
    )

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    async with house.database.read() as session:
        assert (await session.exec(select(Agreement).order_by("id"))).all() == []


async def test_every_tab_of_the_account_answers(
    house: House, web: Web, debt: dict[str, int]
) -> None:
    browser = await web.browser(*PERMISSIONS, "tasks:act")
    path = f"/cobrancas/contas/{debt['customer']}"
    for tab in (
        "",
        "/historico",
        "/faturas",
        "/comentarios",
        "/emails",
        "/sms",
        "/tarefas",
        "/acordos",
    ):
        answer = await browser.get(path + tab)
        assert answer.status_code == 200, (tab, answer.text)

    async with house.database.write() as session:
        other = await a_customer(session)
    nothing = await browser.get(f"/cobrancas/contas/{other.id}")
    assert "As que já têm um estão em Acordos" in nothing.text


async def test_without_permission_nothing_is_shown_or_done(web: Web, debt: dict[str, int]) -> None:
    browser = await web.browser("tasks:see", login="outra")
    path = f"/cobrancas/contas/{debt['customer']}"

    assert (await browser.get(path)).status_code == 403
    assert (await browser.post(f"{path}/acordo", data={})).status_code == 403


async def test_a_program_makes_an_agreement_and_repeats_it_harmlessly(
    house: House, web: Web, debt: dict[str, int]
) -> None:
    program = await web.program(*PERMISSIONS)
    today = local_date(house.clock.now)
    body = {
        "ids": [debt["first"]], "agreement_kind": "unchanged",
        "tolerance_date": str(today + timedelta(days=5)), "category_id": debt["category"],
        "command_id": "once",
    }  # fmt: skip
    path = f"/api/collections/customers/{debt['customer']}/agreements"

    first = await program.post(path, json=body)
    again = await program.post(path, json=body)
    taken = await program.post(path, json={**body, "command_id": "twice"})

    assert first.status_code == 201, first.text
    assert first.json() == again.json()
    assert taken.status_code == 422
    assert taken.json()["code"] == "PickedInvoiceInAgreement"


async def test_a_command_id_is_the_callers_own_word_for_one_request(
    house: House, web: Web, debt: dict[str, int]
) -> None:
    program = await web.program(*PERMISSIONS)
    async with house.database.write() as session:
        other = await a_customer(session)
        await a_collections_case(session, other, at=house.clock.now)
    body = {
        "ids": [debt["first"]], "agreement_kind": "unchanged",
        "tolerance_date": str(local_date(house.clock.now) + timedelta(days=5)),
        "category_id": debt["category"], "command_id": "1",
    }  # fmt: skip
    path = "/api/collections/customers/{}/agreements"

    made = await program.post(path.format(debt["customer"]), json=body)
    elsewhere = await program.post(path.format(other.id), json=body)

    assert made.status_code == 201
    assert elsewhere.status_code == 422, elsewhere.text


@pytest.mark.parametrize(
    ("changes", "status"), [({"step": "x"}, 200), ({"ids": ["x"]}, 422), ({"count": "x"}, 422)]
)
async def test_a_form_that_cannot_be_read_is_an_answer_not_a_fault(
    house: House, web: Web, debt: dict[str, int], changes: dict[str, object], status: int
) -> None:
    browser = await web.browser(*PERMISSIONS)

    answer = await browser.post(
        f"/cobrancas/contas/{debt['customer']}/acordo",
        data={**proposal(debt, house, go="next"), **changes},
    )

    assert answer.status_code == status


async def test_the_wizard_of_nobody_is_not_found(
    house: House, web: Web, debt: dict[str, int]
) -> None:
    browser = await web.browser(*PERMISSIONS)

    answer = await browser.post("/cobrancas/contas/999999/acordo", data=proposal(debt, house))

    assert answer.status_code == 404
