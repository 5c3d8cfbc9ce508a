"""The watched folder: carriers' files that are dropped there are imported by the same path.

Each is imported whole or not at all and moved to `importados` or `recusados`; a file that comes
again is recognised. What lies in `previas` is what a carrier means to issue. Whatever dies
between, the next look goes on with the same run.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import shutil
from datetime import datetime
from pathlib import Path

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.asking import team_id_of
from activities.carrier_requests import KIND, begin_carrier_import
from activities.carriers import carry_out
from activities.cases import now
from activities.import_work import UploadedFile
from activities.tasks import NewTask, make_task
from models.bulk import BulkRun
from models.calendars import load_calendar
from models.carrier_invoices import CarrierFileAlreadyDone
from models.database import Database
from models.policies import load_policy
from rules.cases import Process
from rules.contestation import ContestationPolicy
from rules.due import due_after
from rules.runs import UNDER_WAY, RunStatus
from rules.sentences import N_
from settings import Settings

log = logging.getLogger(__name__)

DONE, REFUSED, PREVIEWS = "importados", "recusados", "previas"
#: Whoever writes a file this recently may not be done with it.
SETTLED_SECONDS = 20
#: What programs call a file that they have not written to its end.
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")


class CarrierFolder:
    """What the watch over carriers' files asks."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings

    @activity.defn
    async def take_dropped_files(self) -> int:
        """This will import what lies in the folder; gives how many files that was."""
        return await take_dropped(self.database, self.settings, at=now())


async def take_dropped(database: Database, settings: Settings, *, at: datetime) -> int:
    """This will import every file of the watched folder and move it away; none watched: nothing."""
    folder, count = settings.carrier_folder, 0
    if folder is None:
        return 0
    for path in await asyncio.to_thread(_waiting, folder, at):
        try:
            file = await asyncio.to_thread(_copied, path, settings.uploads())
        except OSError:  # one file that may not be read must not keep the others waiting
            log.exception("dropped file %s not read", path.name)
            continue
        is_preview = path.parent.name == PREVIEWS
        status = await _import(database, file, at=at, is_preview=is_preview)
        place = folder / (DONE if status == RunStatus.DONE else REFUSED)
        await asyncio.to_thread(_move, path, place, file.sha256)
        count += 1
    return count


def _waiting(folder: Path, at: datetime) -> list[Path]:
    """The files that nobody writes to any more, by name; of folders only the previews' is read."""
    previews = folder / PREVIEWS
    previews.mkdir(parents=True, exist_ok=True)
    found = (*folder.iterdir(), *previews.iterdir())
    return sorted(each for each in found if _is_settled(each, at))


def _is_settled(path: Path, at: datetime) -> bool:
    is_named = not path.name.startswith(".") and path.suffix.lower() not in UNFINISHED
    return is_named and path.is_file() and path.stat().st_mtime <= at.timestamp() - SETTLED_SECONDS


def _copied(path: Path, uploads: Path) -> UploadedFile:
    """A copy of ours, as an upload would be kept; the dropped file stays until all is done."""
    uploads.mkdir(parents=True, exist_ok=True)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    kept = uploads / f"dropped-{digest}.txt"
    shutil.copyfile(path, kept)
    return UploadedFile(str(kept), path.name[:120], digest, path.stat().st_size)


async def _import(database: Database, file: UploadedFile, *, at: datetime, is_preview: bool) -> str:
    try:
        async with database.write() as session:
            run = await _run_of(session, file, at=at, is_preview=is_preview)
    except CarrierFileAlreadyDone:
        await asyncio.to_thread(Path(file.path).unlink, missing_ok=True)
        return RunStatus.DONE
    status = await carry_out(database, run.number, at=at)
    if status == RunStatus.FAILED:
        async with database.write() as session:
            await _ask(session, file, run, at=at)
    return status


async def _run_of(
    session: AsyncSession, file: UploadedFile, *, at: datetime, is_preview: bool
) -> BulkRun:
    """The run that an earlier look began and did not end; else a new one."""
    name = f"{KIND}/folder/{file.sha256[:32]}"
    statement = select(BulkRun).where(col(BulkRun.key).startswith(name))
    known = (await session.exec(statement.order_by(col(BulkRun.id)))).all()
    if known and known[-1].status in UNDER_WAY:
        return known[-1]
    return await begin_carrier_import(
        session, file, by="system", at=at, starts=False, key=f"{name}/{len(known)}",
        is_preview=is_preview,
    )  # fmt: skip


async def _ask(session: AsyncSession, file: UploadedFile, run: BulkRun, *, at: datetime) -> None:
    policy = await load_policy(session, ContestationPolicy())
    calendar = await load_calendar(session)
    new = NewTask(
        key=f"{run.key}/refused", process=Process.TASKS, kind="refused_carrier_file",
        title=N_("Arquivo de operadora recusado: %(file)s"), places={"file": file.name},
        reason=N_("O arquivo da pasta não pôde ser importado; nada dele foi gravado."),
        consequence=N_("Sem o arquivo, nada é auditado nem contestado, e o prazo corre."),
        description=f"/operadoras/importacoes/{run.id}",
        due_at=due_after(at, business_days=policy.task_due_business_days, calendar=calendar),
        team_id=await team_id_of(session, policy.team),
    )  # fmt: skip
    await make_task(session, new, by="system", at=at)


def _move(path: Path, place: Path, sha256: str) -> None:
    """A name that is taken there is told apart by the file's own digest."""
    place.mkdir(exist_ok=True)
    target = place / path.name
    if target.exists():
        target = place / f"{path.stem}-{sha256[:8]}{path.suffix}"
    shutil.move(path, target)
