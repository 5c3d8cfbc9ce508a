"""The three models of service: what each includes, who works, whose a task is."""

from __future__ import annotations

import pytest

from api.client_access import is_open_to_clients
from rules.permissions import ALL, EVERYTHING
from rules.service_models import (
    CLIENT_ACTS,
    CLIENT_SEES,
    AllocationNotIncluded,
    Area,
    Matter,
    ResourcesNotIncluded,
    ServiceModel,
    Side,
    check_includes,
    is_for_client,
    permitted_to_client,
    who_works,
)

EFFICIENT, ADVANCED, TOTAL = ServiceModel
NOBODY: frozenset[Side] = frozenset()
CLIENT, PARTNER, BOTH = frozenset({Side.CLIENT}), frozenset({Side.PARTNER}), frozenset(Side)


@pytest.mark.parametrize(
    ("area", "efficient", "advanced", "total"),
    [
        (Area.COSTS, CLIENT, BOTH, PARTNER),
        (Area.CONTESTATION, CLIENT, BOTH, PARTNER),
        (Area.RESOURCES, NOBODY, BOTH, PARTNER),
        (Area.ALLOCATION, NOBODY, BOTH, PARTNER),
    ],
)
def test_who_works_in_each_part(area, efficient, advanced, total):
    assert [who_works(model, area) for model in ServiceModel] == [efficient, advanced, total]


@pytest.mark.parametrize(
    ("matter", "models"),
    [
        (Matter.LEGWORK, {EFFICIENT}),
        (Matter.DECISION, {EFFICIENT, ADVANCED}),
        (Matter.USAGE, {EFFICIENT, ADVANCED}),
    ],
)
def test_which_tasks_are_for_the_clients_team(matter, models):
    assert {model for model in ServiceModel if is_for_client(model, matter)} == models


@pytest.mark.parametrize(
    ("model", "most"),
    [
        (EFFICIENT, CLIENT_SEES | CLIENT_ACTS),
        (ADVANCED, CLIENT_SEES | CLIENT_ACTS),
        (TOTAL, CLIENT_SEES),
    ],
)
def test_a_clients_user_does_no_more_than_the_model_leaves(model, most):
    granted = frozenset({"contestations:see", "contestations:act", "people:edit"})

    assert permitted_to_client(frozenset({EVERYTHING}), model) == most
    assert permitted_to_client(ALL, model) == most
    assert permitted_to_client(granted, model) == granted & most


def test_what_a_model_leaves_out_is_refused_with_the_companys_name():
    with pytest.raises(ResourcesNotIncluded, match="Aurora"):
        check_includes(EFFICIENT, Area.RESOURCES, company="Aurora")
    with pytest.raises(AllocationNotIncluded):
        check_includes(EFFICIENT, Area.ALLOCATION, company="Aurora")
    for model in (ADVANCED, TOTAL):
        for area in Area:
            check_includes(model, area, company="Aurora")


@pytest.mark.parametrize(
    ("method", "path", "is_open"),
    [
        ("GET", "/", True),
        ("GET", "/tarefas/12", True),
        ("GET", "/tarefas/nova", False),
        ("POST", "/tarefas/12/concluir", True),
        ("POST", "/api/tasks", False),
        ("GET", "/operadoras/contas/3", True),
        ("POST", "/operadoras/contas/3", False),
        ("POST", "/operadoras/contas/3/rateio", True),
        ("GET", "/operadoras/contas/nova", False),
        ("GET", "/operadoras/linhas/nova", True),
        ("GET", "/operadoras/contratos/3/tarifas/nova", False),
        ("POST", "/operadoras/contratos/3/regras", False),
        ("GET", "/operadoras/clientes", False),
        ("POST", "/contestacoes/3/envio", True),
        ("GET", "/contestacoes/recebidas/nova", False),
        ("POST", "/contestacoes/recebidas/nova", False),
        ("GET", "/contestacoes/enderecos", False),
        ("POST", "/api/contestations/received", False),
        ("POST", "/api/contestations/3/filing", True),
        ("PUT", "/api/client-services/C1", False),
        ("GET", "/busca", True),
        ("GET", "/api/search", True),
        ("GET", "/api/cases", False),
        ("GET", "/cobrancas", False),
        ("GET", "/eventos", True),
        ("GET", "/agenda", False),
        ("GET", "/chamados", False),
        ("GET", "/chamados/3", False),
        ("POST", "/api/tickets", False),
        ("POST", "/meus-chamados/novo", True),
        ("POST", "/api/own-tickets/3/messages", True),
        ("POST", "/api/own-tickets/3/attachments", True),
        ("GET", "/meus-chamados/3/anexos/1", True),
        ("POST", "/meus-chamados/3/anexos/1", False),
    ],
)
def test_where_a_clients_user_may_go(method, path, is_open):
    assert is_open_to_clients(method, path) is is_open
