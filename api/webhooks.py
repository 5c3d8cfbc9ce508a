"""Webhooks: the addresses that are told of business events, and the log of what they were told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import webhooks as acts
from activities.clients.webhook import secret_of
from activities.webhooks import AskedEndpoint, body_of
from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.rendering import page, redirect
from api.table import Badge, FilterKind, Kind, Tone
from models.people import Deed
from models.webhooks import (
    BusinessEvent,
    WebhookDelivery,
    WebhookEndpoint,
    endpoints,
    select_deliveries,
)
from rules.webhooks import EVENTS, DeliveryNotFound, DeliveryStatus

router = APIRouter(include_in_schema=False)

PATH = "/cadastros/webhooks"
LOG = f"{PATH}/entregas"
Sees = Annotated[Principal, need("webhooks:see")]
Edits = Annotated[Principal, need("webhooks:edit")]

STATES: dict[str, tuple[str, Tone]] = {
    DeliveryStatus.WAITING: (N_("Tentando"), Tone.BLUE),
    DeliveryStatus.DELIVERED: (N_("Entregue"), Tone.GREEN),
    DeliveryStatus.FAILED: (N_("Falhou"), Tone.RED),
}
DELIVERIES = Listing(
    columns=(
        Column("at", N_("Quando"), Kind.MOMENT),
        Column("event", N_("Evento")),
        Column("subject", N_("De quê")),
        Column("endpoint", N_("Endereço")),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("attempts", N_("Tentativas"), Kind.NUMBER),
        Column("next_at", N_("Próxima"), Kind.MOMENT),
        Column("answer", N_("Resposta"), is_extra=True),
    ),
    default_sort="-id",
    filters=(
        Filter("evento", N_("Evento"), FilterKind.CHOICE, tuple(EVENTS.items())),
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE,
            tuple((value, label) for value, (label, _) in STATES.items()), blank=N_("Todas"),
        ),
        Filter("endereco", N_("Endereço (número)")),
    ),
    empty=N_("Nada foi contado ainda. Os eventos aparecem aqui assim que um endereço os escuta."),
)  # fmt: skip


class EndpointInput(Input):
    """An address that is told of events."""

    name: str = Field(min_length=1, max_length=120)
    url: str = Field(min_length=8, max_length=500)
    events: list[str] = Field(default=[])
    is_active: bool = False

    def asked(self) -> AskedEndpoint:
        """What is asked for, the events in their own order."""
        known = [each for each in EVENTS if each in self.events]
        others = [each for each in self.events if each not in EVENTS]
        return AskedEndpoint(self.name, self.url.strip(), (*known, *others), self.is_active)


@router.get(PATH)
async def endpoints_page(request: Request, by: Sees, session: ReadSession) -> Response:
    """Every address."""
    return page(
        request, "pages/webhooks/endpoints.html", endpoints=await endpoints(session),
        events=EVENTS, may_edit=by.may("webhooks:edit"),
    )  # fmt: skip


@router.get(LOG)
async def deliveries_page(request: Request, _by: Sees, session: ReadSession) -> Response:
    """What was told, to whom, and what they said."""
    view = DELIVERIES.view(request)
    endpoint = view.text("endereco") or ""
    statement = select_deliveries(
        endpoint_id=int(endpoint) if endpoint.isdecimal() else None,
        kind=view.text("evento"), status=view.text("situacao"),
    )  # fmt: skip
    return await view.answer(session, statement, "pages/webhooks/deliveries.html", present=_row)


@router.get(f"{LOG}/{{delivery_id:int}}")
async def delivery_page(
    request: Request, delivery_id: int, by: Sees, session: ReadSession
) -> Response:
    """One telling: what was said, and what came back."""
    delivery = await session.get(WebhookDelivery, delivery_id)
    if delivery is None:
        raise DeliveryNotFound
    event = await session.get_one(BusinessEvent, delivery.event_id)
    label, tone = STATES[delivery.status]
    return page(
        request, "pages/webhooks/delivery.html", delivery=delivery, body=body_of(event),
        endpoint=await session.get_one(WebhookEndpoint, delivery.endpoint_id), log=LOG,
        title=EVENTS[delivery.kind], state=label, tone=tone, may_edit=by.may("webhooks:edit"),
    )  # fmt: skip


@router.post(f"{LOG}/{{delivery_id:int}}/repeticao")
async def replay_by_page(
    request: Request, delivery_id: int, by: Edits, database: Db, now: Now, ip: Ip
) -> Response:
    """Tells it once more."""
    async with database.write() as session:
        await acts.replay(session, delivery_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"{LOG}/{delivery_id}", N_("O evento será contado de novo."))


@router.get(f"{PATH}/novo")
async def new_page(request: Request, _by: Edits) -> Response:
    """The form of a new address."""
    return _form_page(request, blank(EndpointInput, is_active=True), None)


@router.post(f"{PATH}/novo")
async def add_by_page(
    request: Request, by: Edits, database: Db, settings: Config, now: Now, ip: Ip
) -> Response:
    """Adds an address, and leads to its secret."""
    return await _saved(request, None, by, database, settings, now, ip)


@router.get(f"{PATH}/{{endpoint_id:int}}")
async def endpoint_page(
    request: Request, endpoint_id: int, by: Edits, session: ReadSession, settings: Config
) -> Response:
    """An address with its secret, for whoever may change it."""
    endpoint = await acts.endpoint_of(session, endpoint_id)
    form = blank(
        EndpointInput, name=endpoint.name, url=endpoint.url, events=endpoint.kinds,
        is_active=endpoint.is_active,
    )  # fmt: skip
    return _form_page(request, form, endpoint, secret=secret_of(settings, endpoint.salt))


@router.post(f"{PATH}/{{endpoint_id:int}}")
async def change_by_page(
    request: Request, endpoint_id: int, by: Edits, database: Db, settings: Config, now: Now, ip: Ip
) -> Response:
    """Changes an address."""
    return await _saved(request, endpoint_id, by, database, settings, now, ip)


@router.post(f"{PATH}/{{endpoint_id:int}}/segredo")
async def renew_by_page(
    request: Request, endpoint_id: int, by: Edits, database: Db, now: Now, ip: Ip
) -> Response:
    """Gives an address another secret."""
    async with database.write() as session:
        await acts.renew_secret(session, endpoint_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"{PATH}/{endpoint_id}", N_("Segredo trocado: vale já."))


async def _saved(
    request: Request, endpoint_id: int | None, by: Principal, database: Db, settings: Config,
    now: datetime, ip: str,
) -> Response:  # fmt: skip
    form = await submitted(request, EndpointInput)
    if form.value:
        with form.refusals():
            deed = by.deed(at=now, ip=ip)
            async with database.write() as session:
                saved = await save(session, endpoint_id, form.value, settings, deed)
            return redirect(request, f"{PATH}/{saved.id}", N_("Endereço salvo."))
    async with database.read() as session:
        known = await acts.endpoint_of(session, endpoint_id) if endpoint_id else None
    return _form_page(request, form, known)


def _form_page(
    request: Request,
    form: Submitted[EndpointInput],
    endpoint: WebhookEndpoint | None,
    *,
    secret: str = "",
) -> Response:
    return page(
        request, "pages/webhooks/endpoint.html", status=form.status, form=form, secret=secret,
        endpoint=endpoint, events=[(kind, gettext(label)) for kind, label in EVENTS.items()],
        path=PATH, log=LOG,
    )  # fmt: skip


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    label, tone = STATES[row["status"]]
    shown = {"event": gettext(EVENTS[row["kind"]]), "state": Badge(gettext(label), tone)}
    return {**row, **shown, "href": f"{LOG}/{row['id']}"}


async def save(
    session: AsyncSession, endpoint_id: int | None, asked: EndpointInput, settings: Config,
    deed: Deed,
) -> WebhookEndpoint:  # fmt: skip
    """This will add an address, or change one; page and JSON share it."""
    saved = await acts.save_endpoint(
        session, endpoint_id, asked.asked(), deed=deed,
        allows_private=settings.webhooks.allow_private,
    )  # fmt: skip
    await session.flush()
    return saved
