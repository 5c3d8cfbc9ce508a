"""What is done to several tickets at once: each by itself, each with its own answer."""

# No postponed annotations here: FastAPI reads those of the routes that are made in a loop.
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, create_model

from api.actions import Action, give
from api.bulk import MOST, BulkOut, attempt_each, bulk_out
from api.dependencies import Db, Engine, Now, Principal, engine_of
from api.forms import submitted
from api.language import N_, gettext
from api.problems import Problem
from api.rendering import page, redirect
from api.security import came_from
from api.ticket_commands import BY_PATH, Act
from api.ticket_list import list_view, wanted_of
from models import colleagues, ticket_lists
from models.database import Database
from rules.cases import Process
from rules.refusals import Refusal
from rules.ticket_commands import TicketNotFound

router = APIRouter(tags=["tickets"])

LIST = "/chamados"
#: What can be done to several, by its address on the pages, and what is said of it.
DONE = {
    "assumir": N_("%(count)s chamado(s) com quem os trata."),
    "prioridade": N_("Prioridade de %(count)s chamado(s) alterada."),
    "resposta": N_("%(count)s chamado(s) respondido(s)."),
    "nota": N_("Nota registrada em %(count)s chamado(s)."),
    "solucao": N_("%(count)s chamado(s) resolvido(s)."),
}


class NoTicketPicked(Refusal):
    message = "Marque ao menos um chamado."


class TooManyTicketsPicked(Refusal):
    message = "São %(count)s chamados; até %(most)s podem ser tratados de uma vez. Filtre mais."


class Picked(BaseModel):
    """The rows that were ticked, or the whole filter of the list."""

    ids: list[int] = []
    filtro: str = ""


@dataclass(frozen=True)
class Failure:
    """A ticket that stayed as it was, and why."""

    ticket_id: int
    title: str
    sentence: str


@router.post("/chamados/em-lote/{path}", include_in_schema=False)
async def act_on_many(request: Request, path: str, by: Act, database: Db, now: Now) -> Response:
    """Do one thing to every picked ticket; those that refuse are listed with their reason."""
    if path not in DONE:
        raise TicketNotFound
    picked, said = await submitted(request, Picked), await submitted(request, BY_PATH[path].asked)
    if picked.value is None or said.value is None:
        problems = [*picked.errors.values(), *said.errors.values()]
        return _outcome(request, path, [], problems)
    ids = await _ids(request, picked.value, database, now=now)
    do = _doing(await engine_of(request), database, BY_PATH[path], said.value, by)
    refused = await attempt_each(ids, do)
    if not refused:
        return redirect(request, _back(request), DONE[path], count=len(ids))
    failures = await _failures(database, refused)
    return _outcome(request, path, failures, [], done=len(ids) - len(failures))


def _add_route(path: str) -> None:
    action = BY_PATH[path]
    ids = Annotated[list[int], Field(min_length=1, max_length=MOST)]
    asked_as: Any = create_model(f"Bulk{action.asked.__name__}", __base__=action.asked, ids=ids)

    async def act_on_many_by_api(asked: asked_as, by: Act, database: Db, engine: Engine) -> BulkOut:
        told = asked.model_dump(exclude={"seen_version"})
        ids = list(dict.fromkeys(told.pop("ids")))
        said = action.asked.model_validate(told)
        return bulk_out(ids, await attempt_each(ids, _doing(engine, database, action, said, by)))

    router.post(
        f"/api/tickets/bulk/{action.name}",
        name=f"bulk {action.name}",
        operation_id=f"tickets_bulk_{action.update}",
        description="Do one thing to several tickets; those that refuse come with their reason.",
    )(act_on_many_by_api)


for _path in DONE:
    _add_route(_path)


def _doing(
    engine: Any, database: Database, action: Action, said: Any, by: Principal
) -> Callable[[int], Awaitable[Any]]:
    return lambda number: give(engine, database, Process.TICKETS, number, action, said, by=by)


async def _ids(request: Request, picked: Picked, database: Database, *, now: datetime) -> list[int]:
    """The tickets that were meant. Refuses none, and more than a selection should have."""
    ids = list(dict.fromkeys(picked.ids))
    if picked.filtro:
        asked = Request({**request.scope, "query_string": picked.filtro.strip("*").encode()})
        async with database.read() as session:
            view = await list_view(asked, session)
            view.check()
            ids = await ticket_lists.ticket_ids(session, wanted_of(view, now=now), limit=MOST + 1)
    if not ids:
        raise NoTicketPicked
    if len(ids) > MOST:
        raise TooManyTicketsPicked(count=len(ids), most=MOST)
    return ids


async def _failures(database: Database, refused: Sequence[tuple[int, Problem]]) -> list[Failure]:
    async with database.read() as session:
        titles = await ticket_lists.titles(session, [number for number, _ in refused])
        names = await colleagues.names_by_login(session)
    return [
        Failure(number, titles.get(number, f"nº {number}"), problem.sentence(names))
        for number, problem in refused
    ]


def _outcome(
    request: Request, path: str, failures: Sequence[Failure], problems: Sequence[str],
    *, done: int = 0,
) -> Response:  # fmt: skip
    return page(
        request, "pages/tickets/outcome.html", status=422 if problems or not done else 200,
        sentence=gettext(DONE[path], count=done), done=done, failures=failures, problems=problems,
        back=_back(request),
    )  # fmt: skip


def _back(request: Request) -> str:
    """The list as it was, filters and all."""
    here = came_from(request)
    return here if here.partition("?")[0] == LIST else LIST
