"""`acerto up`: the whole of Acerto on this machine, from migrations to the pages."""

from __future__ import annotations

import asyncio
import logging
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx2

from engine import connect, provision
from running.child import start_child
from running.embedded import EmbeddedEngine
from running.installation import first_log_in, install
from running.ports import LOOPBACK, refuse_taken_port
from running.waiting_room import WaitingRoom, waiting_room
from settings import Settings
from supervisor import Part, Supervisor, running_alone, stop_on_signals
from workflows import schedules

ROOT = Path(__file__).parent.parent

log = logging.getLogger("acerto.up")

#: Pages first, so that nobody is refused half-way; the engine when nobody needs it any more.
STOP_ORDER = ("api", "support", "worker", "sink", "engine")
ENGINE_SECONDS = 60.0
LOOK_SECONDS = 0.2
#: How often to say what is still awaited.
PATIENCE_SECONDS = 15.0

PREPARING = "  Preparando o banco de dados · preparing the database"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Whole:
    """What is to run, and how to tell about it; `room` answers until pages and API do."""

    settings: Settings
    demo_when_empty: bool
    first_password: str | None
    say: Say
    room: WaitingRoom

    def tell(self, line: str) -> None:
        """This will say what is being waited for, at the console and to whoever came early."""
        self.say(line)
        self.room.told = line.strip()


def up(settings: Settings, *, demo_when_empty: bool, at: datetime, say: Say) -> None:
    """This will run Acerto until SIGTERM or SIGINT.

    Refuses a data folder in use, a port taken, a database or engine file of another version.
    """
    with running_alone(settings.data) as lock:
        refuse_taken_ports(settings)
        with waiting_room(settings.host, settings.port) as room:
            say(PREPARING)
            room.told = PREPARING.strip()
            password = install(settings, at=at).first_password
            if password:
                say(first_log_in(password))  # at once: whatever fails from here on, it is known
            whole = Whole(
                settings, demo_when_empty=demo_when_empty, first_password=password, say=say,
                room=room,
            )  # fmt: skip
            asyncio.run(_run(whole, lock=lock))


def refuse_taken_ports(settings: Settings) -> None:
    """This will refuse (PortTaken) before anything is started."""
    refuse_taken_port(settings.host, settings.port)
    if settings.is_embedded():
        refuse_taken_port(LOOPBACK, settings.engine_port())
        if settings.engine_ui_port() > 0:
            refuse_taken_port(LOOPBACK, settings.engine_ui_port())
    refuse_taken_port(settings.support.host, settings.support_port())
    if settings.keeps_messages():
        refuse_taken_port(LOOPBACK, settings.sink_port())  # mail
        refuse_taken_port(LOOPBACK, settings.sink_port() + 1)  # SMS


async def _run(whole: Whole, *, lock: int) -> None:
    supervisor = Supervisor(keep_open=[lock])
    stop = stop_on_signals()
    leaving = asyncio.create_task(_leave_port(whole.room, stop))
    await supervisor.run(_story(supervisor, whole), stop=stop, order=STOP_ORDER)
    leaving.cancel()


async def _leave_port(room: WaitingRoom, stop: asyncio.Event) -> None:
    """Once all is being stopped nobody is kept waiting any more."""
    await stop.wait()
    await asyncio.to_thread(room.close)


async def _story(supervisor: Supervisor, whole: Whole) -> None:
    settings = whole.settings
    if whole.demo_when_empty:  # before anybody else works on the database
        await _make_demo(whole)
    whole.tell("  Iniciando o motor · starting the engine")
    await _bring_up_engine(supervisor, settings)
    whole.tell("  Iniciando páginas e trabalhador · starting pages and worker")
    kept = ("sink",) if settings.keeps_messages() else ()
    for name in (*kept, "worker", "support"):
        supervisor.keep(Part(name, acerto(name)))
    port = whole.room.hand_over()  # whoever comes now waits, and is answered by the pages
    command = acerto("api", "--listening-on", str(port))
    supervisor.keep(Part("api", command, keep_open=[port]))
    await _until_well(settings)
    whole.say(welcome(settings, first_password=whole.first_password))


async def _make_demo(whole: Whole) -> None:
    """What the demonstration says of itself is passed on as it comes."""
    demo = await start_child(acerto("demo", "--when-empty"), output=PIPE)
    assert demo.stdout is not None  # noqa: S101 - for the type: a pipe was asked for
    async for line in demo.stdout:
        whole.tell(line.decode().rstrip())
    if await demo.wait() != 0:
        log.error("the demonstration could not be loaded whole")


async def _bring_up_engine(supervisor: Supervisor, settings: Settings) -> None:
    if settings.is_embedded():
        engine = EmbeddedEngine(settings)
        engine.prepare()
        supervisor.keep(Part("engine", engine.command(), output=engine.log))
        client = await engine.ready(within_seconds=ENGINE_SECONDS)
    else:
        client = await connect(settings, retry_seconds=ENGINE_SECONDS)
    await provision(client)
    await schedules.ensure(client)


async def _until_well(settings: Settings) -> None:
    """However long it takes: parts that fail are being started again meanwhile."""
    host = LOOPBACK if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
    address = f"http://[{host}]" if ":" in host else f"http://{host}"
    looks = 0
    async with httpx2.AsyncClient(base_url=f"{address}:{settings.port}", trust_env=False) as http:
        while (failing := await _failing(http)) is not None:
            await asyncio.sleep(LOOK_SECONDS)
            looks += 1
            if looks % round(PATIENCE_SECONDS / LOOK_SECONDS) == 0:
                log.warning("still waiting for Acerto to be well: %s", failing)


async def _failing(http: httpx2.AsyncClient) -> str | None:
    """None when all is well, else what is not."""
    try:
        answer = await http.get("/health", timeout=5)
    except httpx2.HTTPError:
        return "the API does not answer"
    if answer.status_code == 200:
        return None
    return answer.text


def welcome(settings: Settings, *, first_password: str | None) -> str:
    """What is where, in both languages."""
    pages = settings.base_url()
    lines = [
        "",
        "  Acerto está no ar · Acerto is up",
        f"  Páginas · pages           {pages}",
        f"  API                       {pages}/api/docs",
    ]
    if settings.is_embedded() and settings.engine_ui_port() > 0:
        workflows = f"{settings.engine_ui_port()}/namespaces/{settings.engine.namespace}/workflows"
        lines.append(f"  Motor · engine            http://{LOOPBACK}:{workflows}")
    if settings.keeps_messages():
        lines.append(f"  Mensagens · messages      {pages}/mensagens")
    mailbox = f"{settings.support.host}:{settings.support_port()}"
    lines.append(f"  Chamados · tickets        {settings.support.address} (SMTP {mailbox})")
    if first_password:
        lines.append(first_log_in(first_password))
        how, login = "senha perdida · password lost:", "admin"
    else:
        how, login = "como antes · as before; senha · password:", "LOGIN"
    lines += [
        f"  Entrar · log in           {how} acerto users reset {login} --data {settings.data}",
        f"  Dados · data              {settings.data.absolute()}",
        "  Ctrl-C encerra · Ctrl-C stops",
        "",
    ]
    return "\n".join(lines)


def acerto(*arguments: str) -> list[str]:
    """The command line of one of our own commands, in this same environment."""
    return [sys.executable, str(ROOT / "cli.py"), *arguments]
