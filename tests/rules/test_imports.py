"""Headers of portfolio files, and what a file may change of an invoice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rules import import_invoices as invoices
from rules import imports
from rules.import_columns import ImportKind
from rules.import_invoices import changed_invoice, new_invoice
from rules.import_progress import Progress, progress
from rules.imports import read_header
from tests.support.portfolio import AT

pytestmark = pytest.mark.once

TODAY = date(2026, 11, 16)
TOLD = {"code": "F1", "customer_id": 1, "due_date": date(2026, 10, 5), "amount": Decimal(100)}


@pytest.mark.parametrize(
    ("line", "kind", "separator"),
    [
        ("Código;Nome;CPF/CNPJ", ImportKind.CUSTOMERS, ";"),
        ("code,name,document", ImportKind.CUSTOMERS, ","),
        ("codigo;cliente;plano", ImportKind.CONTRACTS, ";"),
        ("codigo;cliente;vencimento;valor;observação", ImportKind.INVOICES, ";"),
        ("code,customer,due_date,amount", ImportKind.INVOICES, ","),
        ("código,fatura,valor pago,data pagamento", ImportKind.PAYMENTS, ","),
        ('"codigo";"fatura";"valor";"pago_em";', ImportKind.PAYMENTS, ";"),
        ("Código;Código da fatura;Valor pago;Data do pagamento", ImportKind.PAYMENTS, ";"),
        ('Código;Cliente;"Data de\nvencimento";Valor', ImportKind.INVOICES, ";"),
    ],
)
def test_a_header_says_what_a_file_is(line, kind, separator):
    header = read_header(line, kind=None)

    assert (header.kind, header.separator) == (kind, separator)


def test_columns_that_are_not_ours_are_named():
    header = read_header("codigo;nome;cpf;Apelido", kind=None)

    assert header.fields == ("code", "name", "document", None)
    assert header.ignored == ["apelido"]


@pytest.mark.parametrize(
    ("line", "kind", "refusal"),
    [
        ("codigo|nome|cpf", None, imports.SeparatorNotAccepted),
        ("a;b;c", None, imports.HeaderNotRecognised),
        ("codigo;apelido", None, imports.HeaderNotRecognised),
        ("codigo;nome", None, imports.ColumnMissing),
        ("codigo;nome", ImportKind.CUSTOMERS, imports.ColumnMissing),
        ("codigo;nome;cpf;cnpj", None, imports.ColumnsAlike),
        ("codigo;nome;cpf;CPF", None, imports.ColumnRepeated),
        ("codigo;cliente;cobrar_de;inicio;data_de_inicio", None, imports.ColumnsAlike),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(line, kind, refusal):
    with pytest.raises(refusal):
        read_header(line, kind=kind)


def kept(**changed: Any) -> dict[str, Any]:
    return {**new_invoice(TOLD, today=TODAY), "id": 1, **changed}


@pytest.mark.parametrize(
    ("changed", "told", "expected"),
    [
        ({}, {}, {}),
        ({}, {"due_date": TODAY}, {"due_date": TODAY}),
        ({}, {"amount": Decimal(90)}, {"amount": Decimal(90), "open_amount": Decimal(90)}),
        # what was paid stays paid
        ({"open_amount": Decimal(60)}, {"amount": Decimal(90)},
         {"amount": Decimal(90), "open_amount": Decimal(50)}),
        # an older file raises nothing
        ({"open_amount": Decimal(60)}, {"open_amount": Decimal(100)}, {}),
        ({"open_amount": Decimal(60)}, {"open_amount": Decimal(20)}, {"open_amount": Decimal(20)}),
        ({"status": "settled", "open_amount": Decimal(0), "settled_on": TODAY},
         {"status": "open"}, {}),
        # ended elsewhere
        ({}, {"status": "settled", "settled_on": TODAY},
         {"status": "settled", "open_amount": Decimal(0), "settled_on": TODAY}),
        ({}, {"open_amount": Decimal(0), "settled_on": TODAY},
         {"status": "settled", "open_amount": Decimal(0), "settled_on": TODAY}),
        ({}, {"status": "cancelled"}, {"status": "cancelled", "open_amount": Decimal(0)}),
        ({"status": "cancelled", "open_amount": Decimal(0), "collection_stage": "withdrawn"},
         {"status": "open"},
         {"status": "open", "open_amount": Decimal(100), "collection_stage": None}),
        # taken over once; after that the journey decides
        ({}, {"collection_stage": "classified", "stage_since": None},
         {"collection_stage": "classified", "stage_since": TODAY}),
        ({"collection_stage": "negotiating"}, {"collection_stage": "classified"}, {}),
        # What an agreement took the place of, or made and was undone, owes nothing any more
        ({"status": "replaced", "agreement_id": 1, "open_amount": Decimal(0)},
         {"status": "suspended", "open_amount": Decimal(60)}, {}),
        ({"status": "suspended", "agreement_id": 1, "open_amount": Decimal(0),
          "collection_stage": "replaced"}, {"status": "open", "open_amount": Decimal(60)}, {}),
        ({"status": "cancelled", "agreement_id": 1, "open_amount": Decimal(0),
          "collection_stage": "withdrawn"}, {"status": "open"}, {}),
    ],
)  # fmt: skip
def test_a_file_changes_what_it_may(changed, told, expected):
    assert changed_invoice(kept(**changed), {**TOLD, **told}, today=TODAY) == expected


@pytest.mark.parametrize(
    ("changed", "told", "refusal"),
    [
        ({"agreement_id": 1}, {"amount": Decimal(90)}, invoices.InvoiceInAgreement),
        ({"agreement_id": 1}, {"due_date": TODAY}, invoices.InvoiceInAgreement),
        ({"agreement_id": 1}, {"status": "cancelled"}, invoices.InvoiceInAgreement),
        ({"status": "replaced"}, {"amount": Decimal(90)}, invoices.InvoiceInAgreement),
        ({"status": "settled", "open_amount": Decimal(0)}, {"amount": Decimal(110)},
         invoices.SettledAmountFixed),
        ({"status": "settled", "open_amount": Decimal(0)}, {"status": "cancelled"},
         invoices.SettledInvoiceKept),
        ({}, {"customer_id": 2}, invoices.InvoiceOfAnotherCustomer),
        ({}, {"status": "settled"}, invoices.SettledWithoutDate),
        ({}, {"status": "settled", "settled_on": date(2026, 11, 17)}, invoices.SettledInTheFuture),
        ({}, {"open_amount": Decimal(101)}, invoices.OpenAboveAmount),
        ({}, {"collection_stage": "classified", "stage_since": date(2026, 11, 17)},
         invoices.StageInTheFuture),
        ({}, {"collection_stage": "classified", "status": "cancelled"},
         invoices.StageOfClosedInvoice),
        ({}, {"collection_stage": "in_contact", "due_date": TODAY}, invoices.StageBeforeDue),
    ],
)  # fmt: skip
def test_what_a_file_may_not_change_is_refused(changed, told, refusal):
    with pytest.raises(refusal):
        changed_invoice(kept(**changed), {**TOLD, **told}, today=TODAY)


def test_progress_tells_the_pace_and_what_is_left():
    now = AT.replace(second=10)

    assert progress(done=100, total=400, started_at=AT, now=now) == Progress(25, 10, 30)
    assert progress(done=0, total=400, started_at=AT, now=now) == Progress(0, None, None)
    assert progress(done=0, total=0, started_at=None, now=now) == Progress(0, None, None)
