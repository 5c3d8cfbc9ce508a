"""Commands on a case, each said once: its addresses, its form, its update, and what is told."""

# No postponed annotations here: FastAPI reads those of the routes that are made in a loop.
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from temporalio.client import Client

from api.commands import command
from api.dependencies import Db, Engine, Principal
from api.forms import Submitted, submitted
from api.inputs import Input
from api.once import CommandId
from api.rendering import redirect
from models.database import Database
from rules.cases import Process


class Seen(Input):
    """Which version of the case whoever asks had before them; None: none in particular."""

    seen_version: int | None = None


@dataclass(frozen=True)
class Action:
    """A command: `path` of its page, `name` in the API, the journey's `update`, what is said.

    `make` turns the form into the command where its fields are not the command's own.
    """

    path: str
    name: str
    update: str
    asked: type[Seen]
    argument: Callable[..., Any]
    done: str
    make: Callable[[Any, Principal], Any] | None = None

    def command_of(self, said: Seen, by: Principal) -> Any:
        """What the journey is told."""
        if self.make is not None:
            return self.make(said, by)
        return self.argument(by=by.login, ip=by.ip, **said.model_dump(exclude={"seen_version"}))


async def give(
    engine: Client,
    database: Database,
    process: Process,
    subject_id: int,
    action: Action,
    said: Seen,
    *,
    by: Principal,
    command_id: str | None = None,
) -> dict[str, Any]:
    """This will have the case's journey carry out a command; page and JSON share it."""
    return await command(
        engine, database, process=process, subject_id=subject_id, update=action.update,
        argument=action.command_of(said, by), command_id=command_id,
        seen_version=said.seen_version,
    )  # fmt: skip


async def obey(
    request: Request,
    engine: Client,
    database: Database,
    process: Process,
    subject_id: int,
    action: Action,
    *,
    by: Principal,
    back: str,
) -> tuple[Submitted[Any], Response | None]:
    """This will carry out what a page's form asks for, and lead `back`.

    Refused, there is no answer: the form says why, and the page shows it again.
    """
    form: Submitted[Any] = await submitted(request, action.asked)
    if form.value:
        with form.refusals():
            await give(engine, database, process, subject_id, action, form.value, by=by)
            return form, redirect(request, back, action.done)
    return form, None


def add_commands(
    router: APIRouter, place: str, process: Process, actions: Sequence[Action], *, act: Any
) -> None:
    """This will add a route for each command under `place`, an address that ends in {…_id}.

    `act` is the annotation of who may give them.
    """
    for action in actions:
        _add_command(router, place, process, action, act)


def _add_command(router: APIRouter, place: str, process: Process, action: Action, act: Any) -> None:
    asked_as = action.asked
    subject = place.rsplit("{", 1)[1].removesuffix("}")
    nothing: Any = ... if any(f.is_required() for f in asked_as.model_fields.values()) else None

    async def give_command(
        subject_id: Annotated[int, Path(alias=subject)],
        by: act,
        database: Db,
        engine: Engine,
        asked: asked_as = nothing,  # type: ignore[valid-type]
        command_id: CommandId = None,
    ) -> dict[str, Any]:
        return await give(
            engine, database, process, subject_id, action, asked or asked_as(), by=by,
            command_id=command_id,
        )  # fmt: skip

    router.post(
        f"{place}/{action.name}",
        name=action.name,
        operation_id=f"{subject.removesuffix('_id')}_{action.update}",
        description=action.argument.__doc__,
    )(give_command)
