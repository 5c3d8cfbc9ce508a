"""Files that are sent to be worked off: kept under data/uploads in chunks, by a name of our own."""

from __future__ import annotations

import asyncio
import errno
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import UploadFile

from activities.import_work import UploadedFile
from api.once import Answer, Once
from models.bulk import BulkRun
from models.database import Database
from models.people import Deed
from rules.attachments import StorageFull
from rules.import_columns import ImportKind
from rules.imports import MAX_BYTES, ImportTooLarge
from settings import Settings

CHUNK = 1 << 20
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
#: Begins a run inside the transaction; gives what programs read of it, with its `id`.
Begin = Callable[[AsyncSession], Awaitable[BulkRun]]
Told = Callable[[BulkRun], Any]


@dataclass
class Kept:
    """Files that were sent, and the run that begins with them."""

    files: list[UploadedFile] = field(default_factory=list)
    run_id: int | None = None
    is_spare: bool = False

    @property
    def first(self) -> UploadedFile | None:
        """The only one that is wanted; None where nothing was sent."""
        return self.files[0] if self.files else None

    def begin(self, run: BulkRun) -> BulkRun:
        """This will have the files be those of a run that begins in this transaction."""
        self.run_id = run.number
        return run

    def answer_for(self, run_id: int) -> None:
        """This will say which run is answered; an older one has files of its own, not these."""
        self.is_spare = run_id != self.run_id

    async def begin_once(
        self, once: Once, database: Database, deed: Deed, begin: Begin, told: Told
    ) -> Answer:
        """This will begin a run with these files and answer what is `told` of it.

        The same request again gets the answer of the first, and these files go away again.
        """

        async def write(session: AsyncSession) -> Any:
            return told(self.begin(await begin(session)))

        answer = await once.do(database, deed, write)
        self.answer_for(answer["id"])
        return answer


@asynccontextmanager
async def keep_uploads(
    uploads: Sequence[UploadFile | str], settings: Settings, *, kind: ImportKind | None = None
) -> AsyncIterator[Kept]:
    """This will keep files that were sent; fields left empty are passed over.

    Whatever is raised within it takes the files away again: what was refused leaves nothing
    behind. The others live until their run is done. Refuses ImportTooLarge and StorageFull.
    """
    folder, kept = settings.uploads(), Kept()
    named = [each for each in uploads if isinstance(each, UploadFile) and each.filename]
    try:
        for each in named:
            kept.files.append(await asyncio.to_thread(_keep, each, folder, kind))
        yield kept
    except BaseException:
        await asyncio.to_thread(_forget, kept.files)
        raise
    if kept.is_spare:
        await asyncio.to_thread(_forget, kept.files)


def _keep(upload: UploadFile, folder: Path, kind: ImportKind | None) -> UploadedFile:
    name, path = Path(upload.filename or "").name[:120], folder / f"{uuid4().hex}.csv"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        digest, size = _written(upload, path, name)
    except OSError as error:
        path.unlink(missing_ok=True)
        if error.errno in NO_SPACE:
            raise StorageFull from error
        raise
    except ImportTooLarge:
        path.unlink()
        raise
    return UploadedFile(str(path), name, digest, size, kind or "")


def _written(upload: UploadFile, path: Path, name: str) -> tuple[str, int]:
    """Digest and size of what was written. Refuses ImportTooLarge, part of it being there."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        while chunk := upload.file.read(CHUNK):
            size += len(chunk)
            if size > MAX_BYTES:
                raise ImportTooLarge(file=name, megabytes=MAX_BYTES >> 20)
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest(), size


def _forget(files: Sequence[UploadedFile]) -> None:
    for each in files:
        Path(each.path).unlink(missing_ok=True)
