"""What a customer's link shows and takes, for programs: the link's token is the bearer."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import customer_deeds, customer_page
from activities.customer_deeds import Objection
from activities.promises import NewPromise
from api.customer_page import (
    PDF,
    AcceptanceByLink,
    AcceptanceNotTicked,
    ByCustomer,
    ObjectionByLink,
    PromiseByLink,
    agree,
    link_of_token,
    pdf,
)
from api.dependencies import Config, Db, Engine, Ip, Now, ReadSession, TokenNotAccepted
from api.inputs import Input
from api.once import NamedRequest
from models.customer_links import CustomerLink
from rules.customer_links import CustomerLinkNotFound
from rules.messages import Channel

router = APIRouter(tags=["customer links"], prefix="/api/customer-page")

_bearer = HTTPBearer(
    auto_error=False, description="The token of a customer's link", scheme_name="customer link"
)
Key = Annotated[int, Path(ge=1, le=10**12)]


class _Seen(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class OwedInvoiceView(_Seen):
    """An open invoice; what pays it today stands in its payment copy."""

    id: int
    number: str
    due_date: date
    description: str
    open_amount: Decimal
    days_late: int
    is_contested: bool


class ReleaseView(_Seen):
    """A contract whose service may be trusted back, until before a day."""

    contract_id: int
    description: str
    until: date


class PromiseSeen(_Seen):
    """The promise in force."""

    amount: Decimal
    promised_on: date


class InstalmentView(_Seen):
    """An instalment of an offer."""

    ordinal: int
    due_date: date
    amount: Decimal


class CustomerOfferView(_Seen):
    """An agreement that may be accepted; `saved` is what it takes off."""

    offer_id: int
    name: str
    total: Decimal
    saved: Decimal
    rows: list[InstalmentView]


class ChannelView(_Seen):
    """A channel on which the customer is reached, and since when they do not want it."""

    channel: Channel
    is_wanted: bool
    refused_at: datetime | None


class ChannelWish(Input):
    """Whether messages are to come by a channel; legal notices and answers come all the same."""

    is_wanted: bool


class DebtView(_Seen):
    """What the customer owes and may do."""

    first_name: str
    until: datetime
    overdue: Decimal
    invoices: list[OwedInvoiceView]
    promise: PromiseSeen | None
    may_promise_until: date | None
    may_contest: bool
    releases: list[ReleaseView]
    offers: list[CustomerOfferView]
    channels: list[ChannelView]


class PaymentCopyView(_Seen):
    """What settles an invoice today, and how."""

    invoice: OwedInvoiceView
    total: Decimal
    charges: Decimal
    pix: str
    boleto: str


async def link_of_bearer(
    request: Request,
    database: Db,
    settings: Config,
    now: Now,
    ip: Ip,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)] = None,
) -> CustomerLink:
    """The link whose token is the bearer. Refuses TokenNotAccepted, and who asks too fast."""
    token = bearer.credentials if bearer else ""
    try:
        return await link_of_token(request, token, database, settings, now=now, ip=ip)
    except CustomerLinkNotFound as refused:
        raise TokenNotAccepted from refused


Link = Annotated[CustomerLink, Depends(link_of_bearer)]


@router.get("")
async def debt(link: Link, session: ReadSession, now: Now) -> DebtView:
    """What the customer owes, and what they may do."""
    return DebtView.model_validate(await customer_page.read_page(session, link, at=now))


@router.get("/invoices/{invoice_id}/payment-copy")
async def pay(invoice_id: Key, link: Link, database: Db, by: ByCustomer) -> PaymentCopyView:
    """What settles an invoice today: Pix to copy, and the boleto's typed line."""
    async with database.write() as session:
        copy = await customer_page.payment_copy(session, link, invoice_id, deed=by)
    return PaymentCopyView.model_validate(copy)


@router.get(
    "/invoices/{invoice_id}/document",
    response_class=Response,
    responses={200: {"content": {PDF: {}}, "description": "The invoice as PDF, its CPF masked"}},
)
async def document(invoice_id: Key, link: Link, database: Db, by: ByCustomer) -> Response:
    """The invoice as PDF."""
    return await pdf(database, link, invoice_id, by)


@router.post("/promises", status_code=201)
async def promise(
    body: PromiseByLink, link: Link, database: Db, by: ByCustomer, once: NamedRequest
) -> PromiseSeen:
    """Takes a promise to pay; without an amount, of all that is overdue."""

    async def take(session: AsyncSession) -> PromiseSeen:
        new = NewPromise(body.promised_on, body.amount)
        made = await customer_deeds.promise_by_link(session, link, new, deed=by)
        return PromiseSeen.model_validate(made)

    return PromiseSeen(**await once.apart(f"link/{link.id}").do(database, by, take))


@router.post("/agreements", status_code=201)
async def accept(
    body: AcceptanceByLink, link: Link, database: Db, engine: Engine, by: ByCustomer
) -> dict[str, Any]:
    """Accepts an offer, at the total that was shown; `accepts` must be true."""
    if not body.accepts:
        raise AcceptanceNotTicked
    made = await agree(database, engine, link, body, by)
    return {"agreement_id": made["agreement_id"]}


@router.post("/contracts/{contract_id}/release", status_code=201)
async def release(
    contract_id: Key, link: Link, database: Db, by: ByCustomer, once: NamedRequest
) -> dict[str, Any]:
    """Trusts the customer: what was cut comes back, until before a day."""

    async def trust(session: AsyncSession) -> dict[str, Any]:
        made = await customer_deeds.release_by_link(session, link, contract_id, deed=by)
        return {"contract_id": contract_id, "until": made.until}

    return await once.apart(f"link/{link.id}").do(database, by, trust)


@router.put("/channels/{channel}", status_code=204)
async def choose_channel(
    channel: Channel, body: ChannelWish, link: Link, database: Db, by: ByCustomer
) -> None:
    """Keeps messages of a channel away, or lets them come again; said again, nothing changes."""
    async with database.write() as session:
        await customer_deeds.choose_channel_by_link(
            session, link, channel, is_wanted=body.is_wanted, deed=by
        )


@router.post("/invoices/{invoice_id}/contestation", status_code=201)
async def contest(
    invoice_id: Key, body: ObjectionByLink, link: Link, database: Db, by: ByCustomer,
    once: NamedRequest,
) -> dict[str, str]:  # fmt: skip
    """Takes in what the customer contests of an invoice; without an amount, all of it."""

    async def take_in(session: AsyncSession) -> dict[str, str]:
        objection = Objection(invoice_id, body.text, body.amount)
        made = await customer_deeds.contest_by_link(session, link, objection, deed=by)
        return {"protocol": made.protocol}

    return await once.apart(f"link/{link.id}").do(database, by, take_in)
