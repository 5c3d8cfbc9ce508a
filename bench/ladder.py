"""A day of the ladder over a million open invoices, beside the query that narrows it.

On one fresh SQLite file: all invoices are planned, as a run leaves them, and 20,000 have a step
due: overdue notices by e-mail and SMS, legal notices, and blocks whose notice arrived in time. The
floor is the narrowing query alone, which any run must make.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import text
from sqlmodel import SQLModel, select
from temporalio.testing import ActivityEnvironment

import models.tables  # noqa: F401 - declares every table
from activities.ladder import LadderActivities, start_ladder
from activities.templates import ensure_templates
from bench.classification import CUSTOMERS, NUMBERS
from models.database import Database
from models.default_ladder import ensure_default_ladder
from models.ladder_day import customers_due
from models.ladder_tables import LadderStep

#: A Wednesday: what fell due on Tuesday and is not paid is known by now.
TODAY = date(2026, 11, 18)
#: Of twenty steps: ten overdue notices, six legal notices, four blocks.
OVERDUE, NOTICE, BLOCK = 10, 6, 4


@dataclass(frozen=True)
class Figures:
    """What a round took, in seconds, and what it made."""

    query: float
    run: float
    again: float
    steps: int
    messages: int
    outbox: int


async def main(invoices: int, steps: int, rounds: int) -> None:
    """This will print the medians of so many rounds."""
    figures = [await one_round(invoices, steps) for _ in range(rounds)]
    query, run, again = (
        median(getattr(each, name) for each in figures) for name in ("query", "run", "again")
    )
    last = figures[-1]
    print(f"{invoices:,} open invoices, {last.steps:,} steps, {last.messages:,} messages,"
          f" {last.outbox:,} outbox entries, median of {rounds}\n")  # fmt: skip
    print("| | s | steps/s |")
    print("|---|---|---|")
    print(f"| the narrowing query alone | {query:.3f} | |")
    print(f"| the day's run | {run:.1f} | {last.steps / run:,.0f} |")
    print(f"| straight after, nothing due | {again:.3f} | |")


async def one_round(invoices: int, steps: int) -> Figures:
    """One fresh database, one day, and the same day again."""
    with tempfile.TemporaryDirectory(prefix="acerto-bench-") as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder)}/acerto.db")
        async with database.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)
        await fill(database, invoices, steps)
        gc.collect()
        gc.freeze()  # as the worker does with what it imported
        began = time.perf_counter()
        async with database.read() as session:
            await customers_due(session, TODAY)
        query = time.perf_counter() - began
        run, again = await climb(database), await climb(database)
        figures = Figures(query, run, again, *await made(database))
        assert figures.steps == steps, f"{figures.steps} of {steps} steps were taken"
        await database.dispose()
    return figures


async def climb(database: Database) -> float:
    """Seconds of the ladder's own activity."""
    async with database.write() as session:
        run = await start_ladder(session, by="bench", at=datetime.now(UTC))
        run.business_date = TODAY
        session.add(run)
    began = time.perf_counter()
    await ActivityEnvironment().run(LadderActivities(database).climb_ladder, run.number)
    return time.perf_counter() - began


async def fill(database: Database, invoices: int, steps: int) -> None:
    """This will write customers, contracts and invoices, planned as a run leaves them."""
    async with database.write() as session:
        await ensure_templates(session, at=datetime.now(UTC))
        ladder = await ensure_default_ladder(session)
        ladder.planned_version = ladder.version
        named = {
            name: number
            for number, name in await session.exec(select(LadderStep.id, LadderStep.name))
        }
    facts = {
        "n": invoices, "due": steps, "today": TODAY.isoformat(), "share": invoices // steps,
        "notice": named["Notificação de suspensão"], "ladder": ladder.key,
        "at": (TODAY - timedelta(days=15)).isoformat() + " 12:00:00.000000",
        "noticed": (TODAY - timedelta(days=15)).isoformat(),
        "overdue_day": (TODAY - timedelta(days=1)).isoformat(),
        "notice_day": (TODAY - timedelta(days=5)).isoformat(),
        "block_day": (TODAY - timedelta(days=20)).isoformat(),
        "later": (TODAY + timedelta(days=30)).isoformat(),
        "ahead": (TODAY + timedelta(days=35)).isoformat(),
    }  # fmt: skip
    done = {
        OVERDUE: ("Lembrete", "Véspera do vencimento", "Dia do vencimento"),
        NOTICE: ("Lembrete", "Véspera do vencimento", "Dia do vencimento", "Aviso de atraso"),
        BLOCK: ("Lembrete", "Véspera do vencimento", "Dia do vencimento", "Aviso de atraso",
                "Suspensão próxima"),
    }  # fmt: skip
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TEMP TABLE numbers (i INTEGER PRIMARY KEY)"))
        await connection.execute(text(NUMBERS), {"n": invoices})
        for statement in (CUSTOMERS, CONTRACTS, CONNECTIONS, INVOICES, NOTICES, LETTERS):
            await connection.execute(text(statement), facts)
        for kind, names in done.items():
            for name in names:
                step = {"step": named[name], "kind": kind, **facts}
                await connection.execute(text(EXECUTIONS), step)
        await connection.execute(text("ANALYZE"))


async def made(database: Database) -> tuple[int, int, int]:
    """Steps, messages and outbox entries of the run."""
    async with database.engine.begin() as connection:
        counts = [
            (await connection.execute(text(statement))).scalar_one()
            for statement in (
                "SELECT count(*) FROM ladder_executions WHERE run_id IS NOT NULL",
                "SELECT count(*) FROM messages WHERE created_by = 'system'",
                "SELECT count(*) FROM outbox WHERE workflow <> 'LadderRun'",
            )
        ]
    return (counts[0], counts[1], counts[2])


CONTRACTS = """
INSERT INTO contracts (id, code, customer_id, description, stage, plan_type, telecom_service,
    monthly_amount, pay_on_time_discount, term, periodicity_months, inactivity_discount,
    billing_method, invoice_discount, fiscal_document, notes, fiscal_note, setup_fee,
    setup_instalments, setup_composition, generate_setup_now, renewal_price, charges_suggested,
    ignore_automatic_renewal, wait_for_activation, review_charges, minimum_term_months,
    minimum_term_fee, readjustment_method, negative_readjustment, origin, origin_ref, end_reason,
    created_by, version, term_months, payment_method, readjustment_lag_months,
    kept_price_resets_base, renewal_form, address)
SELECT i, 'K' || i, i, 'Plano', 'active', 'internet', 1, 10000, 0, 1, 1, 0, 'grouped', 0, 1, '',
    '', 0, 1, '', 0, 'by_plan', 0, 0, 1, 0, 0, 0, 'number_indices', 'ask', 'customer', '', '', '',
    1, 0, 'boleto_pix', 1, 0, 'extension', '{}'
FROM numbers
"""
CONNECTIONS = """
INSERT INTO connections (contract_id, kind, state, since, reason, by_hand, exception_reason)
SELECT i, 'internet', 'active', :at, '', 0, '' FROM numbers
"""
#: Every fiftieth invoice has a step today; which of the three follows from its number.
INVOICES = """
INSERT INTO invoices (id, code, number, customer_id, contract_id, due_date, description, amount,
    open_amount, status, fiscal_document_issued, remittance_generated, pay_on_time_discount,
    ladder_next_on)
SELECT i, 'F' || i, i, i, i,
    CASE WHEN i % :share <> 0 THEN :ahead
         WHEN (i / :share) % 20 < 10 THEN :overdue_day
         WHEN (i / :share) % 20 < 16 THEN :notice_day ELSE :block_day END,
    'Plano Fibra 500', 10000 + i % 9000, 10000 + i % 9000, 'open', 0, 0, 0,
    CASE WHEN i % :share <> 0 THEN :later ELSE :today END
FROM numbers
"""
EXECUTIONS = """
INSERT INTO ladder_executions (invoice_id, step_id, ladder_id, version, customer_id, contract_id,
    action, outcome, fell_on, executed_on, at, contact, is_legal_notice, proof, facts)
SELECT i, :step, :ladder, 1, i, i, 'message', 'done', :noticed, :noticed, :at, '', 0, '', '{}'
FROM numbers WHERE i % :share = 0
    AND CASE WHEN (i / :share) % 20 < 10 THEN 10 WHEN (i / :share) % 20 < 16 THEN 6 ELSE 4 END
        = :kind
"""
NOTICES = """
INSERT INTO ladder_executions (invoice_id, step_id, ladder_id, version, customer_id, contract_id,
    action, outcome, fell_on, executed_on, at, contact, is_legal_notice, proof, facts)
SELECT i, :notice, :ladder, 1, i, i, 'message', 'done', :noticed, :noticed, :at,
    'ladder/' || i || '/n', 1, '', '{}'
FROM numbers WHERE i % :share = 0 AND (i / :share) % 20 >= 16
"""
LETTERS = """
INSERT INTO messages (key, contact, customer_id, channel, purpose, to_address, cc_address, subject,
    text, html, note, respects_window, requires_open_invoice, status, reason, not_before, attempts,
    created_at, created_by, sent_at, in_reply_to)
SELECT 'ladder/' || i || '/n/email', 'ladder/' || i || '/n', i, 'email',
    'ladder_suspension_notice', 'c', '', '', '', '', '', 1, 1, 'delivered', '', :at, 1, :at,
    'bench', :at, ''
FROM numbers WHERE i % :share = 0 AND (i / :share) % 20 >= 16
"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    asyncio.run(main(arguments.invoices, arguments.steps, arguments.rounds))
