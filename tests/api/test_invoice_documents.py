"""An invoice's PDF: opened by who may see invoices, audited, and sent along with an e-mail."""

from __future__ import annotations

from uuid import uuid4

import pytest
from pypdfium2 import PdfDocument

from activities.contestation_received import receive_contestation
from models.boleto_numbers import BoletoNumber
from models.customers import Customer
from models.messages import Message, MessageAttachment
from models.people import AuditEntry
from rules.contestation_received_commands import NewContestation
from tests.builders import a_customer, a_payment_profile, an_invoice
from tests.support.pdf import codes_seen, words_of
from tests.support.web import Web

ITAU = {
    "bank": "341", "branch": "0810", "account": "53678", "wallet": "175",
    "pix_key": "52998224725", "is_default": True,
}  # fmt: skip


@pytest.fixture
async def invoice(web: Web):
    async with web.database.write() as session:
        await a_payment_profile(session, **ITAU)
        customer = await a_customer(session, email="ana@exemplo.test")
        return await an_invoice(session, customer, "149.90", number="2026-7")


def page_of(invoice) -> str:
    return f"/cobrancas/faturas/{invoice.id}/documento"


async def test_a_person_opens_the_pdf_in_the_browser(web: Web, invoice):
    browser = await web.browser("invoices:see")

    answer = await browser.get(page_of(invoice))

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''fatura-2026-7.pdf"
    assert set(codes_seen(answer.content)) == {"ITF", "QR Code"}
    assert "***.982.247-**" in words_of(answer.content)


async def test_a_program_gets_the_same_document(web: Web, invoice):
    program = await web.program("invoices:see", "documents:whole")

    answer = await program.get(f"/api/invoices/{invoice.id}/document")

    assert answer.content.startswith(b"%PDF-")
    assert "529.982.247-25" in words_of(answer.content)


async def test_who_opened_it_stands_in_the_audit_trail(web: Web, invoice):
    browser = await web.browser("invoices:see")

    await browser.get(page_of(invoice))

    [entry] = await web.rows(AuditEntry)
    assert (entry.by, entry.action) == ("ana", "invoice.document")
    assert entry.subject == f"invoice/{invoice.id}"


async def test_picked_invoices_are_printed_as_one_pdf(web: Web, invoice):
    async with web.database.write() as session:
        customer = await session.get_one(Customer, invoice.customer_id)
        second = await an_invoice(session, customer, "80.00", number="2026-8")
        other = await an_invoice(session, await a_customer(session))
    browser = await web.browser("invoices:see")
    path = f"/cobrancas/contas/{customer.id}/impressao"

    printed = await browser.get(f"{path}?ids={second.id}&ids={invoice.id}")
    one = await browser.get(f"{path}?ids={second.id}")
    nothing = await browser.get(path)
    foreign = await browser.get(f"{path}?ids={other.id}")

    assert printed.headers["content-type"] == "application/pdf"
    told = words_of(printed.content)
    assert "Fatura 2026-7" in told
    assert "Fatura 2026-8" in told
    assert len(PdfDocument(printed.content)) == 2
    assert len(PdfDocument(one.content)) == 1
    assert {nothing.status_code, foreign.status_code} == {422}
    seen = [each.subject for each in await web.rows(AuditEntry)]
    assert sorted(seen) == sorted(f"invoice/{i.id}" for i in (invoice, second, second))


async def test_opened_twice_the_boleto_keeps_its_number(web: Web, invoice):
    browser = await web.browser("invoices:see")

    first, again = [await browser.get(page_of(invoice)) for _ in range(2)]

    assert first.content == again.content
    assert len(await web.rows(BoletoNumber)) == 1


async def test_without_the_permission_there_is_none(web: Web, invoice):
    browser = await web.browser("payments:see", "collections.account:see")

    answer = await browser.get(page_of(invoice))
    account = await browser.get(f"/cobrancas/contas/{invoice.customer_id}")
    payment = await browser.get(f"/cobrancas/faturas/{invoice.id}/pagamento")

    assert answer.status_code == 403
    assert page_of(invoice) not in account.text + payment.text
    assert await web.rows(BoletoNumber) == []


async def test_the_account_and_the_invoice_lead_to_it(web: Web, invoice):
    browser = await web.browser("invoices:see", "payments:see", "collections.account:see")

    account = await browser.get(f"/cobrancas/contas/{invoice.customer_id}")
    payment = await browser.get(f"/cobrancas/faturas/{invoice.id}/pagamento")

    assert f'href="{page_of(invoice)}"' in account.text
    assert f'href="{page_of(invoice)}"' in payment.text


async def test_an_invoice_that_is_not_there_is_not_found(web: Web):
    program = await web.program("invoices:see")

    assert (await program.get("/api/invoices/99/document")).status_code == 404


def written(**changes):
    return {
        "key": str(uuid4()), "to_address": "ana@exemplo.test", "subject": "Sua fatura",
        "text": "Segue a fatura.", "is_confirmed": "1", **changes,
    }  # fmt: skip


async def test_a_letter_offers_the_open_invoices_and_ticks_those_picked(web: Web, invoice):
    browser = await web.browser("messages:act", "invoices:see")
    path = f"/mensagens/clientes/{invoice.customer_id}/email"

    page = (await browser.get(path, params={"ids": invoice.id})).text

    assert "Fatura 2026-7, vencimento 05/10/2026, R$\u00a0149,90" in page
    assert f'name="invoice_ids" value="{invoice.id}" checked' in page


async def test_picked_invoices_go_along_once_however_often_the_form_is_sent(web: Web, invoice):
    browser = await web.browser("messages:act", "invoices:see")
    path = f"/mensagens/clientes/{invoice.customer_id}/email"
    form = written(invoice_ids=str(invoice.id))

    answers = [await browser.post(path, data=form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    [file] = await web.rows(MessageAttachment)
    assert (file.name, file.content_type) == ("fatura-2026-7.pdf", "application/pdf")
    assert "529.982.247-25" in words_of(file.content)  # the customer's own
    assert set(codes_seen(file.content)) == {"ITF", "QR Code"}


async def test_a_letter_sent_again_takes_its_files_along(web: Web, invoice):
    browser = await web.browser("messages:act", "messages:see", "invoices:see")
    path = f"/mensagens/clientes/{invoice.customer_id}/email"
    await browser.post(path, data=written(invoice_ids=str(invoice.id)))
    [letter] = await web.rows(Message)

    await browser.post(f"/mensagens/{letter.id}/repetir")

    first, again = await web.rows(MessageAttachment)
    assert (again.name, again.content) == (first.name, first.content)
    assert again.message_id != first.message_id


async def test_another_customers_invoice_does_not_go_along(web: Web, invoice):
    async with web.database.write() as session:
        other = await a_customer(session, email="outra@exemplo.test")
    browser = await web.browser("messages:act", "invoices:see")

    answer = await browser.post(
        f"/mensagens/clientes/{other.id}/email", data=written(invoice_ids=str(invoice.id))
    )

    assert answer.status_code == 422
    assert 'id="e-invoice_ids"' in answer.text
    assert await web.rows(Message) == []


async def test_a_letter_takes_a_dozen_invoices_and_no_more(web: Web, invoice):
    browser = await web.browser("messages:act", "invoices:see")

    answer = await browser.post(
        f"/mensagens/clientes/{invoice.customer_id}/email",
        data=written(invoice_ids=[str(n) for n in range(1, 14)]),
    )

    assert answer.status_code == 422
    assert "Anexe no máximo 12 faturas" in answer.text


async def test_who_may_not_see_invoices_attaches_none(web: Web, invoice):
    browser = await web.browser("messages:act")
    path = f"/mensagens/clientes/{invoice.customer_id}/email"

    page = await browser.get(path)
    answer = await browser.post(path, data=written(invoice_ids=str(invoice.id)))

    assert "invoice_ids" not in page.text
    assert answer.status_code == 403
    assert await web.rows(Message) == []


async def test_a_contested_invoice_asks_for_nothing(web: Web, invoice):
    browser = await web.browser("invoices:see")
    async with web.database.write() as session:
        await receive_contestation(
            session, NewContestation(invoice.key, "Não contratei a TV"), by="ana", at=web.now
        )

    answer = await browser.get(page_of(invoice))

    assert codes_seen(answer.content) == {}
    assert "Em contestação" in words_of(answer.content)
    assert await web.rows(BoletoNumber) == []
