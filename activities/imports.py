"""Portfolio imports as activities, and as one call for the command line."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime
from pathlib import Path

from temporalio import activity

from activities.cases import now
from activities.import_requests import begin_import
from activities.import_work import ImportRef, ImportWork, UploadedFile
from models import imports
from models.database import Database
from rules.import_columns import ImportKind
from rules.runs import UNDER_WAY
from rules.sentences import fill

COUNTS = "%(changed)s gravada(s), %(unchanged)s sem mudança, %(errors)s recusada(s)"


class ImportActivities:
    """What the workflow of an import asks, in shifts."""

    def __init__(self, database: Database) -> None:
        self.work = ImportWork(database)

    @activity.defn
    async def inspect_import(self, ref: ImportRef) -> str:
        """This will look through every file before a row is written; returns the run's status."""
        return await self.work.inspect(ref, at=now())

    @activity.defn
    async def write_import(self, ref: ImportRef) -> str:
        """This will write pages until the end, a stop, or the end of the shift."""
        return await self.work.write(ref, at=now())


async def import_file(
    database: Database, path: Path, *, at: datetime, kind: ImportKind | None = None
) -> str:
    """This will import a file here and now, without the engine; returns a line that sums it up.

    The file stays where it is; what was wrong with its rows is on the page of the import.
    """
    file = await asyncio.to_thread(_local, path, kind)
    async with database.write() as session:
        run = await begin_import(
            session, [file], is_dry_run=False, by="system", at=at, is_started=False
        )
    work, ref = ImportWork(database), ImportRef(run.id or 0)
    status = await work.inspect(ref, at=at)
    while status in UNDER_WAY:
        status = await work.write(ref, at=at)
    async with database.read() as session:
        run = await imports.run_of(session, ref.run_id)
    counts = fill(COUNTS, run.model_dump(include={"changed", "unchanged", "errors"}))
    return f"{path.name}: {status}, {counts} (/importacoes/{run.id})"


def _local(path: Path, kind: ImportKind | None) -> UploadedFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = path.stat().st_size
    return UploadedFile(str(path.absolute()), path.name, digest, size, kind or "", is_ours=False)
