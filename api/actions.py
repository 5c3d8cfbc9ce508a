"""Commands on a case, each said once: its addresses, its form, its update, and what is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from temporalio.client import Client

from api.commands import command
from api.dependencies import Principal
from models.database import Database
from rules.cases import Process


class Seen(BaseModel):
    """Which version of the case whoever asks had before them; None: none in particular."""

    seen_version: int | None = None


@dataclass(frozen=True)
class Action:
    """A command: `path` of its page, `name` in the API, the journey's `update`, what is said."""

    path: str
    name: str
    update: str
    asked: type[Seen]
    argument: Callable[..., Any]
    done: str


async def give(
    engine: Client,
    database: Database,
    process: Process,
    subject_id: int,
    action: Action,
    asked: Seen,
    *,
    by: Principal,
    command_id: str | None = None,
) -> dict[str, Any]:
    """This will have the case's journey carry out a command; page and JSON share it."""
    said = asked.model_dump(exclude={"seen_version"})
    return await command(
        engine, database, process=process, subject_id=subject_id, update=action.update,
        argument=action.argument(by=by.login, ip=by.ip, **said), command_id=command_id,
        seen_version=asked.seen_version,
    )  # fmt: skip
