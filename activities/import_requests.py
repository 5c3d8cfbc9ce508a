"""What people ask of imports: begin one, stop it, let it go on, do for real what was tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_work import UploadedFile
from models import imports, runs
from models.bulk import BulkRun
from models.outbox import Verb
from rules.business_days import local_date
from rules.refusals import Refusal
from rules.runs import UNDER_WAY, RunStatus

WORKFLOW = "PortfolioImport"


class NoFileGiven(Refusal):
    message = "Escolha ao menos um arquivo CSV."
    field = "files"


class ImportNotUnderWay(Refusal):
    message = "Esta importação já terminou: não há o que parar."


class ImportNotStopped(Refusal):
    message = "Só uma importação parada pode ser retomada."


class ImportNotTried(Refusal):
    message = "Só uma simulação concluída, com seus arquivos, pode ser importada de verdade."


async def begin_import(
    session: AsyncSession,
    files: Sequence[UploadedFile],
    *,
    is_dry_run: bool,
    by: str,
    at: datetime,
    is_started: bool = True,
) -> BulkRun:
    """This will have uploaded files imported, or only tried. Refuses NoFileGiven.

    Without `is_started` no workflow is asked for: the caller does the work.
    """
    if not files:
        raise NoFileGiven
    run = imports.make_run(
        key=f"import/{uuid4().hex}", by=by, at=at, today=local_date(at), is_dry_run=is_dry_run,
        parameters={"files": [asdict(file) for file in _told_apart(files)]},
    )  # fmt: skip
    session.add(run)
    await session.flush()
    if is_started:
        runs.start(session, run, workflow=WORKFLOW, at=at)
    return run


def _told_apart(files: Sequence[UploadedFile]) -> list[UploadedFile]:
    """What is wrong is kept by a file's name: those that begin alike are numbered."""
    seen: set[str] = set()
    named: list[UploadedFile] = []
    for number, file in enumerate(files, start=1):
        tried = chain([file.name], (f"{each}-{file.name}" for each in count(number)))
        name = next(each for each in tried if imports.kept_name(each) not in seen)
        named.append(replace(file, name=name))
        seen.add(imports.kept_name(name))
    return named


async def stop_import(session: AsyncSession, run_id: int) -> BulkRun:
    """This will stop an import after the page under way. Refuses one that has ended."""
    run = await imports.lock_run(session, run_id)
    if run.status not in UNDER_WAY:
        raise ImportNotUnderWay
    run.stop_requested = True
    session.add(run)
    return run


async def resume_import(session: AsyncSession, run_id: int, *, at: datetime) -> BulkRun:
    """This will let a stopped import go on where it was. Refuses any other (ImportNotStopped)."""
    run = await imports.lock_run(session, run_id)
    if run.status != RunStatus.STOPPED:
        raise ImportNotStopped
    run.status, run.stop_requested = RunStatus.WAITING, False
    session.add(run)
    runs.start(session, run, workflow=WORKFLOW, at=at, verb=Verb.RESTART)
    return run


async def import_tried(session: AsyncSession, run_id: int, *, by: str, at: datetime) -> BulkRun:
    """This will import for real what a dry run tried. Refuses ImportNotTried."""
    tried = await imports.lock_run(session, run_id)
    files = [UploadedFile(**each) for each in tried.parameters["files"]]
    if not can_be_applied(tried):
        raise ImportNotTried
    return await begin_import(session, files, is_dry_run=False, by=by, at=at)


def can_be_applied(run: BulkRun) -> bool:
    """Whether a dry run ended and its files are still here."""
    files = run.parameters["files"]
    ended = run.is_dry_run and run.status == RunStatus.DONE
    return ended and all(Path(each["path"]).exists() for each in files)
