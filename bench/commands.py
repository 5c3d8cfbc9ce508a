"""An operator's command over HTTP, beside a bare update with one trivial activity."""

from __future__ import annotations

import argparse
import asyncio
import re
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

import httpx2
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import WorkflowHandle

from activities.tasks import NewTask, make_task
from api.security import digest
from bench.bare import BARE_QUEUE, OneUpdate
from bench.house import HERE, BenchHouse, bench_house
from models.people import ApiToken, Role, RolePermission, User, UserRole

NUMBER = 150
WARM_UP = 20


@dataclass
class Asked:
    """A house that is asked, and how long each command and each bare update took."""

    name: str
    tasks: list[int]
    connection: Connection
    bare: WorkflowHandle[OneUpdate, None]
    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)

    async def ask(self, place: int) -> None:
        """This will take one command and one bare update."""
        self.ours.append(await conclude(self.connection, self.tasks[place]))
        self.floor.append(await ask(self.bare))


async def main(beside: Path | None = None) -> None:
    """This will print the medians of both, taken in turn, and their ratio.

    With another tree of the code `beside`, the houses of both are asked in turn: what else the
    machine does then slows both.
    """
    trees = [HERE] if beside is None else [beside, HERE]
    async with AsyncExitStack() as stack:
        houses = [
            await stack.enter_async_context(_asked(tree, port=18_400 + 50 * place))
            for place, tree in enumerate(trees)
        ]
        for place in range(NUMBER + WARM_UP):
            for house in houses if place % 2 else houses[::-1]:
                await house.ask(place)
    for house in houses:
        _print(house)


@asynccontextmanager
async def _asked(tree: Path, *, port: int) -> AsyncIterator[Asked]:
    async with bench_house(port=port, tree=tree) as house:
        token, tasks = await prepare(house, NUMBER + WARM_UP)
        bare = await house.bare.start_workflow(OneUpdate.run, id="bare", task_queue=BARE_QUEUE)
        await until_up(house, tasks)
        async with kept_connection(house, token) as connection:
            yield Asked(tree.name, tasks, connection, bare)


def _print(house: Asked) -> None:
    ours, floor = house.ours[WARM_UP:], house.floor[WARM_UP:]
    print(f"| {house.name} | p50 ms | p95 ms |")
    print("|---|---|---|")
    for name, figures in (("command over HTTP", ours), ("bare update, one activity", floor)):
        print(
            f"| {name} | {median(figures) * 1e3:.1f} | {quantiles(figures, n=20)[-1] * 1e3:.1f} |"
        )
    print(f"\nratio of medians: {median(ours) / median(floor):.2f}")


async def prepare(house: BenchHouse, number: int) -> tuple[str, list[int]]:
    """An operator with a token, and tasks to conclude, each with its journey."""
    token, at = secrets.token_urlsafe(32), datetime.now(UTC)
    async with house.database.write() as session:
        user = User(login="bench", name="Bench", created_at=at)
        session.add(user)
        await session.flush()
        await _grant_everything(session, user)
        session.add(
            ApiToken(token_hash=digest(token), user_id=user.id or 0, name="b", created_at=at)
        )
        tasks = [
            await make_task(session, _task(number, at), by="bench", at=at)
            for number in range(number)
        ]
    return token, [task.id or 0 for task in tasks]


async def _grant_everything(session: AsyncSession, user: User) -> None:
    role = Role(code="bench", name="Bench")
    session.add(role)
    await session.flush()
    session.add(RolePermission(role_id=role.id, permission="*"))
    session.add(UserRole(user_id=user.id, role_id=role.id))


def _task(number: int, at: datetime) -> NewTask:
    due = at + timedelta(days=5)
    return NewTask(key=f"bench/{number}", title="Ligar", due_at=due, process="collections")


async def until_up(house: BenchHouse, tasks: list[int]) -> None:
    """This will wait for the API and for every task's journey."""
    async with httpx2.AsyncClient(base_url=house.api_url) as http:
        while True:
            try:
                await http.get("/health")
                break
            except httpx2.TransportError:
                await asyncio.sleep(0.1)
    while (await house.client.count_workflows("AcertoStage='open'")).count < len(tasks):
        await asyncio.sleep(0.1)


@dataclass(frozen=True)
class Connection:
    """One connection that is kept, without a client: its own work is not what is measured."""

    token: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def post(self, path: str, body: bytes) -> bytes:
        """The answer's body; anything but 200 is an error."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", answer)
        content = await self.reader.readexactly(int(length[1]) if length else 0)
        assert answer.startswith(b"HTTP/1.1 200"), answer + content
        return content


@asynccontextmanager
async def kept_connection(house: BenchHouse, token: str) -> AsyncIterator[Connection]:
    """A connection to the API until the benchmark is over."""
    asked = urlsplit(house.api_url)
    reader, writer = await asyncio.open_connection(asked.hostname, asked.port)
    try:
        yield Connection(token, reader, writer)
    finally:
        writer.close()
        await writer.wait_closed()


async def conclude(connection: Connection, task_id: int) -> float:
    """Seconds of one command: update, one activity, one transaction, reply."""
    started = time.perf_counter()
    await connection.post(f"/api/tasks/{task_id}/conclusion", b'{"result": "done"}')
    return time.perf_counter() - started


async def ask(handle: WorkflowHandle[OneUpdate, None]) -> float:
    """Seconds of one bare update with one trivial activity."""
    started = time.perf_counter()
    await handle.execute_update(OneUpdate.ask, 1)
    return time.perf_counter() - started


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--beside", type=lambda tree: Path(tree).resolve(), metavar="TREE")
    asyncio.run(main(parser.parse_args().beside))
