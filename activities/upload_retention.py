"""Uploads that nobody knows of: whoever kept them died before a run began with them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection
from datetime import datetime, timedelta
from math import inf
from pathlib import Path

from models.database import Database
from models.uploads import named_files

#: Nobody still sends a file that was last written to so long ago, or is about to begin with it.
GRACE = timedelta(days=1)
#: What this house calls an upload, and a file that was dropped into its folder; packed or not.
OURS = re.compile(r"(?:[0-9a-f]{32}\.csv|dropped-[0-9a-f]{64}\.txt)(?:\.gz)?")


async def forget_orphans(database: Database, uploads: Path, *, at: datetime) -> int:
    """This will delete the files of uploads that nothing names; gives how many. Safe to repeat.

    Where the database names no file at all they are another's, which has the folder too.
    """
    found = await asyncio.to_thread(_old_ones, uploads, at - GRACE)
    if not found:
        return 0
    async with database.read() as session:
        known = await named_files(session)
    return await asyncio.to_thread(_delete, found, known) if known else 0


def _old_ones(uploads: Path, before: datetime) -> list[Path]:
    if not uploads.is_dir():
        return []
    ours = [each for each in uploads.iterdir() if OURS.fullmatch(each.name)]
    return [each for each in ours if _written_at(each) < before.timestamp()]


def _written_at(file: Path) -> float:
    """When a file was last written to; never, where whoever worked it off took it away."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return inf


def _delete(found: Collection[Path], known: Collection[str]) -> int:
    orphans = [each for each in found if each.name.removesuffix(".gz") not in known]
    for each in orphans:
        each.unlink(missing_ok=True)
    return len(orphans)
