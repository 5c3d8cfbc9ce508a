"""Carriers' files and called numbers are forgotten once nothing can be contested any more, and
uploads that nobody knows of."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.carrier_requests import KIND
from activities.cases import now
from activities.upload_retention import forget_orphans
from models.bulk import BulkRun
from models.carrier_invoices import CarrierInvoice
from models.database import Database
from models.findings import Finding, FindingRow
from models.policies import load_policy
from rules.business_days import local_date
from rules.carrier_retention import CarrierPolicy, kept_since, without_personal
from rules.runs import RunStatus
from settings import Settings


class CarrierRetention:
    """What the daily workflow of retention asks."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.uploads = database, settings.uploads()

    @activity.defn
    async def forget_old_calls(self) -> int:
        """This will forget what is past its time; gives how many invoices that was about."""
        await forget_orphans(self.database, self.uploads, at=now())
        return await forget_old_calls(self.database, today=local_date(now()))


async def forget_old_calls(database: Database, *, today: date) -> int:
    """This will delete old files and called numbers; sums and findings stay. Safe to repeat."""
    count = 0
    await _forget_stopped(database, today)
    while True:
        async with database.read() as session:
            invoice = await _next_old(session, today)
        if invoice is None:
            return count
        await asyncio.to_thread(delete_file, Path(invoice.file_path or ""))
        async with database.write() as session:
            await forget_calls(session, invoice)
        count += 1


async def _forget_stopped(database: Database, today: date) -> None:
    """Files whose reading was stopped, and that nobody wanted read after all.

    Dropped again meanwhile, the same file may have become an invoice's: that keeps it.
    """
    async with database.write() as session:
        policy = await load_policy(session, CarrierPolicy())
        statement = select(BulkRun).where(
            BulkRun.kind == KIND, BulkRun.status == RunStatus.STOPPED,
            BulkRun.business_date < today - timedelta(days=policy.stopped_days),
            col(BulkRun.summary)["file_forgotten"].as_boolean().is_not(True),
        )  # fmt: skip
        for run in (await session.exec(statement)).all():
            path = Path(run.parameters["file"]["path"])
            is_ours = run.parameters["file"].get("is_ours", True)
            if is_ours and not await _is_kept(session, path):
                await asyncio.to_thread(delete_file, path)
            run.summary = {**run.summary, "file_forgotten": True}
            session.add(run)


async def _is_kept(session: AsyncSession, path: Path) -> bool:
    """Whether an invoice names the file, packed or not."""
    names = [str(each) for each in _forms(path)]
    statement = select(CarrierInvoice.id).where(col(CarrierInvoice.file_path).in_(names))
    return (await session.exec(statement.limit(1))).first() is not None


async def _next_old(session: AsyncSession, today: date) -> CarrierInvoice | None:
    policy = await load_policy(session, CarrierPolicy())
    statement = select(CarrierInvoice).where(
        CarrierInvoice.issue_date < kept_since(today, policy=policy),
        col(CarrierInvoice.file_path).is_not(None),
    )
    return (await session.exec(statement.limit(1))).first()


async def forget_calls(session: AsyncSession, invoice: CarrierInvoice) -> None:
    """This will have the evidence of an invoice, whose file is gone, tell no called numbers."""
    statement = (
        select(FindingRow)
        .join(Finding, col(Finding.id) == col(FindingRow.finding_id))
        .where(Finding.invoice_id == invoice.id)
    )
    for row in await session.exec(statement):
        row.fields = without_personal(row.fields)
        session.add(row)
    kept = await session.get_one(CarrierInvoice, invoice.id)
    kept.file_path = None
    session.add(kept)


def delete_file(path: Path) -> None:
    """This will delete a carrier's file, packed or not; gone already: nothing."""
    for each in _forms(path):
        each.unlink(missing_ok=True)


def _forms(path: Path) -> tuple[Path, Path]:
    return path, path.with_name(path.name + ".gz")
