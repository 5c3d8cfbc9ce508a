"""What pages and programs ask of bank return files, each in one transaction with its audit."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import UploadFile

from activities import return_requests as requests
from activities.return_questions import answer_questions
from api.import_uploads import keep_uploads
from api.once import UNNAMED, Once
from models import bank_returns
from models.bulk import BulkRun
from models.database import Database
from models.people import Deed, record
from rules.return_files import (
    ReturnHead,
    ReturnMissing,
    check_is_of_a_bank,
    look_at_return,
)
from settings import Settings


async def send_in(
    database: Database,
    settings: Settings,
    sent: Sequence[UploadFile | str],
    *,
    is_corrected: bool,
    deed: Deed,
    once: Once = UNNAMED,
) -> int:
    """This will take in a bank's return file; gives its run. What is refused leaves nothing behind.

    Refuses ReturnMissing, what look_at_return refuses, a file that was sent before, and where it
    is earnest one that was made to train with (SampleReturnRefused).
    """
    async with keep_uploads(sent[:1], settings) as kept:
        file = kept.first
        if file is None:
            raise ReturnMissing
        head = await asyncio.to_thread(_look, Path(file.path), file.name)
        if not settings.is_training():
            check_is_of_a_bank(head)

        async def take(session: AsyncSession) -> BulkRun:
            run = await requests.take_in(
                session, head, file, is_corrected=is_corrected, by=deed.by, at=deed.at
            )
            requests.start_return(session, run, at=deed.at)
            told = {"file": file.name, "bank": head.bank, "digest": head.digest}
            record(session, deed, "bank_return.send", subject=f"bank_return/{run.id}", **told)
            return run

        taken = await kept.begin_once(once, database, deed, take, lambda run: {"id": run.number})
    return int(taken["id"])


async def stop(database: Database, run_id: int, *, deed: Deed) -> BulkRun:
    """This will stop a file after its page under way. Refuses ReturnNotUnderWay."""
    async with database.write() as session:
        run = await requests.stop_return(session, run_id)
        record(session, deed, "bank_return.stop", subject=f"bank_return/{run_id}")
        return run


async def resume(database: Database, run_id: int, *, deed: Deed) -> BulkRun:
    """This will let a stopped file go on. Refuses ReturnNotStopped."""
    async with database.write() as session:
        run = await requests.resume_return(session, run_id, at=deed.at)
        record(session, deed, "bank_return.resume", subject=f"bank_return/{run_id}")
        return run


async def answer(
    database: Database, run_id: int, line_ids: Collection[int], *, is_second: bool, deed: Deed
) -> int:
    """This will say of lines whether they tell a second payment; none named: of all that ask."""
    async with database.write() as session:
        wanted = line_ids or await bank_returns.questions_of(session, run_id)
        return await answer_questions(session, run_id, wanted, is_second=is_second, deed=deed)


def _look(path: Path, name: str) -> ReturnHead:
    return look_at_return(path.read_bytes(), name=name)
