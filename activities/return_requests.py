"""What people ask of bank return files: take one in, stop it, let it go on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_work import UploadedFile
from models import bank_returns, runs
from models.bank_returns import KIND, BankReturnFile
from models.bulk import BulkRun
from models.outbox import Verb
from rules.business_days import local_date
from rules.refusals import Refusal, written_date
from rules.return_files import ReturnAlreadyRead, ReturnHead, ReturnNumberAlreadyRead
from rules.runs import UNDER_WAY, RunStatus

WORKFLOW = "BankReturn"


class ReturnNotUnderWay(Refusal):
    message = "Este retorno já terminou: não há o que parar."


class ReturnNotStopped(Refusal):
    message = "Só um retorno parado pode ser retomado."


async def take_in(
    session: AsyncSession,
    head: ReturnHead,
    kept: UploadedFile,
    *,
    is_corrected: bool,
    by: str,
    at: datetime,
) -> BulkRun:
    """This will take in a return file whose content was kept; `start_return` has it written.

    Refuses the same content again (ReturnAlreadyRead), and another file with a number that the
    bank gave before, unless it is said to be corrected (ReturnNumberAlreadyRead). A file whose
    content was lost half-way goes on where it was.
    """
    lost = await _lost(session, head, kept)
    if lost is not None:
        return lost
    await _refuse_known(session, head, is_corrected=is_corrected)
    run = await runs.open_run(
        session, kind=KIND, key=f"{KIND}/{head.digest}", business_date=local_date(at), by=by, at=at
    )
    file = BankReturnFile(
        run_id=run.number, **vars(head), name=kept.name, size=kept.size, path=kept.path, at=at
    )
    try:
        async with session.begin_nested():
            session.add(file)
    except IntegrityError as sent_twice:  # by two people at the same instant
        raise ReturnAlreadyRead(
            number=run.number, when=written_date(local_date(at))
        ) from sent_twice
    return run


def start_return(session: AsyncSession, run: BulkRun, *, at: datetime) -> None:
    """This will have a file written once the transaction commits."""
    runs.start(session, run, workflow=WORKFLOW, at=at)


async def stop_return(session: AsyncSession, run_id: int) -> BulkRun:
    """This will stop after the page under way. Refuses one that has ended (ReturnNotUnderWay)."""
    await bank_returns.file_of(session, run_id)
    run = await runs.lock_run(session, run_id)
    if run.status not in UNDER_WAY:
        raise ReturnNotUnderWay
    run.stop_requested = True
    session.add(run)
    return run


async def resume_return(session: AsyncSession, run_id: int, *, at: datetime) -> BulkRun:
    """This will let a stopped file go on where it was. Refuses any other (ReturnNotStopped)."""
    await bank_returns.file_of(session, run_id)
    run = await runs.lock_run(session, run_id)
    if run.status != RunStatus.STOPPED:
        raise ReturnNotStopped
    run.status, run.stop_requested = RunStatus.WAITING, False
    session.add(run)
    runs.start(session, run, workflow=WORKFLOW, at=at, verb=Verb.RESTART)
    return run


async def _lost(session: AsyncSession, head: ReturnHead, kept: UploadedFile) -> BulkRun | None:
    file = await bank_returns.with_digest(session, head.digest)
    run = await runs.lock_run(session, file.run_id) if file else None
    if file is None or run is None or run.status != RunStatus.FAILED:
        return None
    file.path, run.status, run.finished_at = kept.path, RunStatus.WAITING, None
    session.add_all([file, run])
    return run


async def _refuse_known(session: AsyncSession, head: ReturnHead, *, is_corrected: bool) -> None:
    same = await bank_returns.with_digest(session, head.digest)
    if same is not None:
        raise ReturnAlreadyRead(number=same.run_id, when=written_date(local_date(same.at)))
    if is_corrected:
        return
    numbered = await bank_returns.with_number(
        session, bank=head.bank, company=head.company, sequence=head.sequence
    )
    if numbered is not None:
        raise ReturnNumberAlreadyRead(
            sequence=head.sequence, number=numbered.run_id,
            when=written_date(local_date(numbered.at)),
        )  # fmt: skip
