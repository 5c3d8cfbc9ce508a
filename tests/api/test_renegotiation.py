"""One invoice gets another due date, and banks are told what follows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from activities.payments import NewPayment, record_payment
from models.boleto_instructions import BoletoInstruction
from models.invoices import Invoice, InvoiceEvent
from models.ladders import LadderPause
from models.people import AuditEntry
from rules.ladder import PauseReason
from tests.support.bank_returns import AT, an_invoice, collect_by_boleto
from tests.support.pdf import words_of
from tests.support.web import Web

ALL = ("invoices:renegotiate", "invoices:see", "payments:see", "payments:act")
ASKED = {"due_date": "2026-12-01", "keeps_charges": True, "reason": "Combinado por telefone"}
PATH = "/api/invoices/1/renegotiation"


async def rows(web: Web, model):
    async with web.database.read() as session:
        return list(await session.exec(select(model).order_by(model.id)))


async def with_invoices(web: Web, *invoices: Invoice) -> None:
    await collect_by_boleto(web.database, *(invoices or (an_invoice(due_date=date(2026, 10, 30)),)))


async def test_late_charges_go_onto_the_invoice_and_its_bank_is_told(web: Web):
    await with_invoices(web)
    program = await web.program(*ALL)

    made = await program.post(PATH, json=ASKED)
    listed = await program.get(PATH)
    pending = (await program.get("/api/boleto-instructions")).json()

    assert made.status_code == 201
    assert (made.json()["charges"], made.json()["waived"]) == ("2.67", "0.00")
    assert listed.json() == [made.json()]
    (invoice,) = await rows(web, Invoice)
    assert (invoice.due_date, invoice.open_amount) == (date(2026, 12, 1), Decimal("102.67"))
    assert [(i["kind"], i["due_date"], i["amount"]) for i in pending] == [
        ("new_due_date", "2026-12-01", "102.67")
    ]
    assert [e.kind for e in await rows(web, InvoiceEvent)] == ["renegotiated"]
    assert "invoice.renegotiate" in [a.action for a in await rows(web, AuditEntry)]
    pdf = await program.get("/api/invoices/1/document")
    assert "Multa e juros do vencimento de 30/10/2026 R$ 2,67" in words_of(pdf.content)


async def test_waived_charges_leave_the_amount_as_it_was(web: Web):
    await with_invoices(web)
    program = await web.program(*ALL)

    made = await program.post(PATH, json=ASKED | {"keeps_charges": False})

    assert (made.json()["charges"], made.json()["waived"]) == ("0.00", "2.67")
    assert (await rows(web, Invoice))[0].amount == Decimal("100.00")


@pytest.mark.parametrize(
    ("values", "changed", "code"),
    [
        ({"status": "settled", "open_amount": Decimal(0)}, {}, "RenegotiatedNotOpen"),
        ({"collection_stage": "classified", "stage_since": AT}, {}, "RenegotiatedInCollections"),
        ({}, {"due_date": "2026-10-30"}, "NewDueDateNotLater"),
        ({}, {"due_date": "2026-12-31"}, "NewDueDateTooFar"),
        ({}, {"reason": ""}, "InvalidFields"),
    ],
)
async def test_what_may_not_be_is_refused_and_nothing_changes(web: Web, values, changed, code):
    await with_invoices(web, an_invoice(**{"due_date": date(2026, 10, 30), **values}))
    program = await web.program(*ALL)

    answer = await program.post(PATH, json=ASKED | changed)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await rows(web, Invoice))[0].due_date == date(2026, 10, 30)
    assert await rows(web, BoletoInstruction) == []
    assert (await program.post("/api/invoices/9/renegotiation", json=ASKED)).status_code == 404


async def test_what_the_customer_contests_is_answered_before_it_is_renegotiated(web: Web):
    await with_invoices(web)
    async with web.database.write() as session:
        contested = PauseReason.CONTESTATION
        session.add(
            LadderPause(
                invoice_id=1, reason=contested, reference="contestation/1", at=AT, by="ana",
                since=date(2026, 11, 2),
            )
        )  # fmt: skip
    program, browser = await web.program(*ALL), await web.browser(*ALL)

    answer = await program.post(PATH, json=ASKED)

    assert (answer.status_code, answer.json()["code"]) == (422, "RenegotiatedContested")
    assert (await rows(web, Invoice))[0].due_date == date(2026, 10, 30)
    assert "em contestação" in (await browser.get("/cobrancas/faturas/1/renegociacao")).text


async def test_a_person_does_it_on_the_page_but_not_twice_unseen(web: Web):
    await with_invoices(web)
    browser = await web.browser(*ALL)
    path = "/cobrancas/faturas/1/renegociacao"
    shown = (await browser.get(path)).text
    typed = {"due_date": "2026-12-01", "reason": "Combinado", "seen_due_date": "2026-10-30"}

    done = await browser.post(path, data=typed)
    again = await browser.post(path, data=typed | {"due_date": "2026-12-05"})
    late = await browser.post(
        path, data={**typed, "due_date": "2027-12-01", "seen_due_date": "2026-12-01"}
    )

    assert "2,67" in shown
    assert done.status_code == 303
    assert again.status_code == 409
    assert 'id="e-due_date"' in late.text
    assert "Vencimentos anteriores" in (await browser.get(path)).text


async def test_permission_is_its_own(web: Web):
    await with_invoices(web)
    browser = await web.browser("invoices:see", "payments:see", "payments:act")

    assert (await browser.get("/cobrancas/faturas/1/renegociacao")).status_code == 403
    assert "Renegociar" not in (await browser.get("/cobrancas/faturas/1/pagamento")).text


async def test_the_file_for_the_bank_tells_each_title_once(web: Web):
    replaced, cancelled = an_invoice("F2", status="replaced"), an_invoice("F3", status="cancelled")
    await with_invoices(web, an_invoice("F1"), replaced, cancelled, an_invoice("F4"))
    async with web.database.write() as session:
        for invoice_id, amount in ((1, "40.00"), (4, "100.00")):
            paid = NewPayment(f"P{invoice_id}", invoice_id, Decimal(amount), date(2026, 11, 13))
            await record_payment(session, paid, by="ana", at=AT)
    program = await web.program(*ALL)

    first = await program.post("/api/boleto-instructions/export")
    again = await program.post("/api/boleto-instructions/export")
    told = (await program.get("/api/boleto-instructions", params={"status": "exported"})).json()
    browser = await web.browser("payments:see", login="bia")
    page = (await browser.get("/pagamentos/instrucoes")).text
    once_more = await browser.get(f"/pagamentos/instrucoes/{told[0]['batch']}.csv")

    lines = first.text.removeprefix("\ufeff").splitlines()
    assert lines[0].startswith("bank;branch;account;agreement;wallet;our_number;invoice;instruct")
    assert [line.split(";")[6:] for line in sorted(lines[1:])] == [
        ["F1", "rebate", "", "40,00"], ["F2", "write_off", "", ""], ["F3", "write_off", "", ""],
        ["F4", "write_off", "", ""],
    ]  # fmt: skip
    last = {"status": "exported", "after": told[2]["id"]}
    rest = (await program.get("/api/boleto-instructions", params=last)).json()
    assert [each["id"] for each in rest] == [told[3]["id"]]
    assert again.json()["code"] == "NoInstructions"
    assert len(told) == 4
    assert "Abatimento" in page
    assert "Conferir e exportar" not in page
    assert once_more.text == first.text


async def test_a_title_has_one_pending_instruction_the_last_one(web: Web):
    await with_invoices(web)
    program = await web.program(*ALL)
    await program.post(PATH, json=ASKED)
    await program.post(PATH, json=ASKED | {"due_date": "2026-12-05"})

    pending = await rows(web, BoletoInstruction)
    async with web.database.write() as session:
        (await session.exec(select(Invoice))).one().status = "cancelled"
    await program.post("/api/boleto-instructions/export")

    assert [(i.kind, i.due_date) for i in pending] == [("new_due_date", date(2026, 12, 5))]
    assert [(i.kind, i.status) for i in await rows(web, BoletoInstruction)] == [
        ("write_off", "exported")
    ]
