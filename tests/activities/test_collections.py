"""Commands on an account, each one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import agreement_moves, collections
from models.cases import Case, case_of
from models.collections import PanelTotal
from models.customers import Customer
from models.database import Database
from rules.agreement_terms import AgreementKind, MakeAgreement
from rules.agreements import CancelAgreement
from rules.bureau import AddToBureau
from rules.cases import Process
from rules.collection_commands import ConfirmProcess, StartCollection
from tests import builders
from tests.builders import AT, days

AGREE = MakeAgreement(
    by="ana", invoice_ids=(), agreement_kind=AgreementKind.UNCHANGED, tolerance_date=days(10),
    category_id=None,
)  # fmt: skip


@contextmanager
def refreshes(database: Database) -> Iterator[list[str]]:
    """How often the standings are counted anew."""
    seen: list[str] = []

    def notice(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("DELETE FROM standings"):
            seen.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", notice)
    yield seen
    event.remove(database.engine.sync_engine, "before_cursor_execute", notice)


async def an_account(session: AsyncSession, *stages: str) -> tuple[Customer, Case, list[int]]:
    customer = await builders.a_customer(session)
    invoices = [
        await builders.an_invoice(session, customer, collection_stage=stage) for stage in stages
    ]
    case = await builders.a_collections_case(session, customer)
    return customer, case, [invoice.key for invoice in invoices]


@pytest.mark.parametrize(
    ("stage", "command", "panel"),
    [
        ("classified", StartCollection(by="ana", invoice_ids=()), 2),
        ("in_contact", ConfirmProcess(by="ana"), 3),
        ("negotiating", AGREE, 4),
        ("broken", AddToBureau(by="ana", invoice_ids=(), details="Não pagou"), 6),
    ],
)
async def test_a_command_counts_the_standings_once(
    database: Database, stage: str, command: Any, panel: int
) -> None:
    async with database.write() as session:
        _, case, picked = await an_account(session, stage, stage)
        category = await builders.a_category(session)
        if hasattr(command, "invoice_ids"):
            command = replace(command, invoice_ids=tuple(picked))
        if isinstance(command, MakeAgreement):
            command = replace(command, category_id=category.id)
        with refreshes(database) as counted:
            await collections.decide(session, case, command, AT)

        assert len(counted) == 1
        shown = await session.get_one(PanelTotal, panel)
        assert (shown.customers, shown.invoices) == (1, 2)


async def test_calling_an_agreement_off_counts_the_standings_once(database: Database) -> None:
    async with database.write() as session:
        _, case, picked = await an_account(session, "negotiating")
        category = await builders.a_category(session)
        command = replace(AGREE, invoice_ids=tuple(picked), category_id=category.id)
        made = await collections.decide(session, case, command, AT)
        own = await case_of(session, process=Process.AGREEMENTS, subject_id=made["agreement_id"])
        assert own is not None
        with refreshes(database) as counted:
            await agreement_moves.decide(session, own, CancelAgreement(by="ana", reason="x"), AT)

        assert len(counted) == 1
        totals = await session.exec(select(PanelTotal.panel).where(col(PanelTotal.invoices) > 0))
        assert list(totals) == [3]
