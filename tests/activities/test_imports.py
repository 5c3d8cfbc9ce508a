"""Portfolio files become rows, once, whatever is wrong with some of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from activities.import_requests import begin_import, resume_import, stop_import
from activities.imports import import_file
from models.boleto_instructions import InvoiceRenegotiation
from models.bulk import BulkError, BulkRun
from models.cases import Case
from models.collections import CollectionAccount, PanelTotal
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice, InvoiceEvent
from models.outbox import OutboxEntry
from tests.support.portfolio import (
    AT,
    CUSTOMERS,
    a_payment,
    an_invoice,
    carry_on,
    errors_of,
    import_files,
    uploaded,
    write_csv,
)

ROOT = Path(__file__).parent.parent.parent


def counts(run: BulkRun) -> tuple[str, int, int, int, int]:
    return run.status, run.total, run.changed, run.unchanged, run.errors


async def all_of(database: Database, statement: SelectOfScalar[Any]) -> list[Any]:
    async with database.read() as session:
        return list(await session.exec(statement))


async def with_customers(database: Database, folder: Path) -> None:
    run = await import_files(database, write_csv(folder / "clientes.csv", CUSTOMERS))
    assert counts(run) == ("done", 2, 2, 0, 0)


async def with_invoices(database: Database, folder: Path, *rows: dict[str, str]) -> None:
    await with_customers(database, folder)
    run = await import_files(database, write_csv(folder / "faturas.csv", rows or [an_invoice()]))
    assert run.errors == 0, await errors_of(database, run)


@pytest.mark.parametrize(("encoding", "separator"), [("utf-8-sig", ";"), ("cp1252", ",")])
async def test_a_portfolio_in_one_upload_is_written_in_the_order_it_needs(
    database: Database, tmp_path: Path, encoding: str, separator: str
) -> None:
    form = {"encoding": encoding, "separator": separator}
    run = await import_files(
        database,
        write_csv(tmp_path / "p.csv", [a_payment(valor="1000,00")], **form),
        write_csv(tmp_path / "f.csv", [an_invoice(contrato="K1")], **form),
        write_csv(tmp_path / "k.csv", [{"codigo": "K1", "cliente": "C1", "plano": "Ágil"}], **form),
        write_csv(tmp_path / "c.csv", CUSTOMERS, **form),
    )

    assert counts(run) == ("done", 5, 5, 0, 0)
    invoice = (await all_of(database, select(Invoice)))[0]
    assert (invoice.amount, invoice.open_amount) == (Decimal("1234.56"), Decimal("234.56"))
    assert invoice.contract_id is not None
    names = await all_of(database, select(Customer.name).order_by(Customer.code))
    assert names == ["Ana Souza", "João Lima"]


async def test_importing_again_changes_only_what_changed(
    database: Database, tmp_path: Path
) -> None:
    rows = [an_invoice("F1"), an_invoice("F2")]
    await with_invoices(database, tmp_path, *rows)

    same = await import_files(database, write_csv(tmp_path / "f.csv", rows))
    rows[1]["valor"] = "10,00"
    other = await import_files(database, write_csv(tmp_path / "f.csv", rows))

    assert counts(same) == ("done", 2, 0, 2, 0)
    assert counts(other) == ("done", 2, 1, 1, 0)
    events = await all_of(database, select(InvoiceEvent))
    assert [(e.kind, e.parameters) for e in events] == [
        ("imported", {"amount": "10.00", "open_amount": "10.00"})
    ]


@pytest.mark.parametrize(
    ("was", "now", "postponed"),
    [
        ("10/10/2026", "20/12/2026", [(date(2026, 10, 10), date(2026, 12, 20))]),
        ("10/12/2026", "20/12/2026", [(date(2026, 12, 10), date(2026, 12, 20))]),
        ("20/12/2026", "10/10/2026", []),  # as it always was: it is late already
    ],
)
async def test_the_ladder_looks_anew_at_a_due_date_that_a_file_moves(
    database: Database, tmp_path: Path, was: str, now: str, postponed: list[tuple[date, date]]
) -> None:
    await with_invoices(database, tmp_path, an_invoice(vencimento=was))
    async with database.write() as session:
        (await session.exec(select(Invoice))).one().ladder_next_on = date(2026, 12, 31)

    await import_files(database, write_csv(tmp_path / "f.csv", [an_invoice(vencimento=now)]))

    invoice = (await all_of(database, select(Invoice)))[0]
    moved = await all_of(database, select(InvoiceRenegotiation))
    assert invoice.ladder_next_on is None
    assert [(each.was_due_on, each.due_on) for each in moved] == postponed


async def test_a_payment_is_not_undone_by_an_older_file(database: Database, tmp_path: Path) -> None:
    await with_invoices(database, tmp_path, an_invoice(situacao="aberta", saldo="1.234,56"))
    await import_files(database, write_csv(tmp_path / "p.csv", [a_payment()]))

    again = await import_files(database, tmp_path / "faturas.csv")

    assert counts(again) == ("done", 1, 0, 1, 0)
    invoice = (await all_of(database, select(Invoice)))[0]
    assert (invoice.status, invoice.settled_on) == ("settled", date(2026, 11, 13))


async def test_a_dry_run_knows_its_earlier_files_and_writes_nothing(
    database: Database, tmp_path: Path
) -> None:
    customers = write_csv(tmp_path / "c.csv", CUSTOMERS)
    invoices = write_csv(tmp_path / "f.csv", [an_invoice(), an_invoice("F2", cliente="C9")])

    run = await import_files(database, invoices, customers, is_dry_run=True)

    assert counts(run) == ("done", 4, 3, 0, 1)
    assert await errors_of(database, run) == [(3, "cliente", "ReferenceUnknown")]
    assert await all_of(database, select(Customer)) == []


async def test_a_dry_run_does_not_count_on_rows_that_it_refused(
    database: Database, tmp_path: Path
) -> None:
    wrong = [CUSTOMERS[0], {**CUSTOMERS[1], "cpf_cnpj": "111.111.111-11"}]
    customers = write_csv(tmp_path / "c.csv", wrong)
    invoices = write_csv(tmp_path / "f.csv", [an_invoice(), an_invoice("F2", cliente="C2")])

    tried = await import_files(database, customers, invoices, is_dry_run=True)
    done = await import_files(database, customers, invoices)

    assert counts(tried) == counts(done) == ("done", 4, 2, 0, 2)
    assert await errors_of(database, tried) == await errors_of(database, done)


async def test_everything_unknown_that_a_row_names_is_told_at_once(
    database: Database, tmp_path: Path
) -> None:
    row = an_invoice(cliente="C9", contrato="K9", perfil_pagamento="P9")

    run = await import_files(database, write_csv(tmp_path / "f.csv", [row]))

    assert await errors_of(database, run) == [
        (2, "cliente", "ReferenceUnknown"),
        (2, "contrato", "ReferenceUnknown"),
        (2, "perfil_pagamento", "RegistryCodeUnknown"),
    ]


async def test_what_leans_on_a_refused_row_says_so_and_tells_its_own_faults(
    database: Database, tmp_path: Path
) -> None:
    customers = write_csv(tmp_path / "c.csv", [{**CUSTOMERS[0], "cpf_cnpj": "1"}])
    contract = {"codigo": "K1", "cliente": "C1", "inicio": "05/01/2025", "fim": "05/01/2025"}
    contracts = write_csv(tmp_path / "k.csv", [contract])
    invoices = write_csv(tmp_path / "f.csv", [an_invoice(contrato="K1", saldo="2.000,00")])
    payments = write_csv(tmp_path / "p.csv", [a_payment(pago_em="17/11/2026")])
    files = (customers, contracts, invoices, payments)

    tried = await import_files(database, *files, is_dry_run=True)
    done = await import_files(database, *files)

    assert (
        await errors_of(database, done)
        == await errors_of(database, tried)
        == [
            (2, "cpf_cnpj", "DocumentNotValid"),
            (2, "cliente", "ReferenceRefused"),
            (2, "fim", "ImportedEndNotAfterStart"),
            (2, "cliente", "ReferenceRefused"),
            (2, "contrato", "ReferenceRefused"),
            (2, "saldo", "OpenAboveAmount"),
            (2, "fatura", "ReferenceRefused"),
            (2, "pago_em", "PaidInTheFuture"),
        ]
    )
    told = await all_of(database, select(BulkError).where(BulkError.code == "ReferenceRefused"))
    assert told[0].places == {"code": "C1", "line": 2, "file": "c.csv"}


async def test_the_value_beside_a_fault_is_what_the_file_has_in_that_cell(
    database: Database, tmp_path: Path
) -> None:
    await with_customers(database, tmp_path)
    row = an_invoice(
        "F1", spc="Registrado", spc_registrado_em="", estagio="em_contato", vencimento="2026-12-05",
        valor="10,00",
    )  # fmt: skip

    run = await import_files(database, write_csv(tmp_path / "f.csv", [row]))

    told = await all_of(database, select(BulkError).where(BulkError.run_id == run.id))
    assert [(each.field, each.code, each.value) for each in told] == [
        ("estagio", "StageBeforeDue", "em_contato"),
        ("spc_registrado_em", "BureauDayRequired", ""),
    ]


async def test_a_row_tells_its_bad_cells_with_what_contradicts_itself(
    database: Database, tmp_path: Path
) -> None:
    await with_invoices(database, tmp_path, an_invoice(valor="100,00"))
    invoice = an_invoice(
        "F2", vencimento="31/11/2026", situacao="quitada", estagio="classificado", saldo="2.000,00",
        cliente="C9",
    )  # fmt: skip
    payment = a_payment("P1", fatura="F1", pago_em="17/11/2026", creditado_em="1/1", multa="x")

    told = await import_files(database, write_csv(tmp_path / "f.csv", [invoice]))
    paid = await import_files(database, write_csv(tmp_path / "p.csv", [payment]))

    assert await errors_of(database, told) == [
        (2, "vencimento", "DateNotValid"),
        (2, "cliente", "ReferenceUnknown"),
        (2, "saldo", "OpenAboveAmount"),
        (2, "quitada_em", "SettledWithoutDate"),
        (2, "estagio", "StageOfClosedInvoice"),
    ]
    assert await errors_of(database, paid) == [
        (2, "creditado_em", "DateNotValid"),
        (2, "multa", "NotAnAmount"),
        (2, "pago_em", "PaidInTheFuture"),
    ]


async def test_bad_rows_are_named_and_the_others_written(
    database: Database, tmp_path: Path
) -> None:
    await with_customers(database, tmp_path)
    lines = [
        "codigo;cliente;vencimento;valor",
        "F1;C1;05/10/2026;10,00",
        "codigo;cliente;vencimento;valor",
        "F2;C9;05/10/2026;10,00",
        "F3;C1;31/11/2026;10,00",
        "F4;C1;05/10/2026;10,001",
        "F5;C1;05/10/2026;-10,00",
        "F6;C1;05/10/2026",
        "F7;C1;05/10/2026;dez",
        "F8;;05/10/2026;1.5.0",
        "F9;C1;2026-10-05;1,00",
        "F9;C2;05/10/2026;2,00",
    ]
    path = tmp_path / "f.csv"
    path.write_text("\n".join(lines))

    run = await import_files(database, path, page_size=4)

    assert await errors_of(database, run) == [
        (3, "", "HeaderRepeated"),
        (4, "cliente", "ReferenceUnknown"),
        (5, "vencimento", "DateNotValid"),
        (6, "valor", "TooPrecise"),
        (7, "valor", "NegativeAmount"),
        (8, "", "FieldCountWrong"),
        (9, "valor", "NotAnAmount"),
        (10, "cliente", "CellRequired"),
        (10, "valor", "NotAnAmount"),
        (11, "codigo", "KeyDuplicated"),
        (12, "codigo", "KeyDuplicated"),
    ]
    assert counts(run) == ("done", 11, 1, 0, 10)
    assert await all_of(database, select(Invoice.code)) == ["F1"]


async def test_a_file_as_a_spreadsheet_leaves_it_is_read(
    database: Database, tmp_path: Path
) -> None:
    customers, invoices = tmp_path / "c.csv", tmp_path / "f.csv"
    customers.write_text(
        'sep=;\r\n\r\n;;;;\r\nNome;"CPF/CNPJ";Apelido;Código;;\r\n'
        '"Ana Souza\nda Silva";\'529.982.247-25;;\'0001;;\r\n;;;;;\r\n',
        encoding="utf-8-sig", newline="",
    )  # fmt: skip
    invoices.write_bytes(
        'situação;valor;"Data de\nvencimento";cliente;código;\r\n'
        "aberta; R$ 1.234,56 ;05/10/2026 00:00:00;0001;F1;\r\n"
        "aberta;R$ 10,00;01/02/26;0001;F2;\r\n".encode("cp1252")
    )

    run = await import_files(database, invoices, customers)

    assert await errors_of(database, run) == [(4, "data_de_vencimento", "DateNotValid")]
    assert counts(run) == ("done", 3, 2, 0, 1)
    [customer] = await all_of(database, select(Customer))
    [invoice] = await all_of(database, select(Invoice))
    assert (customer.code, customer.name) == ("0001", "Ana Souza da Silva")
    assert invoice.amount == Decimal("1234.56")


async def test_a_code_that_stands_twice_in_a_broken_cell_is_refused(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        'codigo;nome;cpf\n"C\n1";Ana;52998224725\nC 1;Bia;11144477735\n"C\n1";Rui;39053344705\n'
    )

    run = await import_files(database, path)

    assert [code for _, _, code in await errors_of(database, run)] == ["KeyDuplicated"] * 3
    assert await all_of(database, select(Customer)) == []


async def test_bad_customers_are_named(database: Database, tmp_path: Path) -> None:
    rows = [
        {"code": "C1", "name": "A", "document": "529.982.247-26", "email": "", "mobile": ""},
        {"code": "C2", "name": "B", "document": "12.ABC.345/01DE-35", "email": "x", "mobile": ""},
        {"code": "C3", "name": "C", "document": "52998224725", "email": "", "mobile": "1198"},
        {
            "code": "C4",
            "name": "D",
            "document": "52998224725",
            "email": "",
            "mobile": "11987654321",
        },
    ]

    run = await import_files(database, write_csv(tmp_path / "c.csv", rows, separator=","))

    assert await errors_of(database, run) == [
        (2, "document", "DocumentNotValid"),
        (3, "email", "EmailNotValid"),
        (4, "mobile", "PhoneNotValid"),
    ]
    assert await all_of(database, select(Customer.mobile)) == ["+5511987654321"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "ImportEmpty"),
        (b"codigo;nome;cpf\n", "ImportEmpty"),
        (b"PK\x03\x04xl/workbook", "ImportNotText"),
        ("codigo;nome;cpf\n1;João;52998224725\n".encode("utf-16"), "EncodingNotAccepted"),
        ("codigo;nome;cpf\n1;João;52998224725\n".encode("cp850"), "EncodingNotAccepted"),
        (b"codigo;nome;cpf\n1;Jo\xe3o;1\n2;Jo\xc3\xa3o;1\n", "EncodingMixed"),
        (b"codigo\tnome\tcpf\n1\tAna\t52998224725\n", "SeparatorNotAccepted"),
        (b"1;Ana;52998224725\n2;Bia;11144477735\n", "HeaderNotRecognised"),
        (b"codigo;nome;cidade\n1;Ana;Recife\n", "ColumnMissing"),
        (b"codigo;nome;cpf;CPF\n1;Ana;1;1\n", "ColumnRepeated"),
        (b"codigo;cliente;vencimento;valor\nF1;C1;05/10/2026;1,5\nF2;C1;05/10/2026;1.5\n",
         "DecimalsMixed"),
        (b'codigo;nome;cpf\n1;"Ana;52998224725\n2;Bia;1\n', "QuoteNotClosed"),
        (b"codigo;nome;cpf\r1;Ana;52998224725\r", "LineEndsNotAccepted"),
        (b'"codigo;nome;cpf\n' + b"1;Ana;52998224725\n" * 60, "QuoteNotClosed"),
    ],
)  # fmt: skip
async def test_a_file_that_cannot_be_a_portfolio_is_refused_whole(
    database: Database, tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)

    run = await import_files(database, path)
    run = await carry_on(database, run)  # an activity that is tried again

    assert run.status == "failed"
    assert [found for _, _, found in await errors_of(database, run)] == [code]
    assert await all_of(database, select(Customer)) == []


async def test_a_missing_column_of_the_chosen_kind_is_named(
    database: Database, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "x.csv", [{"codigo": "1", "nome": "Ana", "cidade": "Recife"}])
    async with database.write() as session:
        files = [uploaded(path, "customers")]
        run = await begin_import(session, files, is_dry_run=False, by="ana", at=AT)

    run = await carry_on(database, run)

    assert [code for _, _, code in await errors_of(database, run)] == ["ColumnMissing"]


async def test_one_bad_file_keeps_all_of_the_upload_out(database: Database, tmp_path: Path) -> None:
    good = write_csv(tmp_path / "c.csv", CUSTOMERS)
    bad = write_csv(tmp_path / "x.csv", [{"a": "1", "b": "2"}])

    run = await import_files(database, good, bad)

    assert run.status == "failed"
    assert await all_of(database, select(Customer)) == []


async def test_a_stopped_import_goes_on_where_it_was(database: Database, tmp_path: Path) -> None:
    await with_customers(database, tmp_path)
    path = write_csv(tmp_path / "f.csv", [an_invoice(f"F{n}") for n in range(10)])
    async with database.write() as session:
        run = await begin_import(session, [uploaded(path)], is_dry_run=False, by="ana", at=AT)
        await stop_import(session, run.id or 0)

    stopped = await carry_on(database, run, page_size=3)
    async with database.write() as session:
        await resume_import(session, run.id or 0, at=AT)
    done = await carry_on(database, run, page_size=3)

    assert counts(stopped) == ("stopped", 10, 0, 0, 0)
    assert counts(done) == ("done", 10, 10, 0, 0)
    asked = await all_of(database, select(OutboxEntry).where(OutboxEntry.workflow_id == "import/2"))
    assert [entry.verb for entry in asked] == ["start", "restart"]


async def test_what_an_agreement_fixed_is_not_changed_by_a_file(
    database: Database, tmp_path: Path
) -> None:
    await with_invoices(database, tmp_path)
    async with database.write() as session:
        invoice = (await session.exec(select(Invoice))).one()
        invoice.status = "replaced"
        session.add(invoice)

    run = await import_files(database, write_csv(tmp_path / "f.csv", [an_invoice(valor="10,00")]))

    assert await errors_of(database, run) == [(2, "valor", "InvoiceInAgreement")]


async def test_invoices_are_taken_over_at_their_stage(database: Database, tmp_path: Path) -> None:
    await with_invoices(
        database,
        tmp_path,
        an_invoice("F1", estagio="em_negociacao", desde="01/09/2026"),
        an_invoice("F2", estagio="classificado", desde="10/10/2026"),
        an_invoice("F3", cliente="C2", estagio="in_contact", desde="10/10/2026"),
        an_invoice("F4", cliente="C2", estagio="", desde=""),
    )
    again = await import_files(database, tmp_path / "faturas.csv")

    assert counts(again) == ("done", 4, 0, 4, 0)
    found = await all_of(database, select(Case).order_by(col(Case.subject_id)))
    assert [(c.process, c.stage, c.stage_since.day) for c in found] == [
        ("collections", "negotiating", 1),
        ("collections", "in_contact", 10),
    ]
    assert len(await all_of(database, select(CollectionAccount))) == 1
    totals = await all_of(database, select(PanelTotal).order_by(col(PanelTotal.panel)))
    assert [(t.panel, t.invoices) for t in totals] == [(1, 1), (2, 1), (3, 1)]
    started = await all_of(
        database, select(OutboxEntry).where(OutboxEntry.workflow == "CollectionsJourney")
    )
    assert [entry.workflow_id for entry in started] == [case.workflow_id for case in found]


async def test_a_file_from_the_command_line_is_imported_and_stays(
    database: Database, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "c.csv", CUSTOMERS)

    said = await import_file(database, path, at=AT)

    changed = await import_file(
        database, write_csv(tmp_path / "c.csv", [CUSTOMERS[0] | {"nome": "Eva"}]), at=AT
    )

    assert said == "c.csv: done, 2 gravadas, 0 sem mudança, 0 recusadas (/importacoes/1)"
    assert changed == "c.csv: done, 1 gravada, 0 sem mudança, 0 recusadas (/importacoes/2)"
    assert path.exists()
    assert await all_of(database, select(OutboxEntry)) == []
