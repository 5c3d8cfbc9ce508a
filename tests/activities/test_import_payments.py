"""Payments by file: each once, in parts, with its charges told apart, or explaining an invoice."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from sqlmodel import col, select

from models.database import Database
from models.invoices import Invoice
from models.payments import Payment
from tests.activities.test_imports import all_of, counts, with_invoices
from tests.support.portfolio import (
    a_payment,
    an_invoice,
    errors_of,
    import_files,
    write_csv,
)


async def test_payments_by_file_pay_once_each_and_in_parts(
    database: Database, tmp_path: Path
) -> None:
    await with_invoices(database, tmp_path, an_invoice(valor="100,00"))
    rows = [
        a_payment("P1", valor="40,00"),
        a_payment("P2", valor="50,00"),
        a_payment("P3", valor="20,00"),
        a_payment("P4", valor="1,00"),
        a_payment("P5", valor="1,00", fatura="F9"),
        a_payment("P6", valor="1,00", pago_em="17/11/2026"),
    ]
    file = write_csv(tmp_path / "p.csv", rows)

    run = await import_files(database, file)
    again = await import_files(database, file)

    assert await errors_of(database, run) == [
        (5, "fatura", "InvoiceAlreadySettled"),
        (6, "fatura", "ReferenceUnknown"),
        (7, "pago_em", "PaidInTheFuture"),
        (7, "fatura", "InvoiceAlreadySettled"),
    ]
    assert counts(again) == ("done", 6, 0, 3, 3)
    paid = await all_of(database, select(Payment).order_by(col(Payment.id)))
    assert [(p.code, p.applied, p.excess) for p in paid] == [
        ("P1", Decimal(40), Decimal(0)),
        ("P2", Decimal(50), Decimal(0)),
        ("P3", Decimal(10), Decimal(10)),
    ]


async def test_a_payment_by_file_in_time_earns_its_discount(
    database: Database, tmp_path: Path
) -> None:
    in_time = {"vencimento": "16/11/2026", "desconto_pontualidade": "10,00"}
    await with_invoices(
        database, tmp_path,
        an_invoice("F1", valor="100,00", **in_time),
        an_invoice("F2", valor="100,00", **in_time | {"vencimento": "10/11/2026"}),
    )  # fmt: skip
    rows = [a_payment("P1", valor="90,00"), a_payment("P2", valor="90,00", fatura="F2")]

    await import_files(database, write_csv(tmp_path / "p.csv", rows))

    paid = await all_of(database, select(Payment).order_by(col(Payment.id)))
    invoices = await all_of(database, select(Invoice).order_by(col(Invoice.id)))
    assert [(p.applied, p.discount) for p in paid] == [(90, 10), (90, 0)]
    assert [(i.status, i.open_amount) for i in invoices] == [("settled", 0), ("open", 10)]


async def test_payments_by_file_tell_principal_fine_and_interest_apart(
    database: Database, tmp_path: Path
) -> None:
    await with_invoices(database, tmp_path, an_invoice(valor="100,00"))
    parts = {"valor": "103,17", "principal": "", "multa": "2,00", "juros": "1,17"}
    rows = [
        a_payment("P1", **parts | {"principal": "90,00"}),
        a_payment("P2", **parts | {"principal": "100,00"}),
    ]
    file = write_csv(tmp_path / "p.csv", rows)

    run = await import_files(database, file)
    again = await import_files(database, file)

    assert await errors_of(database, run) == [(2, "principal", "PartsDoNotAdd")]
    assert again.unchanged == 1
    [payment] = await all_of(database, select(Payment))
    told = (payment.applied, payment.fine, payment.interest, payment.excess)
    assert told == (Decimal("100.00"), Decimal("2.00"), Decimal("1.17"), Decimal("0.00"))


async def test_payments_may_explain_what_a_file_called_settled(
    database: Database, tmp_path: Path
) -> None:
    settled = an_invoice(situacao="quitada", quitada_em="13/11/2026")
    await with_invoices(database, tmp_path, settled)

    run = await import_files(database, write_csv(tmp_path / "p.csv", [a_payment()]))

    assert counts(run) == ("done", 1, 1, 0, 0)
    assert (await all_of(database, select(Payment)))[0].applied == Decimal("1234.56")
