"""The document of an invoice, read back from its PDF: words, bars and QR Code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from activities.documents import Document, draw
from activities.invoice_documents import invoice_document
from models.agreements import Agreement, AgreementInvoice
from models.charges import Charge
from models.contracts import Contract
from models.database import Database
from models.invoices import Invoice
from models.policies import PolicyValue
from rules.boleto import read_barcode, typed_line, written_line
from rules.business_days import ONE_DAY
from tests.builders import (
    AT,
    TODAY,
    a_category,
    a_contract,
    a_customer,
    a_payment_profile,
    an_invoice,
    pay,
    stored,
)
from tests.support.br_codes import fields_of
from tests.support.pdf import codes_seen, is_accessible, words_of

PIX_KEY = "financeiro@provedor.com.br"
BANKED = {
    "bank": "001", "branch": "4042", "account": "61900", "agreement": "1238798", "wallet": "18",
    "pix_key": PIX_KEY,
}  # fmt: skip
FUTURE = date(2026, 12, 5)


async def document_of(
    database: Database,
    *,
    profile: dict[str, Any] | None = None,
    customer: dict[str, Any] | None = None,
    has_whole_cpf: bool = True,
    paid: str | None = None,
    **values: Any,
) -> Document:
    """The document of an invoice of R$ 149,90 made with these values."""
    async with database.write() as session:
        banked = await a_payment_profile(session, **(BANKED if profile is None else profile))
        owner = await a_customer(session, **(customer or {}))
        invoice: Invoice = await an_invoice(
            session, owner, "149.90", payment_profile_id=banked.id, **values
        )
        if paid:
            await pay(session, invoice, paid)
        return await invoice_document(session, invoice.key, at=AT, has_whole_cpf=has_whole_cpf)


async def test_bars_and_qr_code_are_read_back_from_the_page(database: Database) -> None:
    document = await document_of(database, due_date=FUTURE)

    pdf = draw(document)
    seen = codes_seen(pdf)
    boleto, pix = read_barcode(seen["ITF"], today=TODAY), fields_of(seen["QR Code"])

    assert (boleto.bank, boleto.due_date, boleto.amount) == ("001", FUTURE, Decimal("149.90"))
    assert boleto.free_field == "0000001238798000000000118"
    assert (pix["26.01"], pix["54"], pix["60"]) == (PIX_KEY, "149.90", "Sao Paulo")
    words = words_of(pdf)
    assert written_line(typed_line(seen["ITF"])) in words
    assert seen["QR Code"].replace(" ", "") in words.replace(" ", "")
    assert "12387980000000001" in words  # the bank's number


async def test_what_is_debited_by_itself_carries_nothing_to_pay_twice_with(
    database: Database,
) -> None:
    async with database.write() as session:
        contract = await a_contract(
            session, await a_customer(session), payment_method="pix_automatic"
        )

    in_time = await document_of(database, due_date=FUTURE, contract_id=contract.id)
    late = await document_of(database, due_date=TODAY - ONE_DAY * 9, contract_id=contract.id)

    assert (in_time.values["pix"], in_time.values["boleto"]) == (None, None)
    words = words_of(draw(in_time))
    assert "Pix Automático, cobrado por seu banco" in words
    assert "Se o valor não for cobrado até o vencimento, fale conosco" in words
    assert late.values["pix"]
    assert late.values["boleto"]


async def test_who_collects_is_named_with_address_and_document(database: Database) -> None:
    async with database.write() as session:
        for name, value in {"name": "Provedor Serra", "address": "Rua A, 1, Betim/MG"}.items():
            session.add(
                PolicyValue(name=f"Supplier.{name}", value=value, changed_at=AT, changed_by="ana")
            )

    words = words_of(draw(await document_of(database)))

    for part in ("Provedor Serra", "11.222.333/0001-81", "Rua A, 1, Betim/MG"):
        assert words.count(part) >= 2  # at the head and as the boleto's beneficiary


async def test_what_is_late_is_explained_line_by_line(database: Database) -> None:
    document = await document_of(database)  # due on 5 October, today is 16 November

    pdf = draw(document)
    words, seen = words_of(pdf), codes_seen(pdf)

    assert "Multa de 2 % sobre R$ 149,90 R$ 3,00" in words
    assert (
        "Juros de 1 % ao mês sobre R$ 149,90, por 42 dias (de 06/10/2026 a 16/11/2026) R$ 2,10"
        in words
    )
    assert "Total a pagar em 16/11/2026 R$ 155,00" in words
    assert fields_of(seen["QR Code"])["54"] == "155.00"
    assert read_barcode(seen["ITF"], today=TODAY).amount == Decimal("149.90")  # the bank adds


async def test_a_part_that_was_paid_is_taken_off(database: Database) -> None:
    document = await document_of(database, due_date=FUTURE, paid="100.00")

    pdf = draw(document)

    assert "Já pago \u2212R$ 100,00 Total R$ 49,90" in words_of(pdf)
    assert read_barcode(codes_seen(pdf)["ITF"], today=TODAY).amount == Decimal("49.90")


async def test_a_discount_stands_until_the_due_date(database: Database) -> None:
    in_time = await document_of(database, due_date=FUTURE, pay_on_time_discount=Decimal(10))
    late = await document_of(database, pay_on_time_discount=Decimal(10))

    words = words_of(draw(in_time))

    assert "Pagando até 07/12/2026, desconto de R$ 10,00: R$ 139,90." in words
    assert "Desconto" not in words_of(draw(late))


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("settled", "Fatura quitada em 05/10/2026. Nada há a pagar."),
        ("cancelled", "Fatura cancelada."),
        ("replaced", "Pague as parcelas do acordo"),
        ("suspended", "Não pague esta fatura"),
    ],
)
async def test_an_invoice_that_is_not_open_cannot_be_paid(
    database: Database, status: str, says: str
) -> None:
    settled_on = date(2026, 10, 5) if status == "settled" else None
    document = await document_of(
        database, status=status, settled_on=settled_on, open_amount=Decimal(0)
    )

    pdf = draw(document)

    assert says in words_of(pdf)
    assert codes_seen(pdf) == {}


async def test_without_bank_and_pix_key_the_customer_is_told_where_to_call(
    database: Database,
) -> None:
    pdf = draw(await document_of(database, profile={}))

    assert codes_seen(pdf) == {}
    assert "Para pagar, fale conosco: 0800 000 0000." in words_of(pdf)


async def test_only_the_customers_own_copy_has_the_cpf_whole(database: Database) -> None:
    assert "529.982.247-25" in words_of(draw(await document_of(database)))
    assert "***.982.247-**" in words_of(draw(await document_of(database, has_whole_cpf=False)))


async def test_a_document_can_be_read_aloud(database: Database) -> None:
    assert is_accessible(draw(await document_of(database)))


async def test_a_name_is_never_read_as_markup(database: Database) -> None:
    name = '#panic("x") *Ana* $x$ // <b>'

    words = words_of(draw(await document_of(database, customer={"name": name})))

    assert name in words


async def test_a_name_that_our_fonts_lack_still_makes_a_document(database: Database) -> None:
    pdf = draw(await document_of(database, customer={"name": "Ana 😀"}))

    assert "ITF" in codes_seen(pdf)
    assert not is_accessible(pdf)


async def test_the_same_invoice_makes_the_same_bytes(database: Database) -> None:
    document = await document_of(database)

    assert draw(document) == draw(document)


async def test_an_invoice_of_charges_shows_each_with_its_days_and_discount(
    database: Database,
) -> None:
    async with database.write() as session:
        owner = await a_customer(session)
        contract = await a_contract(session, owner)
        invoice = await an_invoice(session, owner, "139.90", due_date=FUTURE)
        session.add_all([
            a_charge(contract, invoice, "Fibra 500 Mega", "149.90", discount=Decimal(20),
                     period_start=date(2026, 11, 1), period_end=date(2026, 12, 1)),
            a_charge(contract, invoice, "IP fixo", "10.00"),
        ])  # fmt: skip
        document = await invoice_document(session, invoice.key, at=AT, has_whole_cpf=True)

    words = words_of(draw(document))

    assert "Fibra 500 Mega De 01/11/2026 a 30/11/2026 R$ 149,90" in words
    assert "Desconto: Fibra 500 Mega -R$ 20,00" in words
    assert "IP fixo R$ 10,00 Total R$ 139,90" in words


async def test_an_invoice_of_several_contracts_names_each(database: Database) -> None:
    async with database.write() as session:
        owner = await a_customer(session)
        first, second = await a_contract(session, owner), await a_contract(session, owner)
        invoice = await an_invoice(session, owner, "280.00", due_date=FUTURE)
        session.add_all([
            a_charge(first, invoice, "Fibra 500 Mega", "149.90"),
            a_charge(second, invoice, "Fibra 500 Mega", "149.90", discount=Decimal("19.80")),
        ])  # fmt: skip
        document = await invoice_document(session, invoice.key, at=AT, has_whole_cpf=True)

    words = words_of(draw(document))

    for contract in (first, second):
        assert f"Fibra 500 Mega · {contract.code} R$ 149,90" in words
    assert f"Desconto: Fibra 500 Mega · {second.code} -R$ 19,80" in words


async def test_an_instalment_shows_what_it_is_made_of(database: Database) -> None:
    parts = {
        "principal": "100.00", "increase": "5.00", "fine": "2.00", "discount": "3.00",
        "charges": "0.00", "fees": "10.00",
    }  # fmt: skip
    async with database.write() as session:
        owner = await a_customer(session)
        category = await a_category(session)
        agreement = await stored(session, Agreement(
            customer_id=owner.id, kind="proposal", status="in_progress", made_at=AT,
            category_id=category.id, tolerance_date=FUTURE, principal=Decimal(100),
            total=Decimal(114), made_by="ana",
        ))  # fmt: skip
        invoice = await an_invoice(
            session, owner, "114.00", due_date=FUTURE, agreement_id=agreement.id
        )
        session.add(AgreementInvoice(
            agreement_id=agreement.id, invoice_id=invoice.key, role="instalment", parts=parts
        ))  # fmt: skip
        document = await invoice_document(session, invoice.key, at=AT, has_whole_cpf=True)

    words = words_of(draw(document))

    assert (
        "Valor das faturas incluídas R$ 100,00 Acréscimo R$ 5,00 Multa R$ 2,00 "
        "Desconto -R$ 3,00 Honorários R$ 10,00 Total R$ 114,00"
    ) in words
    assert "Encargos" not in words


def a_charge(contract: Contract, invoice: Invoice, description: str, amount: str, **values: Any):
    """A charge that stands on the invoice."""
    return Charge(
        key=f"{contract.code}/{description}", contract_id=contract.key, kind="monthly",
        customer_id=contract.customer_id, description=description, amount=Decimal(amount),
        issue_date=TODAY, due_date=FUTURE, status="invoiced", invoice_id=invoice.key,
        created_at=AT, created_by="ana", **values,
    )  # fmt: skip
