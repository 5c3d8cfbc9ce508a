"""Uploaded portfolio files: kept under data/uploads in chunks, by a name of our own."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from starlette.datastructures import UploadFile

from activities.import_work import UploadedFile
from rules.import_columns import ImportKind
from rules.imports import MAX_BYTES, ImportTooLarge
from settings import Settings

CHUNK = 1 << 20


async def keep_uploads(
    uploads: Sequence[UploadFile | str], settings: Settings, *, kind: ImportKind | None
) -> list[UploadedFile]:
    """This will keep files that were sent; fields left empty are passed over.

    Refuses ImportTooLarge. Files live until their import is done.
    """
    folder = settings.data.absolute() / "uploads"
    named = [each for each in uploads if isinstance(each, UploadFile) and each.filename]
    return [await asyncio.to_thread(_keep, upload, folder, kind) for upload in named]


def _keep(upload: UploadFile, folder: Path, kind: ImportKind | None) -> UploadedFile:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid4().hex}.csv"
    digest, size = hashlib.sha256(), 0
    name = Path(upload.filename or "").name[:120]
    with path.open("wb") as file:
        while chunk := upload.file.read(CHUNK):
            size += len(chunk)
            if size > MAX_BYTES:
                path.unlink()
                raise ImportTooLarge(file=name, megabytes=MAX_BYTES >> 20)
            digest.update(chunk)
            file.write(chunk)
    return UploadedFile(str(path), name, digest.hexdigest(), size, kind or "")
