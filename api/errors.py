"""Every problem as an answer: problem+json for programs, a sentence for people."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from temporalio.exceptions import TemporalError

from activities.link_addresses import PATH as CUSTOMER_PATH
from activities.link_addresses import REFUSAL_PATH
from api.database_errors import AWAY, DatabaseUnavailable, is_away
from api.dependencies import (
    NotSignedIn,
    PasswordMustChange,
    Principal,
    database_of,
    read_clock,
    recognise,
)
from api.field_errors import field_errors
from api.language import N_, gettext
from api.problems import TITLES, Problem, problem_of
from api.rendering import page, wants_fragment
from api.security import HEADERS, came_from
from models.colleagues import names_by_login
from models.database import ValueNotStorable
from rules.refusals import Refusal

log = logging.getLogger(__name__)

SENTENCES = {
    404: N_("Esta página não existe. Confira o endereço ou volte ao início."),
    405: N_("Este endereço não aceita este tipo de pedido."),
    413: N_("O envio é grande demais. Divida-o ou use a página de importações."),
    422: N_("Confira os campos indicados e envie de novo."),
    500: N_("Algo deu errado do nosso lado; o erro foi registrado. Tente novamente."),
}


def wants_json(request: Request) -> bool:
    """Whether a program asks: by the path, or because it accepts JSON and no pages."""
    accepted = request.headers.get("accept", "")
    return request.url.path.startswith(("/api/", "/webhooks/")) or (
        "json" in accepted and "text/html" not in accepted
    )


def answer(request: Request, problem: Problem) -> Response:
    """This will tell a program by problem+json, and a person by a page or beside the page."""
    if wants_json(request):
        return JSONResponse(
            problem.as_json(),
            problem.status,
            headers={"WWW-Authenticate": "Bearer"} if problem.status == 401 else None,
            media_type="application/problem+json",
        )
    if problem.code in {NotSignedIn.code, PasswordMustChange.code}:
        return _to_sign_in(request, problem)
    return _told_to_people(request, problem)


def _to_sign_in(request: Request, problem: Problem) -> Response:
    if problem.code == PasswordMustChange.code:
        target = "/senha"
    else:
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        target = f"/entrar?volta={quote(back)}" if request.method == "GET" else "/entrar"
    if wants_fragment(request):
        return Response(
            status_code=204, headers={"HX-Redirect": "/entrar" if target != "/senha" else target}
        )
    return RedirectResponse(target, 303)


def _told_to_people(request: Request, problem: Problem) -> Response:
    values: dict[str, Any] = {
        "title": gettext(TITLES.get(problem.status, TITLES[400])),
        "sentence": problem.sentence(),
        "details": [
            f"{name}: {gettext(text, **params)}"
            for name, text, params in problem.errors
            if text != problem.message
        ],
    }
    if wants_fragment(request):  # a refused command says so above the page, which stays as it is
        answered = page(request, "pages/errors/refusal.html", status=problem.status, **values)
        answered.headers["HX-Retarget"] = "#flash"
        answered.headers["HX-Reswap"] = "innerHTML"
        answered.headers["HX-Push-Url"] = "false"
        return answered
    values["came_from"] = came_from(request)
    # Whoever comes there is a customer, and is not led to our own pages.
    is_customer = request.url.path.startswith((CUSTOMER_PATH, REFUSAL_PATH))
    template = "pages/customer/error.html" if is_customer else "pages/errors/error.html"
    return page(request, template, status=problem.status, **values)


async def on_refusal(request: Request, error: Exception) -> Response:
    """This will answer a refusal, or an engine that refuses or stays silent."""
    problem = problem_of(error)
    if problem.names_somebody and not wants_json(request) and _comes_from_the_house(request):
        with suppress(DBAPIError, OSError):
            async with (await database_of(request)).read() as session:
                problem = problem.naming(await names_by_login(session))
    return answer(request, problem)


def _comes_from_the_house(request: Request) -> bool:
    """Whether a colleague is told: to clients and visitors of a link, people here have no name."""
    principal: Principal | None = getattr(request.state, "principal", None)
    return principal is not None and principal.is_of_house


async def on_invalid(request: Request, error: Exception) -> Response:
    """This will answer a request whose fields could not be read."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    return answer(
        request, Problem(422, "InvalidFields", SENTENCES[422], errors=field_errors(list(found)))
    )


async def on_http_error(request: Request, error: Exception) -> Response:
    """This will answer what the framework refuses: no such address, wrong method, too large."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405 and _is_reader(request):
        return _to_page_above(request)
    if status == 404 and not wants_json(request):
        # No route has asked who calls, and without that the menu would be gone.
        with suppress(DBAPIError, OSError):
            await recognise(request, await database_of(request), await read_clock(request))
    return answer(request, Problem(status, f"Http{status}", SENTENCES.get(status, SENTENCES[422])))


def _is_reader(request: Request) -> bool:
    """Whether a person asks for a whole page, as after a form was refused at its own address."""
    return request.method == "GET" and not wants_json(request) and not wants_fragment(request)


def _to_page_above(request: Request) -> Response:
    target = request.app.state.places.page_above(request.url.path)
    return RedirectResponse(f"{target}{'?' + request.url.query if request.url.query else ''}", 303)


async def on_database(request: Request, error: Exception) -> Response:
    """This will answer while the database is away; a statement at fault is a fault of ours."""
    if isinstance(error, DBAPIError) and not is_away(error):
        raise error
    log.warning("The database did not answer", exc_info=error)
    return answer(request, problem_of(DatabaseUnavailable()))


async def on_beyond(request: Request, _error: Exception) -> Response:
    """This will answer a day or a number after which there is none."""
    return answer(request, problem_of(ValueNotStorable()))


async def on_failure(request: Request, error: Exception) -> Response:
    """This will answer a fault of ours; it is logged by the server as well."""
    log.error("Unexpected failure", exc_info=error)
    answered = answer(request, Problem(500, "InternalError", SENTENCES[500]))
    answered.headers.update(HEADERS)  # this answer passes by the middleware that adds them
    return answered


def register(app: FastAPI) -> None:
    """This will make the application answer every error here."""
    for refused in (Refusal, TemporalError, asyncio.TimeoutError):
        app.add_exception_handler(refused, on_refusal)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_error)
    for away in (DBAPIError, *AWAY):
        app.add_exception_handler(away, on_database)
    app.add_exception_handler(OverflowError, on_beyond)
    app.add_exception_handler(Exception, on_failure)
