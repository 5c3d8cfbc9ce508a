"""Carriers by page and by program: set up, uploaded, watched, audited, findings picked."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from sqlmodel import select

from activities.carrier_retention import forget_old_calls
from activities.carriers import carry_out
from models.bulk import BulkRun
from models.carrier_agreements import CarrierTariff, terms_of
from models.carrier_invoices import CarrierInvoice
from models.carriers import Carrier, CarrierAccount, normalise_account
from models.customers import Customer
from models.findings import Finding
from rules.audit_rules import Rule
from rules.business_days import local_date
from rules.carrier_errors import plant
from rules.carrier_samples import file_of, make_sample
from rules.carrier_terms import TariffKind
from rules.findings import FindingStatus
from tests.builders import a_customer
from tests.support.carriers import a_company
from tests.support.web import Web

ALL = ("carriers:see", "carriers:act", "findings:see", "findings:act")


def the_file(*rules: Rule, name: str = "fatura.txt"):
    sample = make_sample()
    for rule in rules:
        plant(sample, rule)
    return sample, (name, file_of(sample.bill, "febraban_v3r0"), "text/plain")


async def set_up(web: Web, sample, **values):
    async with web.database.write() as session:
        return await a_company(session, sample, **values)


async def work_off(web: Web) -> None:
    async with web.database.read() as session:
        runs = (await session.exec(select(BulkRun).where(BulkRun.status == "waiting"))).all()
    for run in runs:
        await carry_out(web.database, run.number, at=web.now)


async def test_a_program_uploads_watches_and_reads_what_was_found(web: Web):
    sample, file = the_file(Rule.DUPLICATE, Rule.FEE_DIFFERS)
    await set_up(web, sample)
    program = await web.program(*ALL)

    begun = await program.post("/api/carrier-files", files={"file": file})
    run = begun.json()
    await work_off(web)
    done = (await program.get(f"/api/carrier-files/{run['id']}")).json()
    invoice = (await program.get(f"/api/carrier-invoices/{done['invoice_id']}")).json()
    found = (await program.get(f"/api/findings?invoice_id={invoice['id']}")).json()
    evidence = (await program.get(f"/api/findings/{found[0]['id']}/evidence")).json()

    assert (begun.status_code, run["status"]) == (201, "waiting")
    assert (done["status"], done["percent"], done["findings"]) == ("done", 100, 2)
    assert invoice["total"] == f"{Decimal(sample.bill.total) / 100:.2f}"
    assert {each["rule"] for each in found} == {"duplicate", "fee_differs"}
    assert evidence[0]["fields"]["number"] == found[0]["number"]


async def test_what_is_left_to_pay_stands_on_the_invoice(web: Web):
    sample, file = the_file()
    await set_up(web, sample)
    program, browser = await web.program(*ALL), await web.browser(*ALL)
    await program.post("/api/carrier-files", files={"file": file})
    await work_off(web)
    async with web.database.write() as session:
        row = await session.get_one(CarrierInvoice, 1)
        row.payable, row.payable_barcode = Decimal("12.34"), "8" * 44
        session.add(row)

    told = (await program.get("/api/carrier-invoices/1")).json()
    page = (await browser.get("/operadoras/faturas/1")).text

    assert (told["payable"], told["payable_barcode"]) == ("12.34", "8" * 44)
    assert "12,34" in page
    assert "pelo novo código de barras" in page
    assert "8" * 44 in page


async def test_the_same_file_twice_answers_409_and_names_the_first_import(web: Web):
    sample, file = the_file()
    await set_up(web, sample)
    program, browser = await web.program(*ALL), await web.browser(*ALL)
    await program.post("/api/carrier-files", files={"file": file})
    await work_off(web)

    again = await program.post("/api/carrier-files", files={"file": ("b.txt", *file[1:])})
    on_page = await browser.post("/operadoras/faturas", files={"files": file})

    assert (again.status_code, again.json()["code"]) == (409, "CarrierFileAlreadyDone")
    assert "fatura.txt" in again.json()["detail"]
    assert on_page.status_code in (409, 422)
    assert "Este arquivo já foi importado em 19/11/2026" in on_page.text


async def test_problems_are_told_by_line_and_position_on_the_page_and_as_csv(web: Web):
    sample, (name, raw, kind) = the_file()
    await set_up(web, sample)
    browser, program = await web.browser(*ALL), await web.program(*ALL)
    lines = raw.split(b"\r\n")
    lines[2] = lines[2][:237] + b"00000000A0000" + lines[2][250:]

    sent = await browser.post(
        "/operadoras/faturas", files={"files": (name, b"\r\n".join(lines), kind)}
    )
    waiting = (await browser.get(sent.headers["location"])).text
    await work_off(web)
    page = (await browser.get(sent.headers["location"])).text
    file = (await program.get("/api/carrier-files/1/problems.csv")).text

    assert "<progress" in waiting
    assert "/operadoras/importacoes/1/parar" in waiting
    assert "238-250" in page
    assert "recusado por inteiro" in page
    assert "3;238-250;FieldNotNumber;" in file
    assert await web.rows(CarrierInvoice) == []


async def test_lines_that_nobody_could_read_are_kept_and_shown(web: Web):
    sample, (name, content, kind) = the_file()
    await set_up(web, sample)
    browser = await web.browser(*ALL)
    strange = b"7X" + b" " * 350
    lines = content.split(b"\r\n")
    broken = b"\r\n".join([lines[0], strange[:350], *lines[1:]])
    await browser.post("/operadoras/faturas", files={"files": (name, broken, kind)})
    await work_off(web)

    run = (await browser.get("/operadoras/importacoes/1")).text
    unread = await browser.get("/operadoras/importacoes/1/nao-lidas")
    csv = (await browser.get("/operadoras/importacoes/1/nao-lidas?formato=csv")).text

    assert "/operadoras/importacoes/1/nao-lidas" in run
    assert "7X" in unread.text
    assert "2;7X" in csv
    assert (await browser.get("/operadoras/importacoes/9/nao-lidas")).status_code == 404


async def test_a_run_is_stopped_from_its_page(web: Web):
    sample, file = the_file()
    await set_up(web, sample)
    browser, program = await web.browser(*ALL), await web.program(*ALL)
    await browser.post("/operadoras/faturas", files={"files": file})

    await browser.post("/operadoras/importacoes/1/parar")
    await work_off(web)

    assert (await program.get("/api/carrier-files/1")).json()["status"] == "stopped"
    assert (await program.post("/api/carrier-files/1/stop")).json()["code"] == "ImportNotUnderWay"


async def test_a_stopped_run_is_resumed_while_its_file_is_kept(web: Web):
    sample, file = the_file(Rule.DUPLICATE)
    await set_up(web, sample)
    browser, program = await web.browser(*ALL), await web.program(*ALL)
    await browser.post("/operadoras/faturas", files={"files": file})
    too_early = await program.post("/api/carrier-files/1/resume")
    await browser.post("/operadoras/importacoes/1/parar")
    await work_off(web)
    stopped = (await browser.get("/operadoras/importacoes/1")).text

    resumed = await browser.post("/operadoras/importacoes/1/retomar")
    await work_off(web)

    run = (await program.get("/api/carrier-files/1")).json()
    assert too_early.json()["code"] == "ImportNotStopped"
    assert "Retomar" in stopped
    assert resumed.status_code == 303
    assert (run["status"], run["findings"], run["may_resume"]) == ("done", 1, False)


async def test_a_stopped_file_that_is_no_longer_kept_must_be_sent_again(web: Web):
    sample, file = the_file()
    await set_up(web, sample)
    browser, program = await web.browser(*ALL), await web.program(*ALL)
    await browser.post("/operadoras/faturas", files={"files": file})
    await browser.post("/operadoras/importacoes/1/parar")
    await work_off(web)
    begun = local_date(web.now)

    await forget_old_calls(web.database, today=begun + timedelta(days=7))
    kept = (await program.get("/api/carrier-files/1")).json()["may_resume"]
    await forget_old_calls(web.database, today=begun + timedelta(days=8))
    refused = await program.post("/api/carrier-files/1/resume")

    assert kept
    assert refused.json()["code"] == "CarrierFileForgotten"
    assert "Envie o arquivo de novo" in (await browser.get("/operadoras/importacoes/1")).text


async def test_the_invoice_shows_totals_by_record_and_findings_by_rule(web: Web):
    sample, file = the_file(Rule.TOTAL_WRONG, Rule.DUPLICATE)
    await set_up(web, sample)
    browser = await web.browser(*ALL)
    await browser.post("/operadoras/faturas", files={"files": file})
    await work_off(web)

    listed = (await browser.get("/operadoras/faturas")).text
    page = (await browser.get("/operadoras/faturas/1")).text
    narrowed = (
        await browser.get("/operadoras/faturas/1?tipo=call&busca=" + sample.bill.lines[0])
    ).text

    assert "Auditada" in listed
    assert "Cobrança em duplicidade" in page
    assert "Total não confere" in page
    assert "não confere" in page
    assert "Resumo por linha" in page
    assert f">{len(sample.bill.charges):,}<".replace(",", ".") in page  # the charges, added up
    assert sample.bill.lines[1] not in narrowed.split("Cobranças por linha")[-1]


async def test_findings_are_filtered_totalled_exported_and_picked(web: Web):
    sample, file = the_file(Rule.DUPLICATE, Rule.FEE_DIFFERS)
    call = next(c for c in sample.bill.charges if c.initials == "VC3" and c.amount > 50)
    call.amount -= 5
    call.net = call.amount * 75
    await set_up(web, sample)
    browser = await web.browser(*ALL)
    file = ("f.txt", file_of(sample.bill, "febraban_v3r0"), "text/plain")
    await browser.post("/operadoras/faturas", files={"files": file})
    await work_off(web)

    everything = (await browser.get("/operadoras/divergencias")).text
    fees = (await browser.get("/operadoras/divergencias?regra=fee_differs")).text
    over = await browser.get("/operadoras/divergencias?sentido=maior&formato=csv")
    await browser.post("/operadoras/divergencias/separacao", data={"filtro": "*"})
    picked = [each.status for each in await web.rows(Finding) if each.difference > 0]
    await browser.post("/operadoras/divergencias/devolucao", data={"ids": ["1", "2", "3"]})

    found = await web.rows(Finding)
    assert "Registrada, a menor" in everything
    assert len(found) == 3
    assert "Assinatura diferente" in fees.split("<tbody>")[1]
    assert "duplicidade" not in fees.split("<tbody>")[1]
    assert len(over.text.strip().splitlines()) == 3
    assert picked == [FindingStatus.PICKED] * 2
    assert {each.status for each in found} == {FindingStatus.OPEN, FindingStatus.RECORDED}


async def test_a_finding_shows_the_lines_of_the_file_behind_it(web: Web):
    sample, file = the_file(Rule.RATE_DIFFERS)
    await set_up(web, sample)
    browser = await web.browser(*ALL)
    await browser.post("/operadoras/faturas", files={"files": file})
    await work_off(web)

    page = (await browser.get("/operadoras/divergencias/1")).text

    assert "Tarifa diferente" in page
    assert "Número chamado" in page


async def test_an_invoice_is_audited_again_after_its_agreement_was_mended(web: Web):
    sample, file = the_file(Rule.FEE_DIFFERS)
    account = await set_up(web, sample)
    browser = await web.browser(*ALL)
    await browser.post("/operadoras/faturas", files={"files": file})
    await work_off(web)
    off = (Rule.FEE_DIFFERS, Rule.DISCOUNT_MISSING)
    on = {f"on_{rule}": "1" for rule in Rule if rule not in off}

    saved = await browser.post(f"/operadoras/contratos/{account.agreement_id}/regras", data=on)
    await browser.post("/operadoras/faturas/1/auditoria")
    await work_off(web)

    assert saved.status_code == 303
    assert [each.rule for each in await web.rows(Finding)] == []


async def test_a_payment_of_an_invoice_is_noted(web: Web):
    sample, file = the_file()
    await set_up(web, sample)
    web.now += timedelta(days=12)
    browser = await web.browser(*ALL)
    await browser.post("/operadoras/faturas", files={"files": file})
    await work_off(web)

    wrong = await browser.post("/operadoras/faturas/1/pagamento", data={"paid_on": "32/13/2026"})
    assert (wrong.status_code, 'id="e-paid_on"' in wrong.text) == (422, True)
    await browser.post("/operadoras/faturas/1/pagamento", data={"paid_on": "2026-12-01"})

    [invoice] = await web.rows(CarrierInvoice)
    assert str(invoice.paid_on) == "2026-12-01"


async def test_late_charges_that_nobody_can_judge_are_told_with_what_is_missing(web: Web):
    sample, file = the_file()
    later = make_sample(issue_date=date(2026, 12, 22), numbers=sample.bill.lines)
    await set_up(web, sample)
    browser, program = await web.browser(*ALL), await web.program(*ALL)
    for each in (file, ("g.txt", file_of(later.bill, "febraban_v3r0"), "text/plain")):
        await browser.post("/operadoras/faturas", files={"files": each})
        await work_off(web)

    first, second = [(await browser.get(f"/operadoras/faturas/{n}")).text for n in (1, 2)]
    told = (await program.get("/api/carrier-invoices/2")).json()["unjudged"]

    assert "Não há fatura anterior desta conta" in first
    assert "Falta saber quando venceu ou foi paga" in second
    assert 'class="alert-link" href="/operadoras/faturas/1"' in second
    assert told == {"fine_not_due": {"cents": 1000, "invoices": [1]}}


async def test_an_account_is_made_changed_and_unique(web: Web):
    await set_up(web, make_sample(), number="777")
    async with web.database.write() as session:
        customer = await a_customer(session)
    browser = await web.browser(*ALL)
    typed = {"carrier": "claro", "company": customer.code, "number": "00999", "expected_day": "5",
             "closing_day": "20", "is_active": "1"}  # fmt: skip

    made = await browser.post("/operadoras/contas/nova", data=typed)
    taken = await browser.post("/operadoras/contas/nova", data=typed)
    unknown = await browser.post("/operadoras/contas/nova", data=typed | {"company": "nada"})
    accounts = await web.rows(CarrierAccount)
    path = f"/operadoras/contas/{accounts[-1].id}"
    await browser.post(path, data=typed | {"closing_day": ""})

    assert made.status_code == 303
    assert accounts[-1].number == "999"
    assert "já está cadastrada" in taken.text
    assert 'id="e-company"' in unknown.text
    assert (await web.rows(CarrierAccount))[-1].closing_day is None
    assert 'value="00999"' not in (await browser.get(path)).text


async def test_an_agreement_with_its_tariffs_and_tolerances(web: Web):
    browser = await web.browser(*ALL)
    await browser.post(
        "/operadoras/contratos/novo",
        data={"code": "K1", "name": "Claro 2026", "max_age_days": "60", "late_call_days": "0",
              "fine_percent": "2,00", "is_active": "1"},
    )  # fmt: skip
    tariff = {"kind": "rate", "code": "VC1", "price": "0,2950", "unit": "minute",
              "minimum_seconds": "30", "step_seconds": "6", "valid_from": "2026-01-01"}  # fmt: skip

    made = await browser.post("/operadoras/contratos/1/tarifas/nova", data=tariff)
    no_price = await browser.post(
        "/operadoras/contratos/1/tarifas/nova", data=tariff | {"price": ""}
    )
    by_piece = await browser.post(
        "/operadoras/contratos/1/tarifas/nova", data=tariff | {"unit": "each"}
    )
    too_fine = await browser.post(
        "/operadoras/contratos/1/tarifas/nova", data=tariff | {"price": "0,29501"}
    )
    bad = await browser.post(
        "/operadoras/contratos/1/regras", data={"tolerance_duplicate": "um real"}
    )
    on = {f"on_{rule}": "1" for rule in Rule}
    await browser.post("/operadoras/contratos/1/regras", data=on | {"tolerance_duplicate": "0,05"})

    async with web.database.read() as session:
        terms = await terms_of(session, 1)
    assert made.status_code == 303
    assert 'id="e-price"' in no_price.text
    assert 'id="e-price"' in too_fine.text
    assert 'id="e-unit"' in by_piece.text
    assert bad.status_code == 422
    assert [(each.kind, each.price) for each in terms.tariffs] == [
        (TariffKind.RATE, Decimal("0.2950"))
    ]
    assert terms.setting(Rule.DUPLICATE).tolerance == Decimal("0.05")
    page = (await browser.get("/operadoras/contratos/1")).text
    assert "Tarifa de chamada" in page
    assert "0,295" in page


async def test_the_sample_of_tariffs_is_taken_in_and_a_bad_one_is_not_at_all(web: Web):
    await set_up(web, make_sample())
    browser = await web.browser(*ALL)
    before = len(await web.rows(CarrierTariff))
    sample = (await browser.get("/operadoras/contratos/modelo-tarifas.csv")).text
    bad = (
        "tipo;codigo;preco\nassinatura;A;0,30\nassinatura;B;x\nassinatura;;1,00\nchamada;VC3;1,00\n"
    )
    path = "/operadoras/contratos/1/tarifas/importacao"

    refused = await browser.post(path, files={"file": ("t.csv", bad.encode(), "text/csv")})
    after_bad = len(await web.rows(CarrierTariff))
    taken = await browser.post(path, files={"file": ("t.csv", sample.encode(), "text/csv")})

    assert refused.status_code == 422
    told = refused.text.split("<tbody>")[1]
    assert [f'<td class="num text-end">{line}</td>' in told for line in (2, 3, 4, 5)] == [
        False, True, True, True,
    ]  # fmt: skip
    assert after_bad == before
    assert taken.status_code == 303
    assert len(await web.rows(CarrierTariff)) == before + 8


async def test_tariffs_that_are_sent_again_are_there_once(web: Web):
    await set_up(web, make_sample())
    browser = await web.browser(*ALL)
    sample = (await browser.get("/operadoras/contratos/modelo-tarifas.csv")).text
    path = "/operadoras/contratos/1/tarifas/importacao"
    twice = sample + sample.splitlines()[1] + "\r\n"
    first = await browser.post(path, files={"file": ("t.csv", twice.encode(), "text/csv")})
    there = len(await web.rows(CarrierTariff))

    more = sample + "assinatura;NOVO;;0,30\r\n"
    again = await browser.post(path, files={"file": ("t.csv", more.encode(), "text/csv")})

    assert (first.status_code, again.status_code) == (303, 303)
    assert len(await web.rows(CarrierTariff)) == there + 1
    page = (await browser.get(again.headers["location"])).text
    assert "1 tarifas novas, 0 alteradas; 8 já estavam aqui." in page


async def test_a_changed_tariff_takes_the_place_of_the_one_that_it_changes(web: Web):
    await set_up(web, make_sample())
    browser = await web.browser(*ALL)
    sample = (await browser.get("/operadoras/contratos/modelo-tarifas.csv")).text
    path = "/operadoras/contratos/1/tarifas/importacao"
    await browser.post(path, files={"file": ("t.csv", sample.encode(), "text/csv")})
    before = {each.id: each.model_dump() for each in await web.rows(CarrierTariff)}
    head = sample.splitlines()[0]
    rows = (
        "assinatura;pcrp;Plano novo;59,90;unidade;;;;;;01/01/2026;01/07/2026",
        "assinatura;PCRP;Plano Corporativo;61,90;unidade;;;;;;01/07/2026",
        "franquia;PCRP;Minutos locais;;minuto;;30;LOC",
    )

    changed = await browser.post(
        path, files={"file": ("t.csv", "\n".join((head, *rows)).encode(), "text/csv")}
    )
    page = (await browser.get(changed.headers["location"])).text
    twice = "\n".join((head, rows[0], rows[0].replace("59,90", "58,90")))
    refused = await browser.post(path, files={"file": ("t.csv", twice.encode(), "text/csv")})

    after = {each.id: each.model_dump() for each in await web.rows(CarrierTariff)}
    assert "1 tarifas novas, 2 alteradas; 0 já estavam aqui." in page
    assert len(after) == len(before) + 1
    told = [after[key] for key in before if after[key] != before[key]]
    fee, allowance = sorted(told, key=lambda each: each["kind"], reverse=True)
    assert (str(fee["price"]), str(fee["valid_until"])) == ("59.9000", "2026-07-01")
    assert (fee["code"], fee["description"], allowance["quantity"]) == ("pcrp", "Plano novo", 30)
    assert (refused.status_code, "outra coisa desta tarifa" in refused.text) == (422, True)
    assert {each.id for each in await web.rows(CarrierTariff)} == {*after}


async def test_who_may_only_see_changes_nothing(web: Web, tmp_path: Path):
    sample, file = the_file()
    await set_up(web, sample)
    browser = await web.browser("carriers:see", "findings:see")

    assert 'type="file"' not in (await browser.get("/operadoras/faturas")).text
    assert "Nova linha" not in (await browser.get("/operadoras/linhas")).text
    assert "disabled" in (await browser.get("/operadoras/contratos/1")).text
    assert (await browser.post("/operadoras/faturas", files={"files": file})).status_code == 403


async def test_an_account_of_zeros_is_an_account(web: Web, tmp_path: Path):
    sample = make_sample(account="0000000000")
    account = await set_up(web, sample, number="777")
    browser, program = await web.browser(*ALL), await web.program(*ALL)
    [carrier], [company] = await web.rows(Carrier), await web.rows(Customer)
    asked = {"carrier": carrier.code, "company": company.code, "expected_day": 1}

    made = await program.post("/api/carrier-accounts", json={**asked, "number": " 000 "})
    twice = await browser.post("/operadoras/contas/nova", data={**asked, "number": "0"})
    sent = ("zeros.txt", file_of(sample.bill, "febraban_v3r0"), "text/plain")
    await browser.post("/operadoras/faturas", files={"files": sent})
    await work_off(web)

    assert (made.status_code, twice.status_code) == (201, 422)
    assert {each.id: each.number for each in await web.rows(CarrierAccount)} == {
        account.id: "777", made.json()["id"]: "0",
    }  # fmt: skip
    assert [each.account_id for each in await web.rows(CarrierInvoice)] == [made.json()["id"]]


async def test_what_is_not_there_is_not_found(web: Web):
    browser, program = await web.browser(*ALL), await web.program(*ALL)

    for path in (
        "faturas/9",
        "divergencias/9",
        "importacoes/9",
        "contas/9",
        "contratos/9",
        "linhas/9",
    ):
        assert (await browser.get(f"/operadoras/{path}")).status_code == 404
    for path in ("carrier-files/9", "carrier-invoices/9", "findings/9/evidence"):
        assert (await program.get(f"/api/{path}")).status_code == 404


async def test_an_account_that_nobody_registered_is_registered_from_its_file(web: Web):
    sample, file = the_file()
    await set_up(web, sample, number="777")
    program, browser = await web.program(*ALL), await web.browser(*ALL)
    await program.post("/api/carrier-files", files={"file": file})
    await work_off(web)
    number = normalise_account(sample.bill.account)

    page = (await browser.get("/operadoras/importacoes/1")).text
    reader = await web.browser("carriers:see", login="leitor")
    form = (await browser.get(f"/operadoras/contas/nova?numero={number}")).text

    way = f'href="/operadoras/contas/nova?numero={number}"'
    assert way in page
    assert way not in (await reader.get("/operadoras/importacoes/1")).text
    assert f'value="{number}"' in form


async def test_two_invoices_of_one_month_are_told_to_count_both(web: Web):
    sample, file = the_file()
    await set_up(web, sample)
    program, browser = await web.program(*ALL), await web.browser(*ALL)
    number = sample.bill.invoice_number
    again = ("b.txt", file[1].replace(number.encode(), b"X" * len(number)), "text/plain")
    await program.post("/api/carrier-files", files={"file": file})
    await work_off(web)
    alone = (await browser.get("/operadoras/faturas/1")).text
    await program.post("/api/carrier-files", files={"file": again})
    await work_off(web)

    first, second = [(await browser.get(f"/operadoras/faturas/{n}")).text for n in (1, 2)]

    assert ("conta em dobro" in alone, "conta em dobro" in first) == (False, True)
    assert ('href="/operadoras/faturas/2"' in first, 'href="/operadoras/faturas/1"' in second) == (
        True, True,
    )  # fmt: skip


async def test_the_items_of_a_preview_say_what_was_avoided(web: Web):
    sample, file = the_file(Rule.DUPLICATE)
    await set_up(web, sample)
    browser = await web.browser(*ALL, "contestations:see")
    await browser.post("/operadoras/faturas", files={"files": file}, data={"is_preview": "1"})
    await work_off(web)

    shown = (await browser.get("/contestacoes/1")).text

    assert ("Evitado</th>" in shown, "Recebido</th>" in shown) == (True, False)


async def test_a_payment_on_a_day_that_cannot_be_is_refused_beside_its_field(web: Web):
    sample, file = the_file()
    await set_up(web, sample)
    web.now += sample.bill.issue_date - local_date(web.now)
    tomorrow = sample.bill.issue_date + timedelta(days=1)
    program, browser = await web.program(*ALL), await web.browser(*ALL)
    preview = {"files": {"file": ("previa.txt", *file[1:])}, "data": {"is_preview": "1"}}
    await program.post("/api/carrier-files", **preview)
    await program.post("/api/carrier-files", files={"file": file})
    await work_off(web)

    for day, code in (
        (tomorrow, "PaidInFuture"), (tomorrow - timedelta(days=366), "PaidBeforeIssued"),
    ):  # fmt: skip
        told = await program.put(
            "/api/carrier-invoices/2/payment", json={"paid_on": day.isoformat()}
        )
        page = await browser.post(
            "/operadoras/faturas/2/pagamento", data={"paid_on": day.isoformat()}
        )
        assert (told.status_code, told.json()["code"]) == (422, code)
        assert (page.status_code, 'id="e-paid_on"' in page.text) == (422, True)
    issued = {"paid_on": sample.bill.issue_date.isoformat()}
    of_preview = await program.put("/api/carrier-invoices/1/payment", json=issued)
    assert of_preview.json()["code"] == "PreviewNotPaid"
    assert {each.paid_on for each in await web.rows(CarrierInvoice)} == {None}
    assert (await program.put("/api/carrier-invoices/2/payment", json=issued)).status_code == 200
