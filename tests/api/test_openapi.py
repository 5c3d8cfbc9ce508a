"""The contract that programs read: every route is in it, and every answer is as it says."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import get_args

import httpx2
import pytest
import requests
import schemathesis
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from pydantic import BaseModel
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app, routers
from api.places import routes_of
from api.registry_shelves import EVERY
from tests.builders import a_collections_case, a_customer, an_invoice
from tests.conftest import House
from tests.support.web import ADDRESS, Web

CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
#: Of each kind: one for any row, one for the first of its kind.
EXAMPLES = 2


def test_every_route_for_programs_is_in_the_contract(web: Web) -> None:
    contract = web.app.openapi()["paths"]
    told = {(method.upper(), path) for path, each in contract.items() for method in each}

    routes = [route for route in routes_of(routers()) if is_for_programs(route)]
    served = {(method, route.path_format) for route in routes for method in route.methods}

    assert served
    assert served - told == set()


def is_for_programs(route: APIRoute) -> bool:
    return route.path.startswith("/api/") and route.path != "/api/docs"


def test_a_field_that_nobody_asked_for_is_refused_of_every_body() -> None:
    """Files come as forms with a field each."""
    bodies = [
        model
        for route in filter(is_for_programs, routes_of(routers()))
        for model in models_of(route)
        if not model.__name__.startswith("Body_")
    ]

    bodies += [registry.asked for registry in EVERY]

    assert len(bodies) > 100
    assert {each for each in bodies if each.model_config.get("extra") != "forbid"} == set()


def models_of(route: APIRoute) -> list[type[BaseModel]]:
    if route.body_field is None:
        return []
    asked = route.body_field.field_info.annotation
    return [
        each
        for each in (asked, *get_args(asked))
        if isinstance(each, type) and issubclass(each, BaseModel)
    ]


async def test_the_contract_is_served_to_anybody(web: Web) -> None:
    answer = await web.visitor().get("/openapi.json")

    assert answer.status_code == 200
    assert answer.json()["paths"].keys() == web.app.openapi()["paths"].keys()


@pytest.mark.once
@pytest.mark.slow
@pytest.mark.timeout(600)  # two thousand requests
async def test_every_answer_is_as_the_contract_says(house: House) -> None:
    web = Web(create_app(house.settings, house.database, house.client), house.database)
    web.now = house.clock.now
    await some_rows(web)
    program = await web.program("*")

    wrong = []
    for case in cases(web.app.openapi()):
        answer = await sent(program, case)
        wrong += [f"{case.as_curl_command()}\n{each}" for each in failures(case, answer)]

    assert not wrong, f"{len(wrong)}\n" + "\n\n".join(wrong)


@pytest.mark.parametrize("number", [2**63, 10**25])
async def test_a_number_that_no_row_can_have_is_refused(web: Web, number: int) -> None:
    program = await web.program("*")

    faults = []
    for route in filter(is_for_programs, routes_of(routers())):
        path = re.sub(r"{\w+}", str(number), route.path_format)
        for method in route.methods:
            answer = await program.request(method, path, json={})
            faults += [(method, path, answer.text)] if answer.status_code == 500 else []

    assert faults == []


async def test_text_that_cannot_be_stored_is_refused(web: Web) -> None:
    program = await web.program("*")

    answer = await program.post(
        "/api/registries/contact-categories", json={"code": "A\0", "name": "x" * 100_000}
    )

    assert 400 <= answer.status_code < 500


async def some_rows(web: Web) -> None:
    """What the number 1 names in paths."""
    async with web.database.write() as session:
        customer = await a_customer(session)
        await an_invoice(session, customer)
        await a_collections_case(session, customer, at=web.now)


def cases(contract: dict) -> Iterator[Case]:
    """A few requests an operation, well and badly formed, the same in every run."""
    for found in schemathesis.openapi.from_dict(contract).get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:
            yield from examples(operation.as_strategy(generation_mode=mode))


def examples(strategy) -> list[Case]:
    found: list[Case] = []

    @hypothesis_settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(case: Case) -> None:
        found.append(case)

    with contextlib.suppress(Unsatisfiable):  # what takes nothing cannot be asked badly
        collect()
    return [met(case, number) for number, case in enumerate(found)]


def met(case: Case, number: int) -> Case:
    """Every second request with the first row of its kind, so that there is something to do."""
    for name, value in (case.path_parameters or {}).items():
        if number % 2 and isinstance(value, int):
            case.path_parameters[name] = 1
    return case


async def sent(program: httpx2.AsyncClient, case: Case) -> httpx2.Response:
    wire = requests.Request(**case.as_transport_kwargs(base_url=ADDRESS)).prepare()
    return await program.request(
        wire.method, wire.url, headers=dict(wire.headers), content=wire.body
    )


def failures(case: Case, answer: httpx2.Response) -> list[str]:
    """What is wrong with an answer; a fault of ours is told by its sentence."""
    if answer.status_code >= 500:
        return [f"{answer.status_code} {answer.text}"]
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        return [str(each) for each in group.exceptions]
    except Failure as failure:
        return [str(failure)]
    return []
