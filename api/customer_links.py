"""A customer's links, by the operator: a tab of the account, and the same as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.customer_links import make_link, revoke_link, send_link
from activities.link_addresses import address_of, token_of
from api.account_frame import PATH, SeesAccounts, WorksAccounts, tab
from api.dependencies import Config, Db, Now, Principal, ReadSession
from api.forms import Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.listing import Column, Listing
from api.once import NamedRequest
from api.rendering import redirect
from api.table import Badge, Kind, Tone
from models.customer_links import CustomerLink, links_of, select_links
from models.people import Deed
from models.policies import load_policy
from rules.customer_links import CustomerLinkPolicy
from settings import Settings

router = APIRouter(tags=["customer links"])

TAB = "/link"
LINKS = Listing(
    columns=(
        Column("created_at", N_("Quando"), Kind.MOMENT),
        Column("created_by", N_("Operador"), Kind.PERSON),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("expires_at", N_("Vale até"), Kind.MOMENT),
        Column("last_used_at", N_("Usado por último"), Kind.MOMENT),
    ),
    default_sort="-id",
    empty=N_("Nenhum link ainda. Crie um e envie ao cliente."),
)


class LinkInput(Input):
    """A link: for so many days (none: as the policy has it), written to the customer or not."""

    days: int | None = Field(default=None, ge=1, le=365)
    is_sent: bool = False


class LinkView(BaseModel):
    """A link as programs read it."""

    id: int
    customer_id: int
    expires_at: datetime
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewLink(LinkView):
    """A link with its address, and the token that a program brings as bearer in its place."""

    url: str
    token: str


@router.get(PATH + TAB, include_in_schema=False)
async def links_page(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """The customer's links, and the form of another."""
    return await _page(request, session, customer_id, by, blank(LinkInput, is_sent=True), now)


@router.post(PATH + TAB, include_in_schema=False)
async def make_by_page(
    request: Request, customer_id: int, by: WorksAccounts, database: Db, now: Now, settings: Config
) -> Response:
    """Makes a link; its address is shown, and sent if asked for."""
    form, url = await submitted(request, LinkInput), ""
    if form.value:
        with form.refusals():
            async with database.write() as session:
                deed = by.deed(at=now, ip=by.ip)
                link = await _made(session, customer_id, form.value, settings, deed)
                url = address_of(link, settings)
    async with database.read() as session:
        return await _page(request, session, customer_id, by, form, now, url=url)


@router.post(PATH + TAB + "/{link_id:int}/revogacao", include_in_schema=False)
async def revoke_by_page(
    request: Request, customer_id: int, link_id: int, by: WorksAccounts, database: Db, now: Now
) -> Response:
    """Ends a link at once."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=by.ip)
        await revoke_link(session, link_id, customer_id=customer_id, deed=deed)
    return redirect(request, PATH.format(customer_id=customer_id) + TAB, N_("Link revogado."))


@router.get("/api/customers/{customer_id}/links")
async def links(customer_id: int, _by: SeesAccounts, session: ReadSession) -> list[LinkView]:
    """A customer's links, newest first."""
    return [_view(each) for each in await links_of(session, customer_id)]


@router.post("/api/customers/{customer_id}/links", status_code=201)
async def make(
    customer_id: int, body: LinkInput, by: WorksAccounts, database: Db, now: Now,
    settings: Config, once: NamedRequest,
) -> NewLink:  # fmt: skip
    """Makes a link, and writes it to the customer if asked to."""
    deed = by.deed(at=now, ip=by.ip)

    async def make_it(session: AsyncSession) -> dict[str, Any]:
        link = await _made(session, customer_id, body, settings, deed)
        url, token = address_of(link, settings), token_of(link, settings)
        return {**link.model_dump(), "url": url, "token": token}

    return NewLink.model_validate(await once.do(database, deed, make_it))


@router.delete("/api/customers/{customer_id}/links/{link_id}")
async def revoke(
    customer_id: int, link_id: int, by: WorksAccounts, database: Db, now: Now
) -> LinkView:
    """Ends a link at once."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=by.ip)
        link = await revoke_link(session, link_id, customer_id=customer_id, deed=deed)
        return _view(link)


async def _made(
    session: AsyncSession, customer_id: int, asked: LinkInput, settings: Settings, deed: Deed
) -> CustomerLink:
    link = await make_link(session, customer_id, days=asked.days, deed=deed)
    if asked.is_sent:
        await send_link(session, link, address=address_of(link, settings), deed=deed)
    return link


async def _page(
    request: Request,
    session: AsyncSession,
    customer_id: int,
    by: Principal,
    form: Submitted[LinkInput],
    now: datetime,
    *,
    url: str = "",
) -> Response:
    def present(row: Mapping[str, Any]) -> dict[str, Any]:
        return {**row, "state": _state(row, now)}

    policy = await load_policy(session, CustomerLinkPolicy())
    links = await links_of(session, customer_id)
    return await tab(
        request, session, customer_id, LINKS, select_links(customer_id), "links",
        present=present, by=by, now=now, form=form, status=form.status, url=url,
        in_force=[each for each in links if each.revoked_at is None and now < each.expires_at],
        valid_days=policy.valid_days, may_act=by.may("collections.account:act"),
    )  # fmt: skip


def _state(row: Mapping[str, Any], now: datetime) -> Badge:
    if row["revoked_at"] is not None:
        return Badge(gettext(N_("Revogado")), Tone.GREY)
    if now >= row["expires_at"]:
        return Badge(gettext(N_("Vencido")), Tone.GREY)
    return Badge(gettext(N_("Em vigor")), Tone.BLUE)


def _view(link: CustomerLink) -> LinkView:
    return LinkView.model_validate(link.model_dump())
