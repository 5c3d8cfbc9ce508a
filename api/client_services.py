"""The clients of the invoice management: each one's model of service and its own people's team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.client_services import set_service
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.rendering import page, redirect
from api.table import Badge, FilterKind, Kind, Tone
from models.client_services import select_clients, service_of, users_of
from models.colleagues import teams_by_code
from models.customers import Customer, CustomerNotFound, customer_with_code, read_customer
from models.people import Deed
from models.rows import rows_of
from rules.service_model_words import LIFE, MEANT, MODELS, who_told
from rules.service_models import ServiceModel

router = APIRouter(tags=["carriers"])

See = Annotated[Principal, need("carriers:see")]
Act = Annotated[Principal, need("carriers:act")]
PATH = "/operadoras/clientes"
MOST = 500
TONES = {
    ServiceModel.EFFICIENT: Tone.BLUE,
    ServiceModel.ADVANCED: Tone.YELLOW,
    ServiceModel.TOTAL: Tone.GREEN,
}
CLIENTS = Listing(
    columns=(
        Column("name", N_("Empresa"), is_sortable=True),
        Column("code", N_("Código")),
        Column("state", N_("Modelo de serviço"), Kind.BADGE),
        Column("team", N_("Equipe do cliente")),
        Column("accounts", N_("Contas"), Kind.NUMBER),
        Column("people", N_("Usuários do cliente"), Kind.NUMBER),
    ),
    default_sort="name",
    filters=(
        Filter("busca", N_("Buscar")),
        Filter("modelo", N_("Modelo"), FilterKind.CHOICE, tuple(MODELS.items()), N_("Todos")),
    ),
    empty=N_("Nenhuma empresa ainda. Crie a conta de operadora de uma."),
)


class ServiceInput(Input):
    """A model of service; `team` is the code of the team of the client's own people."""

    service: ServiceModel
    team: str = Field(default="", max_length=40)


class ServiceView(BaseModel):
    """A company's model of service, and who works in each step of an invoice's life."""

    company: str
    name: str
    service: ServiceModel
    team: str
    accounts: int
    people: int


@router.get(PATH, include_in_schema=False)
async def clients_page(request: Request, by: See, session: ReadSession) -> Response:
    """Every company that a carrier bills, with its model of service."""
    view = CLIENTS.view(request)
    return await view.answer(
        session, select_clients(search=view.text("busca"), model=view.text("modelo")),
        "pages/carriers/clients.html", present=_shown, **_matrix(),
    )  # fmt: skip


@router.get(f"{PATH}/{{customer_id:int}}", include_in_schema=False)
async def client_page(
    request: Request, by: See, session: ReadSession, customer_id: int
) -> Response:
    """A company's model; only to be read without the permission to act."""
    service = await service_of(session, customer_id)
    form = blank(ServiceInput, service=service.model, team=service.team)
    return await _page(request, session, customer_id, form, by)


@router.post(f"{PATH}/{{customer_id:int}}", include_in_schema=False)
async def set_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, customer_id: int
) -> Response:
    """Gives a company a model of service."""
    form = await submitted(request, ServiceInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                customer = await read_customer(session, customer_id)
                await _set(session, customer, form.value, by.deed(at=now, ip=ip))
            return redirect(request, PATH, N_("Modelo de serviço salvo."))
    async with database.read() as session:
        return await _page(request, session, customer_id, form, by)


@router.get("/api/client-services", dependencies=[need("carriers:see")])
async def list_services(
    session: ReadSession,
    service: ServiceModel | None = None,
    after: Annotated[int, Query(ge=0, description="so many were read before")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> list[ServiceView]:
    """The companies that carriers bill, by code, each with its model of service."""
    statement = select_clients(search=None, model=service)
    rows = await rows_of(session, statement.order_by("code").offset(after).limit(limit))
    return [
        ServiceView(
            **{
                **row,
                "company": row["code"],
                "service": row["model"],
                "team": row["team_code"] or "",
            }
        )
        for row in map(dict, rows)
    ]


@router.put("/api/client-services/{company}", status_code=204)
async def put_service(
    company: str, body: ServiceInput, by: Act, database: Db, now: Now, ip: Ip
) -> None:
    """Give a company, named by its code, a model of service."""
    async with database.write() as session:
        customer = await customer_with_code(session, company)
        if customer is None:
            raise CustomerNotFound
        await _set(session, customer, body, by.deed(at=now, ip=ip))


async def _set(session: AsyncSession, customer: Customer, asked: ServiceInput, deed: Deed) -> None:
    await set_service(session, customer.id or 0, asked.service, team=asked.team, deed=deed)


async def _page(
    request: Request, session: AsyncSession, customer_id: int, form: Submitted[ServiceInput],
    by: Principal,
) -> Response:  # fmt: skip
    return page(
        request, "pages/carriers/client.html", status=form.status, form=form,
        customer=await read_customer(session, customer_id), may_act=by.may("carriers:act"),
        models=[(str(key), gettext(name)) for key, name in MODELS.items()],
        meant=[(gettext(name), gettext(MEANT[key])) for key, name in MODELS.items()],
        teams=await teams_by_code(session), people=await users_of(session, customer_id),
        **_matrix(),
    )  # fmt: skip


def _matrix() -> dict[str, Any]:
    """The life of an invoice, and who works in each of its steps by each model."""
    return {
        "heads": [gettext(MODELS[model]) for model in ServiceModel],
        "life": [
            (gettext(step), [gettext(who_told(model, area)) for model in ServiceModel])
            for area, step in LIFE
        ],
    }


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    model = ServiceModel(row["model"])
    return {
        **row, "href": f"{PATH}/{row['id']}", "label": row["name"],
        "state": Badge(gettext(MODELS[model]), TONES[model]), "team": row["team"] or "—",
    }  # fmt: skip
