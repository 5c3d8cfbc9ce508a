"""A dry run says what the import of the same files would: of rows that lean on others of the send,
on earlier pages, on what is stored and changed by the send."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select

from models.customers import Customer
from models.database import Database
from models.invoices import Invoice
from models.payments import Payment
from tests import builders
from tests.contracts import a_plan
from tests.support.portfolio import (
    CUSTOMERS,
    a_payment,
    an_agreement,
    an_invoice,
    carry_on,
    errors_of,
    import_files,
    write_csv,
)

Rows = list[dict[str, str]]
Error = tuple[int, str, str]

OPEN = {"vencimento": "10/12/2026", "valor": "100,00", "situacao": "aberta", "saldo": ""}
KEPT = an_invoice("P1", **OPEN)
UNCHANGED = {"tipo": "sem alteração", "faturas": "P1", "originais": ""}
FONE = {
    "codigo": "K1", "cliente": "C1", "codigo_plano": "FONE", "metodo_faturamento": "agrupada",
    "terminal": "1133334444", "ignorar_renovacao": "sim", "encerrado_em": "",
}  # fmt: skip
NOTICED = {
    "vencimento": "05/08/2026", "spc": "avisado", "spc_avisado_em": "12/11/2026",
    "spc_prova": "AR BR1",
}  # fmt: skip


@pytest.fixture
async def folder(database: Database, tmp_path: Path) -> Path:
    """Where files are written, in a house with what they name."""
    async with database.write() as session:
        await builders.a_category(session, code="A0")
        await a_plan(session, code="FONE", plan_type="telephony")
    return tmp_path


async def tried_and_done(
    database: Database, folder: Path, files: list[Rows], *, page_size: int = 5_000
) -> list[Error]:
    """What is wrong with files, told alike by their dry run and by their import."""
    paths = [write_csv(folder / f"{n}.csv", rows) for n, rows in enumerate(files)]
    tried = await import_files(database, *paths, page_size=page_size, is_dry_run=True)
    done = await import_files(database, *paths, page_size=page_size)
    assert await errors_of(database, tried) == await errors_of(database, done)
    assert _counts(tried) == _counts(done)
    return await errors_of(database, done)


def _counts(run: Any) -> tuple[Any, ...]:
    return run.status, run.changed, run.unchanged, run.errors, run.summary["counts"]


@pytest.mark.parametrize(
    ("invoices", "agreement", "errors"),
    [
        ([KEPT], {**UNCHANGED, "tolerancia": "15/11/2026"},
         [(2, "situacao", "AgreementPastTolerance")]),
        ([KEPT], {**UNCHANGED, "tolerancia": "16/11/2026"}, []),
        ([KEPT], {**UNCHANGED, "valor": "99,00"}, [(2, "valor", "AgreementTotalDiffers")]),
        ([KEPT], {**UNCHANGED, "cliente": "C2"}, [(2, "faturas", "InvoiceOfAnotherCustomer")]),
        ([KEPT], {**UNCHANGED, "situacao": "cumprido"}, [(2, "situacao", "AgreementNotPaid")]),
        ([KEPT | {"situacao": "suspensa"}], UNCHANGED, [(2, "faturas", "PickedInvoiceSuspended")]),
        ([KEPT], {"faturas": "P1", "originais": "", "tolerancia": "09/12/2026"},
         [(2, "tolerancia", "ToleranceBeforeLastDue")]),
        ([KEPT, an_invoice("F1", **OPEN | {"situacao": "suspensa", "saldo": "0,00"})],
         {"faturas": "P1"}, [(2, "originais", "OriginalOwesNothing")]),
    ],
)  # fmt: skip
async def test_agreements_are_judged_by_invoices_of_the_same_send(
    database: Database,
    folder: Path,
    invoices: Rows,
    agreement: dict[str, str],
    errors: list[Error],
) -> None:
    files = [CUSTOMERS, invoices, [an_agreement(**agreement)]]

    assert await tried_and_done(database, folder, files) == errors


async def test_agreements_are_judged_by_what_the_send_changes_of_stored_invoices(
    database: Database, folder: Path
) -> None:
    stored = [write_csv(folder / "c.csv", CUSTOMERS), write_csv(folder / "f.csv", [KEPT])]
    await import_files(database, *stored)
    later = KEPT | {"vencimento": "20/12/2026"}
    row = an_agreement(faturas="P1", originais="", tolerancia="15/12/2026")

    wrong = await tried_and_done(database, folder, [[later], [row]])

    assert wrong == [(2, "tolerancia", "ToleranceBeforeLastDue")]


async def test_what_an_earlier_page_takes_no_later_one_may(
    database: Database, folder: Path
) -> None:
    rows = [an_agreement("AC1", **UNCHANGED), an_agreement("AC2", **UNCHANGED)]

    wrong = await tried_and_done(database, folder, [CUSTOMERS, [KEPT], rows], page_size=1)

    assert wrong == [(3, "faturas", "PickedInvoiceInAgreement")]


@pytest.mark.parametrize(
    ("invoices", "payments", "errors"),
    [
        ([KEPT | {"situacao": "cancelada"}], [a_payment(fatura="P1", valor="1,00")],
         [(2, "fatura", "InvoiceCancelled")]),
        ([KEPT], [a_payment("Q1", fatura="P1", valor="100,00"),
                  a_payment("Q2", fatura="P1", valor="100,00")],
         [(3, "fatura", "InvoiceAlreadySettled")]),
        ([KEPT], [a_payment("Q1", fatura="P1", valor="40,00"),
                  a_payment("Q2", fatura="P1", valor="60,00")], []),
    ],
)  # fmt: skip
async def test_payments_are_judged_by_invoices_and_payments_of_the_same_send(
    database: Database, folder: Path, invoices: Rows, payments: Rows, errors: list[Error]
) -> None:
    files = [CUSTOMERS, invoices, payments]

    assert await tried_and_done(database, folder, files, page_size=1) == errors


async def test_an_original_that_the_send_replaces_takes_no_payment(
    database: Database, folder: Path
) -> None:
    original = an_invoice("F1", **OPEN)
    files = [
        CUSTOMERS, [KEPT, original], [an_agreement(faturas="P1")],
        [a_payment(fatura="F1", valor="1,00")],
    ]  # fmt: skip

    assert await tried_and_done(database, folder, files) == [(2, "fatura", "InvoiceReplaced")]


async def test_a_payment_told_twice_in_a_send_is_one(database: Database, folder: Path) -> None:
    first, again = a_payment("Q1", fatura="P1", valor="40,00"), a_payment("Q1", fatura="P1")
    files = [CUSTOMERS, [KEPT], [first], [first]]

    assert await tried_and_done(database, folder, files) == []
    assert await tried_and_done(database, folder, [[KEPT], [again]]) == [
        (2, "codigo", "PaymentCodeTaken")
    ]


@pytest.mark.parametrize(
    ("first", "errors"),
    [({}, [(3, "terminal", "TerminalTaken")]), ({"encerrado_em": "01/10/2026"}, [])],
)
async def test_a_terminal_is_of_one_contract_of_all_pages(
    database: Database, folder: Path, first: dict[str, str], errors: list[Error]
) -> None:
    rows = [{**FONE, **first}, {**FONE, "codigo": "K2"}]

    assert await tried_and_done(database, folder, [CUSTOMERS, rows], page_size=1) == errors


async def test_a_contract_that_the_send_ends_gives_its_terminal_up(
    database: Database, folder: Path
) -> None:
    await tried_and_done(database, folder, [CUSTOMERS, [FONE]])
    rows = [{**FONE, "encerrado_em": "01/10/2026"}, {**FONE, "codigo": "K2"}]

    assert await tried_and_done(database, folder, [rows], page_size=1) == []


@pytest.mark.parametrize(
    ("contract", "errors"),
    [
        ({}, [(2, "contrato", "BureauBeforeTermination")]),
        ({"servico_telecom": "não"}, []),
        ({"encerrado_em": "01/10/2026"}, []),
    ],
)
async def test_a_notice_is_judged_by_the_contract_of_the_same_send(
    database: Database, folder: Path, contract: dict[str, str], errors: list[Error]
) -> None:
    row = {"codigo": "K1", "cliente": "C1", "servico_telecom": "", "encerrado_em": "", **contract}
    files = [CUSTOMERS, [row], [an_invoice(contrato="K1", **NOTICED)]]

    assert await tried_and_done(database, folder, files) == errors


async def test_a_code_in_two_files_of_a_send_is_told_once(database: Database, folder: Path) -> None:
    files = [CUSTOMERS, [KEPT], [KEPT | {"valor": "90,00"}]]

    assert await tried_and_done(database, folder, files) == []


@pytest.mark.parametrize(
    ("again", "errors"),
    [
        ({}, []),
        ({"tolerancia": "15/01/2027"}, []),
        ({"categoria": "A0", "descricao": "CRM"}, []),
        ({"tipo": "nova proposta"}, [(2, "tipo", "AgreementFixed")]),
    ],
)
async def test_an_agreement_in_two_files_of_a_send_is_one(
    database: Database, folder: Path, again: dict[str, str], errors: list[Error]
) -> None:
    row = an_agreement(**UNCHANGED, descricao="")
    files = [CUSTOMERS, [KEPT], [row], [row | again]]

    assert await tried_and_done(database, folder, files) == errors


async def test_a_customer_in_two_files_of_a_send_is_one(database: Database, folder: Path) -> None:
    other = {"codigo": "C1", "nome": "Ana Lima", "cpf_cnpj": "529.982.247-25", "uf": "PE"}

    assert await tried_and_done(database, folder, [CUSTOMERS, [other], CUSTOMERS]) == []


async def test_what_is_stored_of_a_customer_stands_beside_what_an_earlier_file_says(
    database: Database, folder: Path
) -> None:
    await import_files(database, write_csv(folder / "c.csv", CUSTOMERS))
    named = {**CUSTOMERS[0], "nome": "Ana Lima"}
    without_city = {name: value for name, value in named.items() if name != "cidade"}

    assert await tried_and_done(database, folder, [[without_city], [named]]) == []


@pytest.mark.parametrize(
    ("again", "errors"),
    [
        ({}, []),
        ({"descricao": "Fixo", "agrupador": "Sede"}, []),
        ({"inicio": "", "fim": "05/01/2025"}, [(2, "fim", "ImportedEndNotAfterStart")]),
    ],
)
async def test_a_contract_in_two_files_of_a_send_is_one(
    database: Database, folder: Path, again: dict[str, str], errors: list[Error]
) -> None:
    row = {**FONE, "inicio": "05/01/2025", "fim": "", "descricao": "", "agrupador": "Sede"}

    assert await tried_and_done(database, folder, [CUSTOMERS, [row], [row | again]]) == errors


async def test_files_of_one_name_are_told_apart(database: Database, folder: Path) -> None:
    paths = []
    for part, rows in enumerate(([CUSTOMERS[0]], [{**CUSTOMERS[1], "cpf_cnpj": "1"}])):
        (folder / str(part)).mkdir()
        paths.append(write_csv(folder / str(part) / f"{'clientes_' * 5}{part}.csv", rows))
    invoices = write_csv(folder / "f.csv", [KEPT])

    tried = await import_files(database, *paths, invoices, is_dry_run=True)
    again = await import_files(database, paths[0], paths[0])
    (folder / "0" / "3-c.csv").write_bytes(paths[0].read_bytes())
    same = [write_csv(folder / "c.csv", [CUSTOMERS[0]])] * 2
    numbered = await import_files(database, folder / "0" / "3-c.csv", *same)

    assert [code for _, _, code in await errors_of(database, tried)] == ["DocumentNotValid"]
    assert [each["name"] for each in again.parameters["files"]] == [
        f"{'clientes_' * 5}0.csv", f"2-{'clientes_' * 5}0.csv",
    ]  # fmt: skip
    names = [each["name"] for each in numbered.parameters["files"]]
    assert names == ["3-c.csv", "c.csv", "4-c.csv"]


async def test_a_dry_run_goes_on_in_the_next_shift(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.import_shift.SHIFT", timedelta())
    rows = [an_agreement("AC1", **UNCHANGED), an_agreement("AC2", **UNCHANGED)]
    names, files = ("c.csv", "f.csv", "a.csv"), (CUSTOMERS, [KEPT], rows)
    paths = [write_csv(folder / name, told) for name, told in zip(names, files, strict=True)]

    run = await import_files(database, *paths, page_size=1, is_dry_run=True)
    while run.status == "running":
        run = await carry_on(database, run, page_size=1)

    assert await errors_of(database, run) == [(3, "faturas", "PickedInvoiceInAgreement")]


async def test_a_dry_run_leaves_nothing(database: Database, folder: Path) -> None:
    files = [CUSTOMERS, [KEPT], [an_agreement(**UNCHANGED)], [a_payment(fatura="P1")]]
    paths = [write_csv(folder / f"{n}.csv", rows) for n, rows in enumerate(files)]

    run = await import_files(database, *paths, is_dry_run=True)

    assert run.errors == 0, await errors_of(database, run)
    async with database.read() as session:
        for model in (Customer, Invoice, Payment):
            assert (await session.exec(select(func.count()).select_from(model))).one() == 0
