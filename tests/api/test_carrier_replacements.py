"""A carrier's invoice replaced by page and by program: who may, what is told, what is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from activities.contestation_moves import decide
from models.carrier_choices import offered_invoices
from models.carrier_invoices import CarrierInvoice
from models.carrier_search import find_carrier_invoices
from models.cases import case_of
from models.contestations import Contestation
from models.people import AuditEntry
from rules.audit_rules import Rule
from rules.carrier_errors import plant
from rules.carrier_samples import Sample, file_of, make_sample
from rules.cases import News, Process
from rules.trail_words import words_of
from tests.api.test_carriers import ALL, set_up, the_file, work_off
from tests.support.web import Web

SEEING = ("carriers:see", "findings:see")
PAGE = "/operadoras/faturas/1"
ONE = "/api/carrier-invoices/1"
LIST = "/operadoras/faturas"


def a_file(sample: Sample, name: str = "reemitida.txt") -> tuple[str, bytes, str]:
    return name, file_of(sample.bill, "febraban_v3r0"), "text/plain"


def issued_anew() -> Sample:
    """The same invoice, with one of its two errors."""
    sample = make_sample()
    plant(sample, Rule.DUPLICATE)
    return sample


async def billed(web: Web) -> Any:
    """An invoice with two errors, imported and audited; gives a program that may all."""
    sample, file = the_file(Rule.DUPLICATE, Rule.FEE_DIFFERS)
    await set_up(web, sample)
    program = await web.program(*ALL, "contestations:see", "contestations:act")
    await program.post("/api/carrier-files", files={"file": file})
    await work_off(web)
    return program


async def test_a_program_replaces_an_invoice_and_reads_which_counts(web: Web):
    program = await billed(web)

    begun = await program.post(
        f"{ONE}/replacement", files={"file": a_file(issued_anew())}, data={"reason": "corrigida"}
    )
    await work_off(web)
    run = (await program.get(f"/api/carrier-files/{begun.json()['id']}")).json()
    old = (await program.get(ONE)).json()
    found = (await program.get("/api/findings")).json()
    kept = (await program.get("/api/findings?status=replaced")).json()

    assert (begun.status_code, run["status"], run["replaces_id"]) == (202, "done", 1)
    assert (old["replaced_by_id"], old["replaced_reason"]) == (run["invoice_id"], "corrigida")
    assert [each["invoice_id"] for each in found] == [run["invoice_id"]]
    assert {each["invoice_id"] for each in kept} == {1}


async def test_an_operator_replaces_it_on_its_page_and_each_file_names_the_other(web: Web):
    await billed(web)
    browser = await web.browser(*ALL)
    form = (await browser.get(PAGE)).text

    sent = await browser.post(
        f"{PAGE}/substituicao", files={"files": a_file(issued_anew())}, data={"reason": "corrigida"}
    )
    await work_off(web)
    old, new = (await browser.get(PAGE)).text, (await browser.get(f"{LIST}/2")).text
    listed, replaced = [(await browser.get(f"{LIST}?tipo={k}")).text for k in ("", "substituida")]

    assert "A operadora emitiu de novo" in form
    assert sent.headers["location"] == "/operadoras/importacoes/2"
    assert "já não conta" in old
    assert f'href="{LIST}/2"' in old
    assert "/auditoria" not in old
    assert "/pagamento" not in old
    assert f'href="{PAGE}"' in new
    assert (f'"{PAGE}"' in listed, f'"{LIST}/2"' in listed) == (False, True)
    assert (f'"{PAGE}"' in replaced, f'"{LIST}/2"' in replaced) == (True, False)
    [entry] = [e for e in await web.rows(AuditEntry) if e.action == "carrier_invoice.replace"]
    assert (entry.subject, entry.details["reason"]) == ("carrier_invoice/1", "corrigida")
    assert words_of(entry.action)


async def test_filters_and_search_offer_the_invoice_that_counts(web: Web):
    program = await billed(web)
    await program.post(
        f"{ONE}/replacement", files={"file": a_file(issued_anew())}, data={"reason": "corrigida"}
    )
    await work_off(web)
    old, new = await web.rows(CarrierInvoice)

    async with web.database.read() as session:
        found = await find_carrier_invoices(session, old.number)
        offered = await offered_invoices(session, asked=None)
        asked_for = await offered_invoices(session, asked=old.id)

    assert [row["id"] for row in found] == [new.id]
    assert [key for key, _ in offered] == [new.id]
    assert [key for key, _ in asked_for] == [new.id, old.id]


async def test_who_may_only_look_replaces_nothing(web: Web):
    await billed(web)
    program = await web.program(*SEEING, login="leitor")
    browser = await web.browser(*SEEING)
    file, why = a_file(issued_anew()), {"reason": "corrigida"}

    told = await program.post(f"{ONE}/replacement", files={"file": file}, data=why)
    on_page = await browser.post(f"{PAGE}/substituicao", files={"files": file}, data=why)

    assert (told.status_code, on_page.status_code) == (403, 403)
    assert "A operadora emitiu de novo" not in (await browser.get(PAGE)).text


async def test_a_replacement_without_reason_or_file_changes_nothing(web: Web):
    program, browser = await billed(web), await web.browser(*ALL)
    file = a_file(issued_anew())

    answers = [
        await program.post(f"{ONE}/replacement", files={"file": file}, data={"reason": ""}),
        await program.post(f"{ONE}/replacement", data={"reason": "corrigida"}),
        await browser.post(f"{PAGE}/substituicao", files={"files": file}, data={"reason": ""}),
        await browser.post(
            f"{PAGE}/substituicao", files={"files": ("", b"")}, data={"reason": "corrigida"}
        ),
    ]
    missing = await program.post(
        "/api/carrier-invoices/9/replacement", files={"file": file}, data={"reason": "corrigida"}
    )

    assert [each.status_code for each in answers] == [422, 422, 422, 422]
    assert missing.status_code == 404
    [invoice] = await web.rows(CarrierInvoice)
    assert invoice.replaced_by_id is None


async def test_what_was_granted_is_told_by_page_and_program(web: Web):
    program, browser = await billed(web), await web.browser(*ALL)
    made = await program.post("/api/contestations", json={"invoice_id": 1})
    async with web.database.write() as session:
        row = await session.get_one(Contestation, made.json()["contestation_ids"][0])
        row.accepted, row.stage = row.claimed, "awaiting_new_barcode"
        session.add(row)
    file, why = a_file(issued_anew()), {"reason": "corrigida"}

    told = await program.post(f"{ONE}/replacement", files={"file": file}, data=why)
    on_page = await browser.post(f"{PAGE}/substituicao", files={"files": file}, data=why)

    assert (told.status_code, told.json()["code"]) == (422, "ContestationGranted")
    assert on_page.status_code == 422
    assert "já foi aceita pela operadora" in on_page.text


async def test_another_file_of_an_invoice_leads_to_the_one_that_it_could_replace(web: Web):
    program, browser = await billed(web), await web.browser(*ALL)

    await browser.post(LIST, files={"files": a_file(issued_anew())})
    await work_off(web)
    page = (await browser.get("/operadoras/importacoes/2")).text
    run = (await program.get("/api/carrier-files/2")).json()

    assert (run["status"], run["known_invoice_id"]) == ("failed", 1)
    assert ">files<" not in page
    assert re.search(r'href="/operadoras/faturas/1"[^>]*>.*?substituí-la', page, re.S)


async def test_the_list_is_narrowed_to_months_and_to_what_was_issued(web: Web):
    await billed(web)
    browser = await web.browser(*ALL)
    later = make_sample(issue_date=make_sample().bill.issue_date + timedelta(days=31))
    preview = {"files": a_file(later, "previa.txt")}
    await browser.post(LIST, files=preview, data={"is_preview": "1"})
    await work_off(web)
    month = f"{later.bill.issue_date.replace(day=1)}"

    async def shown(query: str) -> tuple[bool, bool]:
        text = (await browser.get(f"{LIST}?{query}")).text
        return f'"{PAGE}"' in text, f'"{LIST}/2"' in text

    assert await shown("") == (True, True)
    assert await shown("tipo=emitida") == (True, False)
    assert await shown("tipo=previa") == (False, True)
    assert await shown(f"de={month}") == (False, True)
    assert await shown(f"ate={month}") == (True, True)


async def beside(web: Web) -> Any:
    """The invoice once more, imported under another number with one of its errors mended."""
    program = await billed(web)
    sample = issued_anew()
    sample.bill.invoice_number = "OUTRO"
    await program.post("/api/carrier-files", files={"file": a_file(sample)})
    await work_off(web)
    return program


async def test_an_invoice_that_came_under_another_number_counts_in_the_place_of_the_first(
    web: Web,
):
    program, browser = await beside(web), await web.browser(*ALL)
    twice = (await browser.get(PAGE)).text

    told = await browser.post(f"{PAGE}/substituida", data={"by_id": "2", "reason": "outro número"})

    old, new = await web.rows(CarrierInvoice)
    listed = (await browser.get(LIST)).text
    assert ("conta em dobro" in twice, f'action="{PAGE}/substituida"' in twice) == (True, True)
    assert told.headers["location"] == PAGE
    assert (old.replaced_by_id, old.replaced_by, old.replaced_reason) == (2, "ana", "outro número")
    assert new.replaced_by_id is None
    assert "conta em dobro" not in (await browser.get(f"{LIST}/2")).text
    assert (f'"{PAGE}"' in listed, f'"{LIST}/2"' in listed) == (False, True)
    found = (await program.get("/api/findings")).json()
    assert {each["invoice_id"] for each in found} == {2}


async def test_a_contested_invoice_follows_to_the_one_that_is_here(web: Web):
    program = await beside(web)
    await program.post("/api/contestations", json={"invoice_id": 1})

    told = await program.put(f"{ONE}/replaced-by", json={"by_id": 2, "reason": "outro número"})
    async with web.database.write() as session:
        case = await case_of(session, process=Process.CONTESTATION, subject_id=1)
        await decide(session, case, News(), web.now)

    [row] = await web.rows(Contestation)
    assert (told.status_code, told.json()["replaced_by_id"]) == (200, 2)
    assert (row.invoice_id, row.claimed > 0, row.avoided > 0) == (2, True, True)


async def test_what_cannot_stand_for_an_invoice_is_refused_in_words(web: Web):
    program, browser = await beside(web), await web.browser(*ALL)
    reader = await web.program(*SEEING, login="leitor")
    later = make_sample(issue_date=make_sample().bill.issue_date + timedelta(days=31))
    preview = {"files": {"file": a_file(issued_anew(), "p.txt")}, "data": {"is_preview": "1"}}
    await program.post("/api/carrier-files", files={"file": a_file(later)})
    await work_off(web)
    preview["files"]["file"] = ("p.txt", a_file(make_sample(5))[1], "text/plain")
    await program.post("/api/carrier-files", **preview)
    await work_off(web)

    why = {"reason": "outro número"}
    codes = [
        (await program.put(f"{ONE}/replaced-by", json={"by_id": by, **why})).json()["code"]
        for by in (1, 3, 4, 9)
    ]
    unread = await browser.post(f"{PAGE}/substituida", data={"by_id": "", "reason": ""})
    seen = await reader.put(f"{ONE}/replaced-by", json={"by_id": 2, **why})

    assert codes == [
        "ReplacedByItself", "ReplacementOfAnother", "PreviewNotReplaced", "CarrierInvoiceNotFound",
    ]  # fmt: skip
    assert (unread.status_code, 'id="e-known-reason"' in unread.text) == (422, True)
    assert seen.status_code == 403
    assert {each.replaced_by_id for each in await web.rows(CarrierInvoice)} == {None}
