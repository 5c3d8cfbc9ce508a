"""What pages and programs ask of imports, each in one transaction with its audit entry."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from activities import import_requests as requests
from activities.import_work import UploadedFile
from models.bulk import BulkRun
from models.database import Database
from models.people import Deed, record


async def begin(
    session: AsyncSession, files: Sequence[UploadedFile], *, is_dry_run: bool, deed: Deed
) -> BulkRun:
    """This will begin an import of files that were kept. Refuses NoFileGiven."""
    run = await requests.begin_import(session, files, is_dry_run=is_dry_run, by=deed.by, at=deed.at)
    told = {"files": [file.name for file in files], "dry_run": is_dry_run}
    record(session, deed, "import.begin", subject=f"import/{run.id}", **told)
    return run


async def stop(database: Database, run_id: int, *, deed: Deed) -> BulkRun:
    """This will stop an import after its page under way. Refuses ImportNotUnderWay."""
    async with database.write() as session:
        run = await requests.stop_import(session, run_id)
        record(session, deed, "import.stop", subject=f"import/{run_id}")
        return run


async def resume(database: Database, run_id: int, *, deed: Deed) -> BulkRun:
    """This will let a stopped import go on. Refuses ImportNotStopped."""
    async with database.write() as session:
        run = await requests.resume_import(session, run_id, at=deed.at)
        record(session, deed, "import.resume", subject=f"import/{run_id}")
        return run


async def apply(session: AsyncSession, run_id: int, *, deed: Deed) -> BulkRun:
    """This will import for real what was tried. Refuses ImportNotTried."""
    run = await requests.import_tried(session, run_id, by=deed.by, at=deed.at)
    record(session, deed, "import.begin", subject=f"import/{run.id}", tried=run_id)
    return run
