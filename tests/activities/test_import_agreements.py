"""Agreements from another system: taken over half-way, with invoices, history and lineage."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from activities.promises import NewPromise, make_promise
from models import agreement_lists
from models.agreements import Agreement, AgreementInvoice
from models.bulk import BulkRun
from models.cases import Case, CaseEvent
from models.collections import CollectionAccount, PanelTotal
from models.contracts import Contract
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice, InvoiceEvent
from models.ladder_stops import pauses_of
from models.messages import Message
from models.outbox import OutboxEntry
from models.people import Deed
from models.promises import Promise
from models.tasks import Task
from rules.cases import Process
from rules.ladder_dates import Pause
from tests import builders
from tests.support.portfolio import (
    AT,
    CUSTOMERS,
    an_agreement,
    an_invoice,
    errors_of,
    import_files,
    write_csv,
)

ORIGINAL = an_invoice("F1", valor="1.000,00", saldo="1.000,00", situacao="suspensa")
PAID = an_invoice(
    "P1", valor="450,00", saldo="0,00", situacao="quitada", vencimento="10/11/2026",
    quitada_em="09/11/2026",
)  # fmt: skip
TO_PAY = an_invoice(
    "P2", valor="450,00", saldo="450,00", situacao="aberta", vencimento="10/12/2026"
)
MADE_ON = "01/10/2026"


@pytest.fixture
async def folder(database: Database, tmp_path: Path) -> Path:
    """Customers with an original and its two instalments, the first of them paid."""
    async with database.write() as session:
        await builders.a_category(session, code="A0")
        await builders.a_user(session, "rui")
    rows = [ORIGINAL | {"quitada_em": ""}, PAID, TO_PAY | {"quitada_em": ""}]
    await import_files(database, write_csv(tmp_path / "c.csv", CUSTOMERS))
    run = await import_files(database, write_csv(tmp_path / "f.csv", rows))
    assert run.errors == 0, await errors_of(database, run)
    return tmp_path


async def brought(
    database: Database, folder: Path, *rows: dict[str, str], **options: Any
) -> BulkRun:
    """A file of agreements, imported."""
    return await import_files(database, write_csv(folder / "acordos.csv", rows), **options)


def counts(run: BulkRun) -> tuple[str, int, int, int]:
    return run.status, run.changed, run.unchanged, run.errors


async def all_of(database: Database, model: Any, *where: Any) -> list[Any]:
    async with database.read() as session:
        return list(await session.exec(select(model).where(*where).order_by(col(model.id))))


async def standing(database: Database) -> dict[str, tuple[str, str | None, Decimal]]:
    """What each invoice is, where, and what it owes."""
    found = await all_of(database, Invoice)
    return {i.code: (i.status, i.collection_stage, i.open_amount) for i in found}


async def test_a_new_proposal_is_taken_over_with_its_invoices_and_lineage(
    database: Database, folder: Path
) -> None:
    row = an_agreement(valor="900,00", feito_em=MADE_ON, feito_por="rui", descricao="Do CRM")

    run = await brought(database, folder, row)

    assert counts(run) == ("done", 1, 0, 0), await errors_of(database, run)
    [agreement] = await all_of(database, Agreement)
    assert (agreement.code, agreement.kind, agreement.status) == ("AC1", "proposal", "in_progress")
    assert (agreement.principal, agreement.total) == (Decimal(1000), Decimal(900))
    assert agreement.components == {"discount": "100.00"}
    assert (agreement.tolerance_date, agreement.made_by) == (date(2026, 12, 31), "rui")
    assert agreement.made_at == datetime(2026, 10, 1, 12, tzinfo=UTC)
    assert agreement.reminded_until == date(2026, 11, 16)
    assert await standing(database) == {
        "F1": ("replaced", "replaced", Decimal(0)),
        "P1": ("settled", "fulfilled", Decimal(0)),
        "P2": ("open", "in_agreement", Decimal(450)),
    }
    links = await all_of(database, AgreementInvoice)
    assert {(link.role, link.ordinal) for link in links} == {
        ("original", 1), ("instalment", 1), ("instalment", 2),
    }  # fmt: skip
    async with database.read() as session:
        made = (await session.exec(select(Invoice).where(Invoice.code == "P2"))).one()
        [ancestors] = await agreement_lists.ancestors_of(session, made.key)
        assert [each.invoice.code for each in ancestors] == ["F1"]
        [descendants] = await agreement_lists.descendants_of(session, ancestors[0].invoice.key)
        assert [each.invoice.code for each in descendants] == ["P1", "P2"]


async def test_its_account_and_journeys_begin_and_nobody_is_written_to(
    database: Database, folder: Path
) -> None:
    await brought(database, folder, an_agreement(feito_em=MADE_ON, feito_por="rui"))

    cases = {each.process: each for each in await all_of(database, Case)}
    own, account = cases[Process.AGREEMENTS], cases[Process.COLLECTIONS]
    assert (own.stage, own.owner, account.stage) == ("in_progress", "rui", "in_agreement")
    started = {each.workflow for each in await all_of(database, OutboxEntry)}
    assert started >= {"AgreementJourney", "CollectionsJourney"}
    assert len(await all_of(database, CollectionAccount)) == 1
    events = {(each.case_id, each.kind) for each in await all_of(database, CaseEvent)}
    assert events >= {
        (own.id, "opened"), (own.id, "adopted"), (account.id, "adopted"),
        (account.id, "agreement_adopted"),
    }  # fmt: skip
    assert await all_of(database, Message) == await all_of(database, Task) == []
    async with database.read() as session:
        panel = await session.get_one(PanelTotal, 4)
    assert (panel.customers, panel.amount) == (1, Decimal(450))


async def test_an_agreement_that_left_its_invoices_as_they_were_needs_nothing_else(
    database: Database, folder: Path
) -> None:
    row = an_agreement(tipo="sem alteração", faturas="P2", originais="")

    run = await brought(database, folder, row)

    assert counts(run) == ("done", 1, 0, 0), await errors_of(database, run)
    [agreement] = await all_of(database, Agreement)
    assert (agreement.principal, agreement.total, agreement.made_by) == (450, 450, "ana")
    [link] = await all_of(database, AgreementInvoice)
    assert (link.role, link.parts) == ("original", {"open_amount": "450.00"})


async def test_one_that_was_broken_there_is_broken_here_and_asks_nobody(
    database: Database, folder: Path
) -> None:
    row = an_agreement(
        tipo="sem alteração", faturas="P2", originais="", feito_em=MADE_ON,
        tolerancia="30/10/2026", situacao="não cumprido",
    )  # fmt: skip

    run = await brought(database, folder, row)

    assert counts(run) == ("done", 1, 0, 0), await errors_of(database, run)
    assert (await standing(database))["P2"] == ("open", "broken", Decimal(450))
    [own] = await all_of(database, Case, Case.process == Process.AGREEMENTS)
    broken_at = datetime(2026, 10, 31, 12, tzinfo=UTC)
    assert (own.stage, own.stage_since, own.breached_at) == ("broken", broken_at, broken_at)
    assert await all_of(database, Message) == await all_of(database, Task) == []


async def test_its_invoices_stood_still_since_it_was_made(database: Database, folder: Path) -> None:
    await brought(database, folder, an_agreement(feito_em=MADE_ON))

    async with database.read() as session:
        invoices = list(await session.exec(select(Invoice).where(Invoice.code != "P1")))
        found = await pauses_of(session, invoices)
    still = (Pause(date(2026, 10, 1), None, "agreement"),)
    assert found == {invoice.key: still for invoice in invoices}


async def test_an_agreement_ends_the_promise_of_its_invoices(
    database: Database, folder: Path
) -> None:
    async with database.write() as session:
        ana = (await session.exec(select(Customer).where(Customer.code == "C1"))).one()
        debt = await builders.an_invoice(session, ana, "80.00", code="V1", collection_stage=None)
        deed = Deed("ana", AT, "", frozenset({"*"}))
        await make_promise(session, debt.customer_id, NewPromise(builders.days(5)), deed=deed)
    row = an_agreement(tipo="sem alteração", faturas="V1", originais="")

    run = await brought(database, folder, row)

    assert run.errors == 0, await errors_of(database, run)
    [kept] = await all_of(database, Promise)
    assert kept.status == "withdrawn"


async def test_importing_again_changes_only_what_changed(database: Database, folder: Path) -> None:
    row = an_agreement(feito_em=MADE_ON, valor="900,00", descricao="")
    await brought(database, folder, row)

    same = await brought(database, folder, row)
    invoices = await import_files(database, folder / "f.csv")
    later = await brought(database, folder, row | {"tolerancia": "15/01/2027", "descricao": "CRM"})

    assert counts(same) == ("done", 0, 1, 0)
    assert counts(invoices) == ("done", 0, 3, 0), await errors_of(database, invoices)
    assert counts(later) == ("done", 1, 0, 0)
    [agreement] = await all_of(database, Agreement)
    assert (agreement.tolerance_date, agreement.description) == (date(2027, 1, 15), "CRM")
    [own] = await all_of(database, Case, Case.process == Process.AGREEMENTS)
    told = await all_of(database, CaseEvent, CaseEvent.case_id == own.id)
    assert told[-1].kind == "imported"


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"faturas": "P1"}, "faturas", "AgreementFixed"),
        ({"originais": "P1"}, "originais", "AgreementFixed"),
        ({"tipo": "sem alteração"}, "tipo", "AgreementFixed"),
        ({"valor": "901,00"}, "valor", "AgreementFixed"),
        ({"cliente": "C2"}, "cliente", "AgreementFixed"),
        ({"tolerancia": "09/12/2026"}, "tolerancia", "ToleranceBeforeLastDue"),
    ],
)
async def test_what_was_agreed_is_not_changed_by_a_file(
    database: Database, folder: Path, values: dict[str, str], field: str, code: str
) -> None:
    row = an_agreement(valor="900,00")
    await brought(database, folder, row)

    run = await brought(database, folder, row | values)

    assert await errors_of(database, run) == [(2, field, code)]


async def test_an_agreement_that_ended_here_is_changed_by_no_file(
    database: Database, folder: Path
) -> None:
    await brought(database, folder, an_agreement())
    async with database.write() as session:
        agreement = (await session.exec(select(Agreement))).one()
        agreement.status = "cancelled"
        session.add(agreement)

    same = await brought(database, folder, an_agreement())
    changed = await brought(database, folder, an_agreement(tolerancia="15/01/2027"))

    assert counts(same) == ("done", 0, 1, 0)
    assert await errors_of(database, changed) == [(2, "codigo", "AgreementOver")]


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"faturas": "P1|P9"}, [("faturas", "ReferenceUnknown")]),
        ({"originais": "F9"}, [("originais", "ReferenceUnknown")]),
        ({"categoria": "A9"}, [("categoria", "RegistryCodeUnknown")]),
        ({"feito_por": "eva"}, [("feito_por", "MakerUnknown")]),
        ({"faturas": "P1|P1"}, [("faturas", "InvoiceNamedTwice")]),
        ({"faturas": "P1|P2|F1"}, [
            ("originais", "InvoiceNamedTwice"), ("faturas", "PickedInvoiceSuspended"),
            ("situacao", "AgreementPastTolerance"),
        ]),
        ({"cliente": "C2"}, [
            ("faturas", "InvoiceOfAnotherCustomer"),
        ]),
        ({"originais": "P1", "faturas": "P2"}, [("originais", "OriginalOwesNothing")]),
        ({"tipo": "sem alteração"}, [("originais", "OriginalsOfUnchanged")]),
        ({"tipo": "parcelado"}, [("tipo", "AgreementKindNotValid")]),
        ({"valor": "899,99"}, [("valor", "AgreementTotalDiffers")]),
        ({"tolerancia": "09/12/2026"}, [("tolerancia", "ToleranceBeforeLastDue")]),
        ({"feito_em": "17/11/2026"}, [("feito_em", "AgreementMadeTooLate")]),
        ({"situacao": "quebrado"}, [("situacao", "StandingNotValid")]),
        ({"situacao": "não cumprido"}, [("situacao", "AgreementStillKept")]),
        ({"situacao": "cumprido"}, [("situacao", "AgreementNotPaid")]),
        ({"tipo": "sem alteração", "originais": "", "faturas": "P2", "tolerancia": "15/11/2026"},
         [("situacao", "AgreementPastTolerance")]),
        ({"faturas": "P1", "situacao": "não cumprido"}, [("situacao", "AgreementAlreadyPaid")]),
    ],
)  # fmt: skip
async def test_a_row_that_does_not_hold_together_is_refused_with_every_reason(
    database: Database, folder: Path, values: dict[str, str], errors: list[tuple[str, str]]
) -> None:
    before = await standing(database)
    blank = dict.fromkeys(("valor", "feito_em", "feito_por", "situacao"), "")

    run = await brought(database, folder, an_agreement(**{**blank, **values}))

    assert [(field, code) for _, field, code in await errors_of(database, run)] == errors
    assert await standing(database) == before
    assert await all_of(database, Agreement) == await all_of(database, Case) == []


async def test_an_invoice_is_in_one_agreement(database: Database, folder: Path) -> None:
    rows = [an_agreement(originais=""), an_agreement("AC2", faturas="P2", originais="")]

    run = await brought(database, folder, *rows)
    later = await brought(database, folder, rows[1])

    wrong = [(3, "faturas", "PickedInvoiceInAgreement")]
    assert (counts(run), await errors_of(database, run)) == (("done", 1, 0, 1), wrong)
    assert await errors_of(database, later) == [(2, "faturas", "PickedInvoiceInAgreement")]


async def test_a_dry_run_tells_the_same_and_writes_nothing(
    database: Database, folder: Path
) -> None:
    later = an_invoice("P3", vencimento="10/12/2026")
    rows = [
        an_agreement(valor="900,00"),
        an_agreement("AC2", faturas="P3", originais="", valor=""),
        an_agreement("AC3", faturas="P1|P9", originais="", valor=""),
        an_agreement("AC4", faturas="P2|P3", originais="", valor=""),
    ]
    paths = [write_csv(folder / "n.csv", [later]), write_csv(folder / "acordos.csv", rows)]

    tried = await import_files(database, *paths, is_dry_run=True)
    nothing = await all_of(database, Agreement)
    done = await import_files(database, *paths)

    assert counts(tried) == counts(done) == ("done", 3, 0, 2)
    wrong = [(4, "faturas", "ReferenceUnknown"), (5, "faturas", "PickedInvoiceInAgreement")]
    assert await errors_of(database, tried) == await errors_of(database, done) == wrong
    assert nothing == []


@pytest.mark.parametrize("is_dry_run", [True, False])
async def test_an_invoice_that_was_refused_hides_nothing_of_its_agreement(
    database: Database, folder: Path, *, is_dry_run: bool
) -> None:
    customers = [{**CUSTOMERS[0], "codigo": "C9", "cpf_cnpj": "1"}]
    invoices = [an_invoice("P9", cliente="C9", vencimento="10/12/2026", valor="10,00")]
    row = an_agreement(
        cliente="C9", faturas="P9", originais="", tolerancia="01/12/2026", valor="11,00"
    )
    names = ("c9.csv", "f9.csv", "a9.csv")
    paths = [
        write_csv(folder / name, rows)
        for name, rows in zip(names, (customers, invoices, [row]), strict=True)
    ]

    run = await import_files(database, *paths, is_dry_run=is_dry_run)

    assert (await errors_of(database, run))[2:] == [
        (2, "cliente", "ReferenceRefused"),
        (2, "faturas", "ReferenceRefused"),
        (2, "valor", "AgreementTotalDiffers"),
        (2, "tolerancia", "ToleranceBeforeLastDue"),
    ]


async def test_an_import_that_stops_between_pages_goes_on_with_what_is_taken(
    database: Database, folder: Path
) -> None:
    rows = [an_agreement(faturas="P1", originais=""), an_agreement("AC2", faturas="P2")]

    run = await brought(database, folder, *rows, page_size=1)

    assert counts(run) == ("done", 2, 0, 0), await errors_of(database, run)
    assert [each.code for each in await all_of(database, Agreement)] == ["AC1", "AC2"]
    kinds = [each.kind for each in await all_of(database, InvoiceEvent)]
    assert kinds.count("made_by_agreement") == 2
    assert await all_of(database, Contract) == []
