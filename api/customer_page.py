"""A customer's own pages, by their link: what they owe, how to pay it, and what they answer."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import Client

from activities import customer_deeds, customer_page
from activities.customer_deeds import Acceptance, Objection
from activities.customer_links import recognise
from activities.documents import draw, qr_code
from activities.link_addresses import PATH
from activities.promises import NewPromise
from api.commands import command
from api.dependencies import Config, Db, Engine, Ip, Now, Today
from api.files import shown_as
from api.forms import Amount, Day, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_
from api.message_values import CHANNELS
from api.rendering import page, redirect
from api.security import Door
from api.session import TooManyTries
from models.customer_links import CustomerLink
from models.database import Database
from models.invoices import label_of
from models.people import Deed
from rules.business_days import local_date
from rules.cases import CUSTOMER, Process
from rules.customer_links import CustomerLinkNotFound
from rules.messages import Channel
from rules.refusals import Refusal
from settings import Settings

router = APIRouter(include_in_schema=False)

PDF = "application/pdf"
REFUSED = N_("Anotado: por ali só chegam avisos que a lei exige e respostas ao que você escrever.")


class PromiseByLink(Input):
    """Until when the customer pays, and how much: all that is overdue where nothing is said."""

    promised_on: Day
    amount: Amount | None = None


class AcceptanceByLink(Input):
    """Which offer the customer accepts, the total that they saw, and that they mean it."""

    offer_id: int = Field(ge=1, le=10**12)
    total: Amount
    accepts: bool = False


class AcceptanceNotTicked(Refusal):
    message = "Marque que leu e aceita o acordo."
    field = "accepts"


class ObjectionByLink(Input):
    """Why the customer contests, and how much of the invoice; without an amount, all of it."""

    text: str = Field(min_length=1, max_length=500)
    amount: Amount | None = None


class ChannelByLink(BaseModel):
    """Whether messages are to come by a channel."""

    channel: Channel
    is_wanted: bool = False


async def link_of_token(
    request: Request, token: str, database: Database, settings: Settings, *, now: Now, ip: str
) -> CustomerLink:
    """This will give the link that somebody comes with.

    Refuses CustomerLinkNotFound, and TooManyTries to who guesses or asks too fast.
    """
    door: Door = request.app.state.door
    if not await door.allows_guess(ip=ip, at=now):
        raise TooManyTries
    try:
        link = await recognise(database, token, settings, at=now, ip=ip)
    except CustomerLinkNotFound:
        await door.count_guess(ip=ip, at=now)
        raise
    if not await door.allows_link(link.facts.link_id, at=now):
        raise TooManyTries
    return link


async def link_of_address(
    request: Request, token: str, database: Db, settings: Config, now: Now, ip: Ip
) -> CustomerLink:
    """The link in the address."""
    return await link_of_token(request, token, database, settings, now=now, ip=ip)


async def deed_of_customer(now: Now, ip: Ip) -> Deed:
    """What a customer does now; on the trail they are named by their link."""
    return Deed(CUSTOMER, now, ip)


Link = Annotated[CustomerLink, Depends(link_of_address)]
ByCustomer = Annotated[Deed, Depends(deed_of_customer)]


@router.get(PATH + "{token}")
async def debt(request: Request, token: str, link: Link, database: Db, now: Now) -> Response:
    """What the customer owes, and what they may do."""
    return await _page(request, token, link, database, now, blank(PromiseByLink))


@router.get(PATH + "{token}/faturas/{invoice_id:int}")
async def pay(
    request: Request, token: str, invoice_id: int, link: Link, database: Db, by: ByCustomer
) -> Response:
    """How to pay an invoice today."""
    async with database.write() as session:
        copy = await customer_page.payment_copy(session, link, invoice_id, deed=by)
    qr = f"data:image/svg+xml;base64,{b64encode(qr_code(copy.pix).encode()).decode()}"
    return page(
        request, "pages/customer/invoice.html", now=by.at, copy=copy, path=PATH + token,
        qr=qr if copy.pix else "",
    )  # fmt: skip


@router.get(PATH + "{token}/faturas/{invoice_id:int}/documento")
async def document(invoice_id: int, link: Link, database: Db, by: ByCustomer) -> Response:
    """The invoice as PDF, its CPF masked."""
    return await pdf(database, link, invoice_id, by)


async def pdf(database: Database, link: CustomerLink, invoice_id: int, by: Deed) -> Response:
    """This will draw a payment copy; page and API share it."""
    async with database.write() as session:
        copy = await customer_page.payment_copy(session, link, invoice_id, deed=by)
    content = await asyncio.to_thread(draw, copy.document)
    return Response(content, media_type=PDF, headers=shown_as(copy.document.name))


@router.post(PATH + "{token}/promessa")
async def promise(
    request: Request, token: str, link: Link, database: Db, by: ByCustomer
) -> Response:
    """Takes a promise to pay."""
    form = await submitted(request, PromiseByLink)
    if form.value:
        new = NewPromise(form.value.promised_on, form.value.amount)
        with form.refusals():
            async with database.write() as session:
                await customer_deeds.promise_by_link(session, link, new, deed=by)
            return redirect(request, PATH + token, N_("Promessa anotada. Obrigado por avisar!"))
    return await _page(request, token, link, database, by.at, form)


@router.post(PATH + "{token}/acordo")
async def accept(
    request: Request, token: str, link: Link, database: Db, engine: Engine, by: ByCustomer
) -> Response:
    """Makes the agreement that the customer accepted."""
    form = await submitted(request, AcceptanceByLink)
    if form.value:
        with form.refusals():
            if not form.value.accepts:
                raise AcceptanceNotTicked
            made = await agree(database, engine, link, form.value, by)
            done = N_("Acordo %(number)s feito. Pague a primeira parcela até o vencimento.")
            return redirect(request, PATH + token, done, number=made["agreement_id"])
    shown = blank(PromiseByLink)
    shown.errors, shown.status = {"": " ".join(form.errors.values())}, form.status
    return await _page(request, token, link, database, by.at, shown)


async def agree(
    database: Database, engine: Client, link: CustomerLink, asked: AcceptanceByLink, by: Deed
) -> dict[str, Any]:
    """This will have the journey make what was accepted; pressed twice it is made once."""
    accepted = Acceptance(asked.offer_id, asked.total)
    key = f"customer-link/{link.id}/{asked.offer_id}/{asked.total}/{local_date(by.at)}"
    async with database.read() as session:
        argument = await customer_deeds.accept_by_link(session, link, accepted, deed=by)
    made = await command(
        engine, database, process=Process.COLLECTIONS, subject_id=link.customer_id,
        update="make_agreement", argument=argument, command_id=key,
    )  # fmt: skip
    async with database.write() as session:
        customer_deeds.note_agreement(session, link, made["agreement_id"], deed=by)
    return made


@router.post(PATH + "{token}/liberacao")
async def release(
    request: Request, token: str, link: Link, database: Db, by: ByCustomer,
    contract_id: Annotated[int, Form(ge=1, le=10**12)],
) -> Response:  # fmt: skip
    """Trusts the customer: what was cut comes back for some days."""
    async with database.write() as session:
        await customer_deeds.release_by_link(session, link, contract_id, deed=by)
    return redirect(request, PATH + token, N_("Pronto: seu serviço volta em instantes."))


@router.post(PATH + "{token}/canais")
async def choose_channel(
    request: Request, token: str, link: Link, database: Db, by: ByCustomer,
    asked: Annotated[ChannelByLink, Form()],
) -> Response:  # fmt: skip
    """Keeps messages of a channel away, or lets them come again."""
    async with database.write() as session:
        await customer_deeds.choose_channel_by_link(
            session, link, asked.channel, is_wanted=asked.is_wanted, deed=by
        )
    told = N_("Pronto: você volta a receber.") if asked.is_wanted else REFUSED
    return redirect(request, f"{PATH}{token}#canais", told)


@router.get(PATH + "{token}/faturas/{invoice_id:int}/contestacao")
async def contest_form(
    request: Request, token: str, invoice_id: int, link: Link, database: Db, today: Today
) -> Response:
    """Asks what is wrong with an invoice."""
    async with database.read() as session:
        return await _contest(
            request, session, token, link, invoice_id, blank(ObjectionByLink), today
        )


@router.post(PATH + "{token}/faturas/{invoice_id:int}/contestacao")
async def contest(
    request: Request, token: str, invoice_id: int, link: Link, database: Db, by: ByCustomer,
    today: Today,
) -> Response:  # fmt: skip
    """Takes a contestation in; the protocol is told at once."""
    form = await submitted(request, ObjectionByLink)
    if form.value:
        objection = Objection(invoice_id, form.value.text, form.value.amount)
        with form.refusals():
            async with database.write() as session:
                made = await customer_deeds.contest_by_link(session, link, objection, deed=by)
            return redirect(
                request, PATH + token, N_("Contestação recebida: protocolo %(protocol)s."),
                protocol=made.protocol,
            )  # fmt: skip
    async with database.read() as session:
        return await _contest(request, session, token, link, invoice_id, form, today)


async def _page(
    request: Request,
    token: str,
    link: CustomerLink,
    database: Database,
    now: Now,
    form: Submitted[PromiseByLink],
) -> Response:
    async with database.read() as session:
        seen = await customer_page.read_page(session, link, at=now)
    return page(
        request, "pages/customer/page.html", status=form.status, now=now, seen=seen,
        path=PATH + token, form=form, channels=CHANNELS,
    )  # fmt: skip


async def _contest(
    request: Request,
    session: AsyncSession,
    token: str,
    link: CustomerLink,
    invoice_id: int,
    form: Submitted[ObjectionByLink],
    today: Today,
) -> Response:
    invoice = await customer_page.owed_invoice(session, link, invoice_id, today=today)
    return page(
        request, "pages/customer/contest.html", status=form.status, form=form, path=PATH + token,
        number=label_of(invoice), amount=invoice.amount,
    )  # fmt: skip
