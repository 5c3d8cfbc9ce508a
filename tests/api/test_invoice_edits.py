"""An instalment gets other terms; its agreement, its bank and its history hear of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from activities import collections
from models.boleto_instructions import BoletoInstruction
from models.boleto_numbers import number_boleto
from models.invoices import Invoice, InvoiceEvent
from models.outbox import OutboxEntry
from models.people import AuditEntry
from models.policies import PolicyValue
from rules.agreement_terms import AgreementKind, MakeAgreement
from tests import builders
from tests.builders import AT
from tests.support.bank_returns import ITAU
from tests.support.web import Web

ALL = ("invoices:act", "invoices:see", "collections.account:see")
TOLERANCE, FIRST_DUE = date(2027, 2, 28), date(2026, 12, 10)
ASKED = {"due_date": "2026-12-20", "description": "Parcela 1", "reason": "Recebe no dia 20"}


async def agree(web: Web, kind: AgreementKind = AgreementKind.PROPOSAL) -> Invoice:
    """An agreement on 300,00; gives what is to be paid first: an instalment, or the original."""
    async with web.database.write() as session:
        customer = await builders.a_customer(session)
        profile = await builders.a_payment_profile(session, **ITAU)
        original = await builders.an_invoice(
            session, customer, "300.00", payment_profile_id=profile.id
        )
        category = await builders.a_category(session)
        account = await builders.a_collections_case(session, customer, at=AT)
        command = MakeAgreement(
            by="ana", invoice_ids=(original.key,), agreement_kind=kind, tolerance_date=TOLERANCE,
            category_id=category.id, count=3, first_due=FIRST_DUE, confirm_new_invoice=True,
            payment_profile_id=profile.id,
        )  # fmt: skip
        await collections.decide(session, account, command, AT)
    async with web.database.write() as session:
        awaiting = select(Invoice).where(Invoice.status == "open").order_by(Invoice.id)
        invoice = (await session.exec(awaiting)).first()
        await number_boleto(session, invoice, profile=profile, at=AT)
    return invoice


async def rows(web: Web, model):
    async with web.database.read() as session:
        return list(await session.exec(select(model).order_by(model.id)))


def path_of(invoice: Invoice) -> str:
    return f"/api/invoices/{invoice.id}/terms"


async def test_another_day_moves_the_reminders_and_is_told_to_the_bank(web: Web):
    invoice = await agree(web)
    program = await web.program(*ALL)
    asked = ASKED | {"payment_profile_id": invoice.payment_profile_id}

    answer = await program.put(path_of(invoice), json=asked)

    assert (answer.status_code, answer.json()["due_date"]) == (200, "2026-12-20")
    assert answer.json()["open_amount"] == "100.00"
    (told,) = await rows(web, BoletoInstruction)
    assert (told.kind, told.due_date, told.amount) == (
        "new_due_date", date(2026, 12, 20), Decimal("100.00")
    )  # fmt: skip
    waiting = [each for each in await rows(web, OutboxEntry) if "/edited/" in str(each.news_id)]
    assert sorted(each.workflow_id.split("/")[0] for each in waiting) == [
        "agreements", "collections",
    ]  # fmt: skip
    assert "edited" in [each.kind for each in await rows(web, InvoiceEvent)]
    assert "invoice.edit" in [each.action for each in await rows(web, AuditEntry)]


async def test_another_profile_has_the_old_boleto_written_off(web: Web):
    invoice = await agree(web)
    async with web.database.write() as session:
        pix = await builders.a_payment_profile(session, name="Pix")
    program = await web.program(*ALL)

    asked = ASKED | {"payment_profile_id": pix.id}
    answer = await program.put(path_of(invoice), json=asked)

    assert answer.json()["payment_profile_id"] == pix.id
    assert [each.kind for each in await rows(web, BoletoInstruction)] == ["write_off"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"due_date": "2026-11-15"}, "EditedDueInThePast"),
        ({"due_date": "2027-03-01"}, "EditedDueAfterTolerance"),
        ({"reason": " "}, "EditReasonRequired"),
        ({"payment_profile_id": 99}, "PaymentProfileNotActive"),
        ({"description": "x" * 201}, "InvalidFields"),
        ({"amount": "1.00"}, "InvalidFields"),
    ],
)
async def test_terms_that_may_not_be_are_refused_and_nothing_changes(web: Web, changed, code):
    invoice = await agree(web)
    program = await web.program(*ALL)

    answer = await program.put(path_of(invoice), json=ASKED | changed)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert FIRST_DUE in [each.due_date for each in await rows(web, Invoice)]
    assert await rows(web, BoletoInstruction) == []


async def test_on_the_tolerance_date_itself_is_still_in_time(web: Web):
    invoice = await agree(web)
    program = await web.program(*ALL)

    answer = await program.put(path_of(invoice), json=ASKED | {"due_date": f"{TOLERANCE}"})

    assert answer.status_code == 200


async def test_papers_already_issued_need_the_special_process(web: Web):
    invoice = await agree(web)
    async with web.database.write() as session:
        (await session.get_one(Invoice, invoice.key)).remittance_generated = True
    program = await web.program(*ALL)

    refused = await program.put(path_of(invoice), json=ASKED)
    async with web.database.write() as session:
        session.add(
            PolicyValue(
                name="AgreementPolicy.allows_remittance", value=True, changed_at=AT,
                changed_by="ana",
            )
        )  # fmt: skip
    allowed = await program.put(path_of(invoice), json=ASKED)

    assert refused.json()["code"] == "RemittanceGenerated"
    assert allowed.status_code == 200


async def test_an_unchanged_original_keeps_its_day_and_what_is_in_no_agreement_is_not_edited(
    web: Web,
):
    original = await agree(web, AgreementKind.UNCHANGED)
    async with web.database.write() as session:
        customer = await builders.a_customer(session, code="C9")
        other = await builders.an_invoice(session, customer)
    program = await web.program(*ALL)

    moved = await program.put(path_of(original), json=ASKED)
    kept = await program.put(path_of(original), json=ASKED | {"due_date": f"{original.due_date}"})
    outside = await program.put(path_of(other), json=ASKED)
    missing = await program.put("/api/invoices/99/terms", json=ASKED)

    assert moved.json()["code"] == "EditedDueNotFree"
    assert kept.json()["description"] == "Parcela 1"
    assert outside.json()["code"] == "EditedNotAwaiting"
    assert missing.status_code == 404


async def test_a_person_edits_it_from_the_tab_of_agreements(web: Web):
    invoice = await agree(web)
    panel = ("collections.in_agreement:see", "collections.in_agreement:act")
    browser = await web.browser(*ALL, *panel)
    path = f"/cobrancas/faturas/{invoice.id}/edicao"
    tab = f"/cobrancas/contas/{invoice.customer_id}/acordos"
    typed = ASKED | {"seen_due_date": f"{FIRST_DUE}", "payment_profile_id": ""}

    listed = (await browser.get(tab)).text
    shown = (await browser.get(path)).text
    wrong = await browser.post(path, data=typed | {"due_date": "2027-05-01"})
    done = await browser.post(path, data=typed)
    again = await browser.post(path, data=typed)
    told = (await browser.get(f"/cobrancas/contas/{invoice.customer_id}/faturas")).text

    assert f'href="{path}"' in listed
    assert f'href="/cobrancas/em-acordo/inclusao-no-spc?ids={invoice.id}"' in listed
    assert f'href="/cobrancas/faturas/{invoice.id}/documento"' in listed
    assert "28/02/2027" in shown
    assert 'id="e-due_date"' in wrong.text
    assert done.headers["location"] == tab
    assert again.status_code == 409
    assert "Editada: vencimento de 10/12/2026 para 20/12/2026" in told


async def test_who_may_not_act_is_offered_no_tool(web: Web):
    invoice = await agree(web)
    browser = await web.browser("collections.account:see", login="auditor")

    listed = (await browser.get(f"/cobrancas/contas/{invoice.customer_id}/acordos")).text

    assert "/edicao" not in listed
    assert "inclusao-no-spc" not in listed
    assert "/documento" not in listed


async def test_a_moved_due_date_is_told_as_days_and_reais(web: Web):
    async with web.database.write() as session:
        customer = await builders.a_customer(session)
        invoice = await builders.an_invoice(session, customer, collection_stage=None)
        session.add(
            InvoiceEvent(
                invoice_id=invoice.key, at=AT, by="ana", kind="renegotiated",
                parameters={"was": "2026-10-05", "now": "2026-12-01", "charges": "2.67",
                            "waived": "0.00", "reason": "Combinado"},
            )
        )  # fmt: skip
    browser = await web.browser(*ALL)

    told = (await browser.get(f"/cobrancas/contas/{customer.id}/faturas")).text

    assert "de 05/10/2026 para 01/12/2026; encargos: R$\xa02,67 na fatura" in told


async def test_numbers_that_no_row_can_have_are_refused_and_break_nothing(web: Web):
    invoice = await agree(web)
    program = await web.program(*ALL)
    browser = await web.browser(*ALL)
    typed = ASKED | {"seen_due_date": f"{FIRST_DUE}", "payment_profile_id": "9" * 30}

    far = await program.put(f"/api/invoices/{'9' * 30}/terms", json=ASKED)
    shown = await browser.post(f"/cobrancas/faturas/{invoice.id}/edicao", data=typed)
    printed = await browser.get("/cobrancas/contas/1/impressao?ids=999999999999999999&ids=x")

    assert far.status_code in {404, 422}
    assert shown.status_code == 422
    assert printed.status_code == 422
