"""Protocols drawn by two processes at once: none twice, none left out, not even by a failure."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EACH = 24
#: Draws as support does, in a transaction of its own each; every fourth is taken back.
SCRIPT = """
import asyncio, json, sys
from datetime import date
from models.database import Database
from models.protocols import next_protocol

class TakenBack(Exception):
    pass

async def draw(database, number):
    async with database.write() as session:
        given = await next_protocol(session, date(2026, 11, 22))
        await asyncio.sleep(0.002)
        if number % 4 == 3:
            raise TakenBack
        return given

async def main(url, count):
    database = Database(url)
    print("ready", flush=True)
    sys.stdin.readline()
    drawn = await asyncio.gather(
        *(draw(database, number) for number in range(count)), return_exceptions=True
    )
    await database.dispose()
    failed = [each for each in drawn if isinstance(each, Exception)]
    assert all(isinstance(each, TakenBack) for each in failed), failed
    print(json.dumps([each for each in drawn if isinstance(each, str)]))

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


async def test_two_processes_share_the_numbers_of_a_day(database_url: str) -> None:
    processes = [await _drawing(database_url) for _ in range(2)]
    for process in processes:
        assert process.stdout is not None
        await process.stdout.readline()  # both are ready before either begins

    parts = await asyncio.gather(*map(_drawn, processes))
    given = [protocol for part in parts for protocol in part]

    kept = 2 * (EACH - EACH // 4)
    assert sorted(given) == [f"20261122{number:06}" for number in range(1, kept + 1)]


async def _drawing(url: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", SCRIPT, url, str(EACH), cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def _drawn(process: asyncio.subprocess.Process) -> list[str]:
    """This will let a process begin, and wait for what it drew."""
    assert process.stdin is not None
    process.stdin.write(b"\n")
    out, _ = await process.communicate()
    assert process.returncode == 0
    numbers: list[str] = json.loads(out)
    return numbers
