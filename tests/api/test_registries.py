"""Registries: strict both ways, unique, audited, never deleted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from activities.index_asking import ask_for_months
from models.carriers import Carrier
from models.people import AuditEntry
from models.plans import PriceIndex, PriceIndexMonth, SlaTable, SlaTarget
from models.registries import PaymentProfile
from models.tasks import Task
from tests.builders import stored
from tests.support.web import NOW, Web

TYPED = {
    "code": "boleto",
    "name": "Boleto",
    "bank": "341",
    "fine_percent": "2,00",
    "interest_percent": "1,5",
    "is_active": "1",
}


async def profiles(web: Web):
    async with web.database.read() as session:
        return (await session.exec(select(PaymentProfile).order_by("id"))).all()


async def test_percentages_are_read_as_they_are_written(web: Web):
    browser = await web.browser("registries:edit", "registries:see")

    answer = await browser.post("/cadastros/profiles-de-pagamento/novo", data=TYPED)

    assert answer.status_code == 303
    [profile] = await profiles(web)
    assert (profile.fine_percent, profile.interest_percent) == (Decimal(2), Decimal("1.5"))


async def test_saving_a_form_unchanged_changes_nothing(web: Web):
    browser = await web.browser("registries:edit", "registries:see")
    await browser.post("/cadastros/profiles-de-pagamento/novo", data=TYPED)
    [before] = await profiles(web)
    path = f"/cadastros/profiles-de-pagamento/{before.id}"
    page = (await browser.get(path)).text
    assert 'value="2,00"' in page

    await browser.post(path, data=TYPED | {"fine_percent": "2,00", "interest_percent": "1,50"})

    [after] = await profiles(web)
    assert after == before


@pytest.mark.parametrize("typed", ["2.00", "1.5", "dois", "2,005", "-1", "11", "1e1", "NaN"])
async def test_a_percentage_written_otherwise_is_refused(web: Web, typed):
    browser = await web.browser("registries:edit")

    answer = await browser.post(
        "/cadastros/profiles-de-pagamento/novo", data=TYPED | {"fine_percent": typed}
    )

    assert answer.status_code == 422
    assert 'id="e-fine_percent"' in answer.text
    assert await profiles(web) == []


async def test_a_code_in_use_is_refused_beside_its_field(web: Web):
    browser = await web.browser("registries:edit")
    await browser.post("/cadastros/profiles-de-pagamento/novo", data=TYPED)

    answer = await browser.post("/cadastros/profiles-de-pagamento/novo", data=TYPED)

    assert answer.status_code == 422
    assert 'id="e-code"' in answer.text
    assert "Já existe um cadastro com o valor boleto" in answer.text


async def test_programs_write_amounts_with_a_point_and_never_as_floats(web: Web):
    program = await web.program("registries:edit", "registries:see")
    path = "/api/registries/profiles-de-pagamento"

    made = await program.post(path, json={"code": "pix", "name": "Pix", "fine_percent": "1.50"})
    refused = await program.post(path, json={"code": "x", "name": "X", "fine_percent": 1.5})

    assert made.status_code == 201
    assert (await program.get(path)).json()[0]["fine_percent"] == "1.50"
    assert refused.status_code == 422


async def test_a_change_is_audited_with_before_and_after(web: Web):
    browser = await web.browser("registries:edit")
    await browser.post("/cadastros/profiles-de-pagamento/novo", data=TYPED)
    [profile] = await profiles(web)

    await browser.post(
        f"/cadastros/profiles-de-pagamento/{profile.id}", data=TYPED | {"name": "Boleto Itaú"}
    )

    async with web.database.read() as session:
        entries = (await session.exec(select(AuditEntry).order_by("id"))).all()
    changed = entries[-1].details
    assert (changed["before"]["name"], changed["after"]["name"]) == ("Boleto", "Boleto Itaú")


async def test_a_row_is_made_inactive_and_stays_in_the_list(web: Web):
    browser = await web.browser("registries:edit", "registries:see")
    await browser.post("/cadastros/feriados/novo", data={"day": "2026-12-08", "name": "Padroeira"})

    page = (await browser.get("/cadastros/feriados?situacao=inativos")).text

    assert "08/12/2026" in page


async def test_an_unknown_registry_is_not_found(web: Web):
    browser = await web.browser("registries:see")

    assert (await browser.get("/cadastros/nenhum")).status_code == 404
    assert (await browser.get("/cadastros/feriados/99")).status_code == 404


BANKED = TYPED | {
    "bank": "001", "branch": "4042", "account": "61900", "agreement": "1238798", "wallet": "18",
    "first_number": "1001", "pix_key": "financeiro@provedor.com.br", "is_default": "1",
}  # fmt: skip


async def test_a_profile_says_where_boletos_and_pix_are_credited(web: Web):
    browser = await web.browser("registries:edit", "registries:see")

    answer = await browser.post("/cadastros/profiles-de-pagamento/novo", data=BANKED)

    assert answer.status_code == 303
    [profile] = await profiles(web)
    assert (profile.branch, profile.agreement, profile.first_number) == ("4042", "1238798", 1001)
    assert (profile.pix_key, profile.is_default) == ("financeiro@provedor.com.br", True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12.abc.345/01de-35", "12ABC34501DE35"),
        ("529.982.247-25", "52998224725"),
        (" financeiro@provedor.com.br ", "financeiro@provedor.com.br"),
    ],
)
async def test_a_pix_key_is_kept_as_the_central_bank_has_it(web: Web, typed, kept):
    browser = await web.browser("registries:edit", "registries:see")

    answer = await browser.post(
        "/cadastros/profiles-de-pagamento/novo", data=BANKED | {"pix_key": typed}
    )

    assert answer.status_code == 303
    assert [each.pix_key for each in await profiles(web)] == [kept]


CARRIER = {"code": "claro", "name": "Claro", "is_active": "1"}


async def test_a_carriers_cnpj_is_typed_as_any_other(web: Web):
    browser = await web.browser("registries:edit", "registries:see")
    path = "/cadastros/operadoras/novo"

    refused = [
        await browser.post(path, data=CARRIER | {"cnpj": wrong})
        for wrong in ("12.abc.345/01de-36", "529.982.247-25", "1")
    ]
    done = await browser.post(path, data=CARRIER | {"cnpj": "12.abc.345/01de-35"})

    assert [each.status_code for each in refused] == [422, 422, 422]
    assert all('id="e-cnpj"' in each.text for each in refused)
    assert done.status_code == 303
    assert [each.cnpj for each in await web.rows(Carrier)] == ["12ABC34501DE35"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"agreement": ""}, "agreement"),
        ({"wallet": "x"}, "wallet"),
        ({"branch": ""}, "branch"),
        ({"bank": "999"}, "bank"),
        ({"pix_key": "somebody"}, "pix_key"),
        ({"first_number": "0"}, "first_number"),
    ],
)
async def test_a_profile_that_could_make_no_boleto_is_refused_beside_its_field(web, typed, field):
    browser = await web.browser("registries:edit")

    answer = await browser.post("/cadastros/profiles-de-pagamento/novo", data=BANKED | typed)

    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert await profiles(web) == []


async def test_there_is_one_default_profile(web: Web):
    browser = await web.browser("registries:edit", "registries:see")
    await browser.post("/cadastros/profiles-de-pagamento/novo", data=BANKED)
    [first] = await profiles(web)

    second = await browser.post(
        "/cadastros/profiles-de-pagamento/novo", data=BANKED | {"code": "outro"}
    )
    again = await browser.post(f"/cadastros/profiles-de-pagamento/{first.id}", data=BANKED)

    assert second.status_code == 422
    assert 'id="e-is_default"' in second.text
    assert again.status_code == 303


async def test_a_plan_is_chosen_from_words_and_other_registries(web: Web):
    browser = await web.browser("registries:edit", "registries:see")
    rule = {"code": "d10", "name": "Dia 10", "due_day": "10", "days_before": "10"}
    await browser.post("/cadastros/regras-de-vencimento/novo", data=rule | {"is_active": "1"})
    plan = {
        "code": "f300", "name": "Fibra 300", "plan_type": "internet", "amount": "89,90",
        "periodicity_months": "1", "minimum_term_months": "12", "due_day_rule_id": "1",
        "is_active": "1",
    }  # fmt: skip

    made = await browser.post("/cadastros/planos/novo", data=plan)

    assert made.status_code == 303
    rows = (await browser.get("/cadastros/planos")).text
    assert "Mensal" in rows
    assert "12 meses" in rows
    form = (await browser.get("/cadastros/planos/1")).text
    assert '<option value="1" selected>Dia 10</option>' in form


async def test_bills_that_come_too_late_are_refused(web: Web):
    browser = await web.browser("registries:edit", "registries:see")
    rule = {"code": "d10", "name": "Dia 10", "due_day": "10", "days_before": "4"}

    answer = await browser.post("/cadastros/regras-de-vencimento/novo", data=rule)

    assert answer.status_code == 422
    assert "ao menos 5 dias antes" in answer.text


async def test_a_table_promises_an_event_of_a_priority_once(web: Web):
    program = await web.program("registries:edit", "registries:see")
    await program.post("/api/registries/tabelas-de-sla", json={"code": "t", "name": "Tabela"})
    target = {"sla_table_id": 1, "event": "resolution", "priority": 1, "amount": 8}

    answers = [await program.post("/api/registries/metas-de-sla", json=target) for _ in range(2)]

    assert [each.status_code for each in answers] == [201, 422]
    assert answers[1].json()["code"] == "RegistryRowTaken"


async def test_an_index_is_filled_from_a_file(web: Web):
    browser = await web.browser("registries:edit", "registries:see")
    index = {"code": "igp-di", "name": "IGP-DI", "is_active": "1"}
    await browser.post("/cadastros/indices/novo", data=index)
    assert "Importar meses" in (await browser.get("/cadastros/indices/1")).text
    assert (await browser.get("/cadastros/indices/1/meses")).status_code == 200

    sent = await browser.post(
        "/cadastros/indices/1/meses",
        data={"kind": "monthly_rates"},
        files={"file": ("igp.csv", b"10/2026;0,45\n", "text/csv")},
    )
    wrong = await browser.post(
        "/cadastros/indices/1/meses",
        data={"kind": "monthly_rates"},
        files={"file": ("igp.csv", b"outubro;0,45;x\n10/2026;1,0,0\n", "text/csv")},
    )

    assert (sent.status_code, wrong.status_code) == (303, 422)
    rows = (await browser.get("/cadastros/valores-de-indices")).text
    assert "0.45" in rows


async def test_a_month_of_an_index_typed_by_itself_ends_what_asked_for_it(web: Web):
    async with web.database.write() as session:
        await stored(session, PriceIndex(code="IPCA", name="IPCA"))
        months = [date(2026, 8, 1), date(2026, 9, 1)]
        await ask_for_months(session, "IPCA", months, team="contestacao", at=NOW)
    browser = await web.browser("registries:edit", "registries:see")
    program = await web.program("registries:edit", login="program")
    value = {"price_index_id": 1, "kind": "monthly_rates", "value": "0.45", "is_active": True}

    typed = await browser.post(
        "/cadastros/valores-de-indices/novo", data={**value, "value": "0,45", "month": "2026-08-01"}
    )
    sent = await program.post(
        "/api/registries/valores-de-indices", json={**value, "month": "2026-09-01"}
    )

    async with web.database.read() as session:
        tasks = (await session.exec(select(Task).order_by("id"))).all()
    assert (typed.status_code, sent.status_code) == (303, 201)
    assert [each.finished_at is None for each in tasks] == [False, False]


async def test_an_index_without_a_series_cannot_be_asked_of_the_central_bank(web: Web):
    program = await web.program("registries:edit", "registries:see")
    await program.post("/api/registries/indices", json={"code": "x", "name": "X"})

    answer = await program.post("/api/price-indices/1/central-bank")

    assert (answer.status_code, answer.json()["code"]) == (422, "IndexWithoutSeries")


async def test_a_row_without_a_name_has_its_page(web: Web):
    async with web.database.write() as session:
        table = await stored(session, SlaTable(code="S", name="Padrão"))
        target = await stored(
            session, SlaTarget(sla_table_id=table.id, event="activation", amount=8)
        )
        index = await stored(session, PriceIndex(code="IGP", name="IGP-DI"))
        month = {"month": date(2026, 10, 1), "value": Decimal("0.45")}
        value = await stored(session, PriceIndexMonth(price_index_id=index.id, **month))
    browser = await web.browser("registries:see")

    for slug, row in (("metas-de-sla", target), ("valores-de-indices", value)):
        assert (await browser.get(f"/cadastros/{slug}/{row.id}")).status_code == 200


async def test_a_limit_of_agreements_is_for_a_role_that_exists(web: Web):
    program = await web.program("registries:edit", "registries:see")
    path = "/api/registries/limites-de-acordo"
    body = {"code": "L1", "name": "Operadores"}

    unknown = await program.post(path, json={**body, "role": "operadro"})
    known = await program.post(path, json={**body, "role": "role-of-robo"})
    everybody = await program.post(path, json={**body, "code": "L2"})

    assert (unknown.status_code, unknown.json()["code"]) == (422, "LimitForNoRole")
    assert (known.status_code, everybody.status_code) == (201, 201)


async def test_an_index_takes_the_place_of_another_and_never_its_own(web: Web):
    program = await web.program("registries:see", "registries:edit")
    async with web.database.write() as session:
        old = await stored(session, PriceIndex(code="IGP-DI", name="IGP-DI"))
        new = await stored(session, PriceIndex(code="IPCA", name="IPCA"))
    path, known = "/api/registries/indices", {"code": "IGP-DI", "name": "IGP-DI"}
    body = {**known, "successor_id": new.id}

    kept = await program.put(f"{path}/{old.id}", json=body)
    back = {"code": "IPCA", "name": "IPCA", "successor_id": old.id}
    refused = await program.put(f"{path}/{new.id}", json=back)

    assert (kept.status_code, refused.status_code) == (200, 422)
    assert "successor_id" in refused.text
    async with web.database.read() as session:
        rows = (await session.exec(select(PriceIndex).order_by("id"))).all()
    assert [each.successor_id for each in rows] == [new.id, None]
    browser = await web.browser("registries:see", "registries:edit")
    assert "Substituído por" in (await browser.get(f"/cadastros/indices/{old.id}")).text
