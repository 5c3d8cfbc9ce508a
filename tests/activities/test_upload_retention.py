"""What an upload left behind, whose process died, goes at night; nothing else does."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from activities.upload_retention import forget_orphans
from models.bulk import BulkRun
from models.database import Database
from tests.builders import AT, TODAY

HOUR = timedelta(hours=1)


def kept(folder: Path, name: str, *, ago: timedelta = 25 * HOUR) -> str:
    path = folder / name
    path.write_bytes(b"x")
    os.utime(path, times=((AT - ago).timestamp(),) * 2)
    return str(path)


async def a_run(database: Database, **parameters: object) -> None:
    async with database.write() as session:
        run = BulkRun(
            key=f"run/{parameters}"[:80], kind="import", business_date=TODAY, requested_by="ana",
            requested_at=AT, parameters=parameters,
        )  # fmt: skip
        session.add(run)


async def test_only_what_nothing_names_and_nobody_can_still_be_sending_goes(
    database: Database, tmp_path: Path
) -> None:
    orphans = [f"{'a' * 32}.csv", f"{'b' * 32}.csv.gz", f"dropped-{'c' * 64}.txt"]
    for name in orphans:
        kept(tmp_path, name)
    kept(tmp_path, f"{'d' * 32}.csv", ago=23 * HOUR)
    kept(tmp_path, "demo-fatura.txt")
    (tmp_path / f"{'9' * 32}.csv").symlink_to(tmp_path / "gone")
    imported = kept(tmp_path, f"{'e' * 32}.csv")
    packed = kept(tmp_path, f"{'f' * 32}.csv.gz")
    await a_run(database, files=[{"path": imported}])
    await a_run(database, file={"path": f"/elsewhere/{Path(packed).name.removesuffix('.gz')}"})

    gone = [await forget_orphans(database, tmp_path, at=AT) for _ in range(2)]

    assert gone == [3, 0]
    left = os.listdir(tmp_path)
    assert (len(left), set(left) & set(orphans)) == (5, set())


async def test_where_no_file_is_known_the_folder_is_anothers(
    database: Database, tmp_path: Path
) -> None:
    kept(tmp_path, f"{'a' * 32}.csv")

    assert await forget_orphans(database, tmp_path, at=AT) == 0
    assert await forget_orphans(database, tmp_path / "missing", at=AT) == 0
    assert len(os.listdir(tmp_path)) == 1
