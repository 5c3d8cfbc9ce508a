"""The demonstration: the same for the same seed, and consistent with itself."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import demo
from activities.demo import DemoNotEmpty
from activities.demo.progress import Part
from activities.rule_trials import try_rules
from models.bank_returns import KIND
from models.bulk import BulkRun
from models.carrier_agreements import CarrierAgreement
from models.cases import Case, CaseEvent
from models.collections import PanelTotal
from models.contestations import Contestation
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice
from models.kickoff import ensure_first_list
from models.messages import Message
from models.payments import Payment
from models.people import AuditEntry
from models.standings import rebuild_standings
from models.task_lists import ensure_task_lists
from models.tasks import Task
from rules.cases import Process
from rules.documents import is_valid_document

AT = datetime(2026, 11, 19, 15, tzinfo=UTC)
CUSTOMERS = 150
#: Where contestations of carriers' invoices wait for somebody, or ended.
MADE = {
    "draft", "filed", "awaiting_answer", "escalated", "refused", "partly_accepted",
    "awaiting_new_barcode", "awaiting_credit", "correcting_root_cause", "closed", "withdrawn",
}  # fmt: skip
TABLES = (Customer, Invoice, Payment, Case, Task)


async def load(database: Database, *, uploads: Path | None = None) -> list[str]:
    """On what every new house begins with."""
    async with database.write() as session:
        await ensure_first_list(session)
        await ensure_task_lists(session)
    said: list[str] = []
    await demo.load(
        database, when_empty=False, at=AT, customers=CUSTOMERS, say=said.append, uploads=uploads
    )
    return said


async def digest(database: Database) -> str:
    """A fingerprint of what was made, whoever made it."""
    content = hashlib.sha256()
    async with database.read() as session:
        for table in TABLES:
            for row in await session.exec(select(table).order_by(table.id)):
                # PostgreSQL keeps the keys of a JSON object in an order of its own.
                content.update(json.dumps(row.model_dump(mode="json"), sort_keys=True).encode())
    return content.hexdigest()


@pytest.mark.once("postgresql")
@pytest.mark.timeout(300)  # two demonstrations
async def test_the_same_seed_gives_the_same_rows_consistent_with_each_other(
    database: Database, tmp_path: Path
) -> None:
    # On both kinds of database, one of them as the command line opens it.
    other = Database(f"sqlite+aiosqlite:///{tmp_path}/other.db", is_alone=True)
    async with other.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    try:
        said = await load(database)
        await load(other, uploads=tmp_path / "uploads")

        assert await digest(database) == await digest(other)
        await rules_can_be_tried(other)
        await all_is_consistent(other)
    finally:
        await other.dispose()
    tell_every_part(said)
    await all_is_consistent(database)


async def rules_can_be_tried(database: Database) -> None:
    """The files of a carrier's invoices are kept: a trial finds what the audit found."""
    async with database.read() as session:
        agreements = (await session.exec(select(CarrierAgreement.id))).all()
    trials = [await try_rules(database, each or 0, {}) for each in agreements]
    assert trials
    assert all(trial.invoices and trial.rules for trial in trials)


def tell_every_part(said: list[str]) -> None:
    begun = [line for line in said if "Demonstração" in line]
    assert [part in line for part, line in zip(Part, begun, strict=True)] == [True] * len(Part)
    assert f"next: {Part.LADDER}" in begun[1]


async def all_is_consistent(database: Database) -> None:
    async with database.write() as session:
        await check_histories(session)
        await check_returns(session)
        documents = (await session.exec(select(Customer.document))).all()
        assert all(is_valid_document(document) for document in documents)
        late = select(func.count()).where(col(Case.closed_at).is_(None), col(Case.next_at) < AT)
        assert (await session.exec(late)).one() == 0
        # Reminders of promises that still run wait for their day; nothing else does.
        queued = select(func.count()).where(Message.status == "queued", Message.not_before <= AT)
        assert (await session.exec(queued)).one() == 0
        finished_but_open = (
            select(func.count())
            .select_from(Task)
            .join(Case, (Case.process == Process.TASKS) & (Case.subject_id == Task.id))
            .where(col(Task.finished_at).is_not(None), col(Case.closed_at).is_(None))
        )
        assert (await session.exec(finished_but_open)).one() == 0
        made = set(await session.exec(select(Contestation.direction, Contestation.stage)))
        assert {stage for direction, stage in made if direction == "made"} >= MADE
        assert ("received", "awaiting_answer") in made
        kept = await totals(session)
        await rebuild_standings(session)
        assert await totals(session) == kept
        assert {panel for panel, *_ in kept} >= {1, 2, 3, 4, 5, 6}


async def check_histories(session: AsyncSession) -> None:
    """Each history begins with its case and goes forward; nothing is asked twice at once."""
    opened = dict((await session.exec(select(Case.id, Case.opened_at))).all())
    newest: dict[int, datetime] = {}
    for event in await session.exec(select(CaseEvent).order_by(col(CaseEvent.id))):
        assert event.at >= newest.get(event.case_id, opened[event.case_id]), event
        newest[event.case_id] = event.at
    asked = (await session.exec(select(Task).where(col(Task.finished_at).is_(None)))).all()
    same = Counter((task.for_case_id, task.kind, task.title) for task in asked if task.for_case_id)
    assert [what for what, count in same.items() if count > 1] == []
    audited = (await session.exec(select(func.max(AuditEntry.at)))).one()
    happened = (await session.exec(select(func.max(CaseEvent.at)))).one()
    assert max(audited, happened) <= AT  # nothing of a demonstration is still to come


async def check_returns(session: AsyncSession) -> None:
    """One of the bank's files went well, and one wants a look."""
    files = (await session.exec(select(BulkRun).where(BulkRun.kind == KIND))).all()
    good, bad = (run for run in sorted(files, key=lambda run: run.number))
    assert {name: told["lines"] for name, told in good.summary["outcomes"].items()} == {
        "settled": 12, "entered": 4,
    }  # fmt: skip
    assert {name: told["lines"] for name, told in bad.summary["outcomes"].items()} == {
        "settled": 2, "over": 1, "double": 1, "unknown": 1, "rejected": 1, "written_off": 1,
        "not_read": 1,
    }  # fmt: skip
    assert (good.errors, bad.errors) == (0, 5)
    look = select(func.count()).where(Task.kind == "bank_return", col(Task.finished_at).is_(None))
    assert (await session.exec(look)).one() == 1


async def totals(session: object) -> list[tuple[object, ...]]:
    statement = select(
        PanelTotal.panel, PanelTotal.customers, PanelTotal.invoices, PanelTotal.amount
    )
    found = await session.exec(statement.where(PanelTotal.invoices > 0).order_by(PanelTotal.panel))
    return [tuple(row) for row in found]


async def test_it_only_enters_an_empty_database(database: Database) -> None:
    async with database.write() as session:
        session.add(Customer(code="C", name="Ana", document="52998224725", created_at=AT))

    assert await demo.load(database, when_empty=True, at=AT) is False
    with pytest.raises(DemoNotEmpty):
        await load(database)
