"""Every route asks who calls, and for its own permission: made from the routes themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from api.app import routers
from api.places import permissions_of, routes_of
from rules.permissions import ALL
from tests.support.web import Web

#: What anybody may call, each for its reason.
OPEN = {
    "/health", "/health/live", "/metrics",  # whoever watches
    "/api/docs",  # what may be called, not what is there
    "/entrar", "/sair", "/idioma", "/aparencia", "/oidc/entrar", "/oidc/retorno",
    "/webhooks/twilio", "/webhooks/twilio/sms", "/webhooks/payments",  # signed by their senders
    "/agenda/{secret}.ics",  # its own secret
    "/api/app/messages", "/api/app/messages/{message_id}/receipt",  # a device's own token
    # a customer's own link, in the address or as bearer
    "/c/{token}", "/c/{token}/promessa", "/c/{token}/liberacao", "/c/{token}/acordo",
    "/c/{token}/canais", "/api/customer-page/channels/{channel}",
    "/recusa/{token}",  # signed into the header of an e-mail
    "/api/customer-page/agreements",
    "/c/{token}/faturas/{invoice_id:int}", "/c/{token}/faturas/{invoice_id:int}/documento",
    "/c/{token}/faturas/{invoice_id:int}/contestacao",
    "/api/customer-page", "/api/customer-page/promises",
    "/api/customer-page/invoices/{invoice_id}/payment-copy",
    "/api/customer-page/invoices/{invoice_id}/document",
    "/api/customer-page/invoices/{invoice_id}/contestation",
    "/api/customer-page/contracts/{contract_id}/release",
}  # fmt: skip
#: What everybody signed in has of their own, or sees only as far as permitted.
OWN = {
    "/senha", "/sessoes", "/sessoes/encerramento", "/ausencia", "/tokens", "/tokens/revogacao",
    "/api/tokens", "/api/tokens/{token_id}",
    "/api/own/password", "/api/own/sessions", "/api/own/sessions/{session_id}", "/api/own/absence",
    "/api/cases", "/api/cases/{case_id}", "/api/cases/{case_id}/events", "/casos",
    "/casos/{case_id:int}",
    "/api/cases/{case_id}/mails", "/api/cases/{case_id}/mails/{mail_id}",
    "/api/cases/{case_id}/mails/{mail_id}/files/{number}",
    "/casos/{case_id:int}/emails/{mail_id:int}",
    "/casos/{case_id:int}/emails/{mail_id:int}/arquivos/{number:int}",
    "/casos/{case_id:int}/novidade", "/busca", "/api/search", "/eventos",
    "/cobrancas", "/cobrancas/contagem", "/api/collections/panels",
    "/", "/meus-chamados", "/meus-chamados/novo", "/meus-chamados/{ticket_id:int}",
    "/api/own-tickets", "/api/own-tickets/{ticket_id}", "/api/own-tickets/{ticket_id}/messages",
    "/api/own-tickets/{ticket_id}/attachments",
    "/api/own-tickets/{ticket_id}/attachments/{attachment_id}",
    "/meus-chamados/{ticket_id:int}/anexos/{attachment_id:int}",
    "/filtros", "/filtros/{filter_id:int}/remocao", "/api/saved-filters",
    "/api/saved-filters/{filter_id}",
}  # fmt: skip
#: Whose permission depends on the row or on the panel; tests/api/test_collections.py has each.
BY_ROW = {
    "/api/collections/panels/{panel}", "/api/collections/customers/{customer_id}/invoices",
    "/api/invoices/{invoice_id}/bureau-record", "/api/invoices/{invoice_id}/bureau-record/removal",
    # Of runs, and of what they would do: tests/api/test_panel_runs.py.
    "/api/collections/tool-runs", "/api/collections/tool-runs/{run_id}",
    "/api/collections/tool-runs/{run_id}/stop", "/cobrancas/lotes/{run_id}",
    "/cobrancas/lotes/{run_id}/andamento", "/cobrancas/lotes/{run_id}/parada",
    "/cobrancas/lotes/{run_id}/execucao",
}  # fmt: skip

PERMISSIONS = sorted(ALL)
ROUTES = list(routes_of(routers()))
GUARDED = [(route, each) for route in ROUTES for each in permissions_of(route) or ()]


def address(route: APIRoute) -> str:
    return re.sub(r"{\w+}", "1", route.path_format)


def calls(routes: list[APIRoute]) -> Iterator[tuple[str, str]]:
    for route in routes:
        yield from ((method, address(route)) for method in route.methods)


def test_no_route_is_left_without_a_decision() -> None:
    open_to_all = {route.path for route in ROUTES if permissions_of(route) is None}
    any_signed_in = {route.path for route in ROUTES if permissions_of(route) == ()}

    assert open_to_all - BY_ROW == OPEN
    assert any_signed_in - BY_ROW == OWN


def test_routes_ask_for_permissions_that_exist() -> None:
    known = set(PERMISSIONS)

    assert {permission for _, permission in GUARDED} - known == set()


async def test_nobody_comes_in_without_signing_in(web: Web) -> None:
    visitor = web.visitor()
    routes = [route for route in ROUTES if route.path not in OPEN]

    for method, path in calls(routes):
        answer = await visitor.request(method, path, json={})
        if path.startswith("/api/"):
            assert (method, path, answer.status_code) == (method, path, 401)
            assert answer.json()["code"] == "TokenNotAccepted"
        else:
            assert (method, path, answer.status_code) == (method, path, 303)
            assert answer.headers["location"].startswith("/entrar")


@pytest.mark.parametrize("permission", sorted({permission for _, permission in GUARDED}))
async def test_without_its_permission_nobody_comes_further(web: Web, permission: str) -> None:
    """Whoever may do everything but this is refused wherever this is asked for."""
    others = [each for each in PERMISSIONS if each != permission]
    browser = await web.browser(*others, login="pessoa")
    program = await web.program(*others, login="robo")
    routes = [route for route, each in GUARDED if each == permission]

    for method, path in calls(routes):
        by = program if path.startswith("/api/") else browser
        answer = await by.request(method, path, json={})
        assert (method, path, answer.status_code) == (method, path, 403)
        if by is program:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "PermissionDenied"
