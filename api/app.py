"""The web application: what it is given, what guards it, and the routers of every process."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Match
from starlette.types import Scope
from temporalio.client import Client

from api import errors, oidc, openapi, security
from api.client_access import OwnSight
from api.dependencies import clock
from api.head import HeadAsGet
from api.language import LanguageMiddleware
from api.live import Live
from api.observation import Observation
from api.places import Places, routes_of
from api.sent_forms import SentOnce
from api.sights import Sights
from models.database import Database
from settings import Settings

STATIC = Path(__file__).parent / "static"

#: The modules of api/ that bring a `router`; a new process adds its name.
ROUTERS = (
    "health",
    "openapi_page",
    "session",
    "absences",
    "calendar_feeds",
    "own_account",
    "own_account_json",
    "first_steps",
    "tokens",
    "people",
    "people_json",
    "teams",
    "roles",
    "audit",
    "anonymisation",
    "personal_data",
    "oidc",
    "policies",  # before the registries, whose addresses would take its own
    "ladders",
    "ladder_json",
    "ladder_runs",
    "ladder_why",
    "coming",
    "coming_days",
    "deadlines",
    "calendars",
    "price_indices",  # before the registries too
    "webhooks",
    "webhook_json",
    "registries",
    "inbox_bulk",  # before "tasks": /api/tasks/bulk is no task
    "tasks",
    "inbox",
    "saved_filters",
    "task_pages",
    "task_actions",
    "task_items",
    "cases",
    "case_pages",
    "search",
    "live",
    "management",
    "stopped_notices",
    "engine_state",
    "weekly_figures",
    "repair",
    "imports",
    "import_json",
    "payments",
    "payment_list",
    "sample_returns",  # before the files, whose addresses would take its own
    "bank_returns",
    "bank_return_json",
    "payment_notices",
    "renegotiation",
    "invoice_edits",
    "boleto_instructions",
    "remittances",
    "statements",
    "carrier_invoices",
    "carrier_invoice_page",
    "carrier_replacements",
    "carrier_imports",
    "carrier_samples",
    "carrier_json",
    "findings",
    "carrier_reports",
    "contestations",
    "contestation_charts",  # these two before "contestation_json":
    "contestation_numbers",  # their addresses are no contestation
    "contestation_received",
    "contestation_page",
    "contestation_json",
    "contestation_desks",
    "contestation_corrections",
    "carrier_accounts",
    "carrier_agreements",
    "carrier_agreement_json",
    "client_services",
    "carrier_tariffs",
    "carrier_tariff_json",
    "carrier_mappings",
    "carrier_mapping_json",
    "carrier_lines",
    "carrier_inventory_json",
    "cost_allocation",
    "allocation_charges",
    "invoice_documents",
    "invoice_page",
    "invoice_list",
    "charts",
    "recovery_lists",
    "recovery",
    "bureau_verdicts",
    "bureau_orders",
    "bureau_notices",
    "bureau_order_json",
    "worklist",
    "worklist_next",
    "collections",
    "panel_json",
    "panel_tools",
    "panel_runs",
    "panel_run_json",
    "collection_commands",
    "customer_start",
    "customers",
    "customer_overview",
    "customer_marks",
    "customer_contacts",
    "classification",
    "billing",
    "contract_upkeep",
    "accounts",
    "account_contacts",
    "account_attachments",
    "account_connections",
    "account_tasks",
    "agreements",
    "ticket_bulk",  # before "tickets": /api/tickets/bulk is no ticket
    "tickets",
    "ticket_files",  # before the pages, whose commands would take its address
    "case_mails",
    "inbound_mails",
    "kickoff",
    "kickoff_pages",
    "own_ticket_list",
    "own_tickets",
    "own_ticket_json",
    "own_ticket_files",
    "ticket_list",
    "ticket_pages",
    "sales_leads",
    "sales_lead_json",
    "fiscal_documents",
    "fiscal_document_json",
    "contract_wizard",
    "contracts",
    "activation",
    "contract_changes",
    "contract_services",
    "contract_edit",
    "renewals",
    "renewal_queue",
    "billing_groups",
    "readjustments",
    "contract_page",
    "contract_files",
    "agreement_list",
    "agreement_page",
    "agreement_offers",
    "agreement_requests",
    "agreement_request_json",
    "promises",
    "chart_lists",
    "chart_list_json",
    "protests",
    "protest_json",
    "customer_links",
    "customer_page",
    "customer_page_json",
    "mail_refusals",
    "messages",
    "message_json",
    "inbound_sms",
    "app_box",
    "sink_pages",
    "message_templates",
    "template_json",
    "message_actions",
    "letter_json",
    "twilio_webhook",
    "payment_webhook",
)

DESCRIPTION = (
    "Authenticate with `Authorization: Bearer <token>`; tokens are made on the page /tokens. "
    "Errors are `application/problem+json` with `code`, `field`, `detail` and `detail_en`."
)


def create_app(settings: Settings, database: Database, client: Client | None = None) -> FastAPI:
    """This will put the application together. Without a client, what needs the engine answers 503.

    Whoever made the database and the client closes them.
    """
    app = FastAPI(
        title="Acerto",
        version="0.1.0",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings, app.state.database, app.state.client = settings, database, client
    app.state.clock = clock
    app.state.door = security.Door(database)
    app.state.live = Live(database)
    app.state.oidc = oidc.provider(settings)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.router.routes.extend(_every_route())
    app.state.paths, app.state.places = _every_path(), _places()
    errors.register(app)
    _guard(app, settings)
    return app


def routers() -> list[APIRouter]:
    """The routers of every module in ROUTERS."""
    return [importlib.import_module(f"api.{name}").router for name in ROUTERS]


@cache
def _every_route() -> tuple[BaseRoute, ...]:
    # FastAPI works out a router anew for each application that includes it, which takes longer than
    # most requests. A process makes one application, and its tests make a thousand.
    every = APIRouter(responses=openapi.RESPONSES)
    for router in routers():
        every.include_router(Gate(router))
    return tuple(every.routes)


@cache
def _every_path() -> frozenset[str]:
    return frozenset(_paths(routers()))


@cache
def _places() -> Places:
    return Places(routes_of(routers()))


class Gate(APIRouter):
    """Before a router: asks its routes only for paths that begin as one of them does.

    They are six hundred, and asking each would take longer than most answers.
    """

    def __init__(self, router: APIRouter) -> None:
        super().__init__()
        self.include_router(router)
        self.beginnings = tuple({path.partition("{")[0] for path in _paths([router])})

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the router has a route for the request."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))  # behind a proxy's own
        if not path.startswith(self.beginnings):
            return Match.NONE, {}
        return super().matches(scope)


def _paths(every: Iterable[APIRouter]) -> Iterable[str]:
    for router in every:
        yield from (route.path or "" for route in iter_route_contexts(router.routes))


def _guard(app: FastAPI, settings: Settings) -> None:
    # The one added last sees a request first.
    app.add_middleware(oidc.HandshakeCookie, settings=settings)
    app.add_middleware(SentOnce, database=app.state.database)
    app.add_middleware(security.BodyLimit)
    app.add_middleware(security.SameOrigin)
    app.add_middleware(LanguageMiddleware)
    app.add_middleware(OwnSight)
    app.add_middleware(Sights)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(security.SecurityHeaders)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Observation)
