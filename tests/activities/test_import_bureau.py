"""Invoices that another system had at the bureau: their records are ours from then on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from activities.bureau_moves import decide
from models.bureau import BureauRecord
from models.cases import Case, CaseEvent
from models.collections import PanelTotal
from models.database import Database
from models.invoices import Invoice
from models.messages import Message
from models.outbox import OutboxEntry
from rules.cases import News, Process
from tests.support.portfolio import (
    AT,
    CUSTOMERS,
    an_invoice,
    errors_of,
    import_files,
    write_csv,
)

NOON = (15, 0)  # of Brasília, in UTC
NOTICED = {"spc": "avisado", "spc_avisado_em": "12/11/2026", "spc_prova": "AR BR1"}
REGISTERED = {
    "spc": "registrado",
    "spc_avisado_em": "01/09/2026",
    "spc_registrado_em": "15/09/2026",
}
OLD = {"vencimento": "05/08/2026"}
BLANK = dict.fromkeys(
    ("contrato", "situacao", "saldo", "quitada_em", "spc_avisado_em", "spc_registrado_em",
     "spc_prova"),
    "",
)  # fmt: skip


@pytest.fixture
async def folder(database: Database, tmp_path: Path) -> Path:
    """Two customers; a telecom contract in force, and one that is over."""
    contracts = [
        {"codigo": "K1", "cliente": "C1", "encerrado_em": ""},
        {"codigo": "K2", "cliente": "C1", "encerrado_em": "01/10/2026"},
    ]
    run = await import_files(
        database, write_csv(tmp_path / "c.csv", CUSTOMERS), write_csv(tmp_path / "k.csv", contracts)
    )
    assert run.errors == 0, await errors_of(database, run)
    return tmp_path


async def brought(database: Database, folder: Path, **values: str) -> list[tuple[str, str]]:
    """An invoice of a file; what was wrong with it."""
    row = an_invoice(**{**BLANK, **OLD, **values})
    run = await import_files(database, write_csv(folder / "f.csv", [row]))
    return [(field, code) for _, field, code in await errors_of(database, run)]


async def all_of(database: Database, model: Any) -> list[Any]:
    async with database.read() as session:
        return list(await session.exec(select(model).order_by(col(model.id))))


async def test_a_registered_invoice_is_under_our_control_as_it_was(
    database: Database, folder: Path
) -> None:
    assert await brought(database, folder, contrato="K1", **REGISTERED) == []

    [record] = await all_of(database, BureauRecord)
    assert (record.stage, record.proven_on) == ("registered", date(2026, 9, 1))
    assert record.registered_at == datetime(2026, 9, 15, *NOON, tzinfo=UTC)
    assert record.expires_on == date(2031, 8, 5)
    [case] = await all_of(database, Case)
    assert (case.process, case.stage) == (Process.BUREAU, "registered")
    assert {e.kind for e in await all_of(database, CaseEvent)} == {"opened", "adopted"}
    assert [e.workflow for e in await all_of(database, OutboxEntry)][-1] == "BureauRecordJourney"
    async with database.read() as session:
        assert (await session.get_one(PanelTotal, 7)).invoices == 1
    assert await all_of(database, Message) == []


async def test_a_registered_invoice_that_was_paid_is_a_conflict_at_once(
    database: Database, folder: Path
) -> None:
    paid = {"situacao": "quitada", "quitada_em": "10/11/2026"}
    assert await brought(database, folder, **REGISTERED, **paid) == []

    async with database.write() as session:
        case = (await session.exec(select(Case))).one()
        await decide(session, case, News(), AT)

    [record] = await all_of(database, BureauRecord)
    assert (record.stage, record.remove_by) == ("conflict", date(2026, 11, 17))


async def test_a_notice_goes_on_from_the_day_on_which_it_was_delivered(
    database: Database, folder: Path
) -> None:
    assert await brought(database, folder, contrato="K2", estagio="em negociação", **NOTICED) == []

    async with database.write() as session:
        case = (await session.exec(select(Case).where(Case.process == Process.BUREAU))).one()
        await decide(session, case, News(), AT)
        assert (case.stage, case.next_kind) == ("noticed", "register")
        assert case.next_at is not None
        assert case.next_at.date() == date(2026, 11, 22)
    assert await all_of(database, Message) == []


async def test_importing_again_makes_no_second_record(database: Database, folder: Path) -> None:
    await brought(database, folder, **REGISTERED)

    assert await brought(database, folder, **REGISTERED) == []

    assert len(await all_of(database, BureauRecord)) == 1
    [invoice] = await all_of(database, Invoice)
    assert invoice.bureau_stage == "registered"


async def test_a_known_invoice_is_taken_over_by_a_later_file(
    database: Database, folder: Path
) -> None:
    await brought(database, folder, spc="")

    assert await brought(database, folder, **REGISTERED) == []

    assert len(await all_of(database, BureauRecord)) == 1


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"spc": "negativado"}, [("spc", "BureauStageNotValid")]),
        ({**REGISTERED, "spc_registrado_em": ""}, [("spc_registrado_em", "BureauDayRequired")]),
        ({**REGISTERED, "spc_registrado_em": "17/11/2026"},
         [("spc_registrado_em", "BureauDayNotPossible")]),
        ({**REGISTERED, "spc_avisado_em": "01/08/2026"},
         [("spc_avisado_em", "BureauDayNotPossible")]),
        ({**REGISTERED, "spc_registrado_em": "30/08/2026"},
         [("spc_registrado_em", "BureauDayNotPossible")]),
        ({**REGISTERED, "vencimento": "05/08/2021"}, [("vencimento", "BureauDebtTooOld")]),
        ({**NOTICED, "spc_prova": ""}, [("spc_prova", "NoticeProofRequired")]),
        ({**NOTICED, "spc_avisado_em": ""}, [("spc_avisado_em", "BureauDayRequired")]),
        ({**NOTICED, "spc_avisado_em": "06/11/2026"}, [("spc_avisado_em", "BureauNoticeOver")]),
        ({**NOTICED, "contrato": "K1"}, [("contrato", "BureauBeforeTermination")]),
        ({**NOTICED, "situacao": "suspensa"}, [("situacao", "BureauInvoiceNotOwed")]),
        ({**NOTICED, "vencimento": "16/11/2026"}, [("vencimento", "BureauInvoiceNotLate")]),
    ],
)  # fmt: skip
async def test_what_the_law_or_the_calendar_forbids_is_refused(
    database: Database, folder: Path, values: dict[str, str], errors: list[tuple[str, str]]
) -> None:
    assert await brought(database, folder, **values) == errors
    assert await all_of(database, Invoice) == await all_of(database, BureauRecord) == []
