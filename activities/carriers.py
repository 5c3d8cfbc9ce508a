"""Carriers' files as activities, and as one call for the command line."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime
from pathlib import Path

from temporalio import activity

from activities.carrier_requests import begin_carrier_import, carrier_run
from activities.carrier_work import CarrierRunRef, CarrierWork
from activities.cases import now
from activities.import_work import UploadedFile
from models.database import Database
from rules.runs import UNDER_WAY


class CarrierActivities:
    """What the workflow of a carrier's file asks."""

    def __init__(self, database: Database) -> None:
        self.work = CarrierWork(database)

    @activity.defn
    async def import_carrier_file(self, ref: CarrierRunRef) -> str:
        """This will read a file and write its invoice, or nothing; returns the run's status."""
        return await self.work.import_file(ref, at=now())

    @activity.defn
    async def audit_carrier_invoice(self, ref: CarrierRunRef) -> str:
        """This will audit what was imported; returns the run's status."""
        return await self.work.audit(ref, at=now())


async def import_carrier_file(database: Database, path: Path, *, at: datetime) -> str:
    """This will import and audit a file here and now; returns a line that sums it up.

    The file stays where it is. Refuses a file that was imported before.
    """
    file = await asyncio.to_thread(_local, path)
    async with database.write() as session:
        run = await begin_carrier_import(session, file, by="system", at=at, starts=False)
    status = await carry_out(database, run.number, at=at)
    async with database.read() as session:
        run = await carrier_run(session, run.number)
    told = f"{run.changed} findings" if status == "done" else f"{run.errors} problems"
    return f"{path.name}: {status}, {told} (/operadoras/importacoes/{run.id})"


async def carry_out(database: Database, run_id: int, *, at: datetime) -> str:
    """This will do a run's work outside the engine; returns its status."""
    work, ref = CarrierWork(database), CarrierRunRef(run_id)
    status = await work.import_file(ref, at=at)
    return await work.audit(ref, at=at) if status in UNDER_WAY else status


def _local(path: Path) -> UploadedFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return UploadedFile(str(path.absolute()), path.name, digest, path.stat().st_size, is_ours=False)
