"""Parts are kept running, ended in order, and watched over by one supervisor a data folder."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

import supervisor as supervision
from running.child import start_child
from supervisor import AlreadyRunning, Part, PartRefused, Supervisor, running_alone

pytestmark = [pytest.mark.once, pytest.mark.slow]

ROOT = Path(__file__).parent.parent
#: A part that writes down its life: "+name pid" when it starts, "-name" when it was asked to end.
DIARIST = """
import os, signal, sys, time
name, diary = sys.argv[1:3]
def write(line):
    with open(diary, "a") as file:
        file.write(line + "\\n")
def end(*_):
    write("-" + name)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
write(f"+{name} {os.getpid()}")
while True:
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE", 0.01)


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    path = tmp_path / "diary"
    path.touch()
    return path


def diarist(name: str, diary: Path) -> Part:
    return Part(name, [sys.executable, "-c", DIARIST, name, str(diary)])


def lives(diary: Path, name: str) -> list[int]:
    """The process ids under which the part lived, one after the other."""
    lines = diary.read_text().splitlines()
    return [int(line.split()[1]) for line in lines if line.startswith(f"+{name} ")]


def has_lived(diary: Path, name: str, *, times: int) -> bool:
    return len(lives(diary, name)) == times


def ends(diary: Path) -> list[str]:
    """What was asked to end, in that order."""
    return [line for line in diary.read_text().splitlines() if line.startswith("-")]


async def until(happened: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not happened():  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.02)


@asynccontextmanager
async def supervised(*parts: Part) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """These parts, kept; gives what stops them in their order."""
    supervisor, stop = Supervisor(), asyncio.Event()

    async def story() -> None:
        for part in parts:
            supervisor.keep(part)

    order = [part.name for part in parts]
    running = asyncio.create_task(supervisor.run(story(), stop=stop, order=order))

    async def stopped() -> None:
        stop.set()
        await running

    try:
        yield stopped
    finally:
        stop.set()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_part_that_is_killed_is_started_again(diary: Path) -> None:
    async with supervised(diarist("worker", diary)):
        for life in (1, 2, 3):
            await until(partial(has_lived, diary, "worker", times=life))
            os.kill(lives(diary, "worker")[-1], signal.SIGKILL)
        await until(partial(has_lived, diary, "worker", times=4))


async def test_the_others_live_on_when_one_part_dies(diary: Path) -> None:
    async with supervised(diarist("api", diary), diarist("worker", diary)):
        await until(lambda: lives(diary, "api") and lives(diary, "worker"))
        os.kill(lives(diary, "worker")[0], signal.SIGKILL)
        await until(lambda: len(lives(diary, "worker")) == 2)

        assert len(lives(diary, "api")) == 1


async def test_parts_end_in_order_and_leave_nothing_behind(diary: Path) -> None:
    parts = [diarist(name, diary) for name in ("api", "worker", "sink", "engine")]
    async with supervised(*parts) as stopped:
        await until(lambda: all(lives(diary, part.name) for part in parts))

        await stopped()

    assert ends(diary) == ["-api", "-worker", "-sink", "-engine"]
    assert not any(is_alive(lives(diary, part.name)[0]) for part in parts)


async def test_a_part_that_will_not_end_is_killed() -> None:
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True)\n"
    command = [sys.executable, "-c", stubborn + "time.sleep(60)"]
    async with supervised(Part("worker", command, grace_seconds=0.5)) as stopped:
        await asyncio.sleep(0.5)

        await asyncio.wait_for(stopped(), 5)


async def test_a_part_that_cannot_work_here_ends_the_whole_with_its_reason() -> None:
    refusing = Part("api", [sys.executable, "-c", "raise SystemExit(2)"])
    async with supervised(refusing) as stopped:
        await asyncio.sleep(1)

        with pytest.raises(PartRefused, match="api"):
            await stopped()


async def test_a_story_that_fails_ends_the_parts_it_began(diary: Path) -> None:
    supervisor = Supervisor()

    async def story() -> None:
        supervisor.keep(diarist("engine", diary))
        await until(lambda: lives(diary, "engine"))
        raise AlreadyRunning("no more")

    with pytest.raises(AlreadyRunning):
        await supervisor.run(story(), stop=asyncio.Event(), order=["engine"])

    assert not is_alive(lives(diary, "engine")[0])


async def test_parts_die_with_a_supervisor_that_is_killed(diary: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux ends a child with its parent")
    script = (
        "import asyncio, sys\n"
        "from supervisor import Part, Supervisor\n"
        "async def main():\n"
        "    s = Supervisor()\n"
        "    async def story(): s.keep(Part('worker', sys.argv[1:]))\n"
        "    await s.run(story(), stop=asyncio.Event(), order=['worker'])\n"
        "asyncio.run(main())\n"
    )
    part = diarist("worker", diary)
    above = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, *part.command, cwd=ROOT
    )
    await until(lambda: lives(diary, "worker"))

    above.kill()
    await above.wait()

    await until(lambda: not is_alive(lives(diary, "worker")[0]))


# --- one supervisor a data folder -----------------------------------------------------------------


async def holder(data: Path) -> asyncio.subprocess.Process:
    """Another process that runs alone on the folder, with a child that holds on to it."""
    script = (
        "import subprocess, sys, time\n"
        "from pathlib import Path\n"
        "from supervisor import running_alone\n"
        "with running_alone(Path(sys.argv[1])) as lock:\n"
        "    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(2)'],"
        " pass_fds=[lock])\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(data), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"held\n"
    return process


async def test_a_second_one_on_the_same_data_is_refused_with_who_runs(tmp_path: Path) -> None:
    first = await holder(tmp_path)

    with pytest.raises(AlreadyRunning, match=str(first.pid)), running_alone(tmp_path):
        pass

    first.kill()
    await first.communicate()


async def test_after_kill_9_the_last_of_the_parts_is_awaited_and_then_we_go_on(
    tmp_path: Path,
) -> None:
    first = await holder(tmp_path)
    first.kill()
    await first.wait()

    with running_alone(tmp_path):
        assert (tmp_path / "acerto.pid").read_text() == str(os.getpid())

    await first.communicate()


def test_the_folder_is_free_again_after_an_ordinary_end(tmp_path: Path) -> None:
    for _ in range(2):
        with running_alone(tmp_path):
            pass


async def test_what_a_child_prints_goes_where_it_was_told(tmp_path: Path) -> None:
    log = tmp_path / "part.log"
    for line in ("one", "two"):
        child = await start_child([sys.executable, "-c", f"print({line!r})"], output=log)
        await child.wait()

    assert log.read_text() == "one\ntwo\n"


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
