"""Receiving a contestation: an operator writes down what a customer contests of our bills."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_from_tickets import bind_ticket, check_ticket, heard_in
from activities.contestation_received import receive_contestation
from api.contestation_inputs import ReceiveInput
from api.contestations import Act
from api.dependencies import Db, Ip, Now, PermissionDenied
from api.forms import Submitted, blank, submitted
from api.language import N_, gettext
from api.rendering import page, redirect
from models.contestations import Contestation
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice, invoice_called
from models.people import Deed, record
from models.policies import load_policy
from models.received_contestations import ReceivedContestation, contestable_of, received_of
from models.tickets import Ticket, ticket_with_protocol
from rules.contestation_commands import ProtocolChannel
from rules.contestation_received import ReceivedPolicy
from rules.contestation_received_commands import (
    ContestedInvoiceNotFound,
    ContestedTicketNotFound,
    NewContestation,
)
from rules.contestation_words import BILL_FORMS, CHANNELS, REFUND_CHANNELS
from rules.permissions import is_permitted

router = APIRouter(include_in_schema=False)
PATH = "/contestacoes/recebidas/nova"


async def take_in(
    session: AsyncSession, asked: ReceiveInput, deed: Deed
) -> tuple[Contestation, ReceivedContestation]:
    """This will take in what a customer contests; page and JSON share it.

    Refuses an unknown invoice or ticket, a ticket of somebody else, and what check_new refuses.
    """
    invoice = await invoice_called(session, asked.invoice)
    if invoice is None:
        raise ContestedInvoiceNotFound(invoice=asked.invoice)
    ticket = await _ticket(session, asked.ticket, deed) if asked.ticket.strip() else None
    new = await _new(session, asked, invoice, ticket)
    made = await receive_contestation(session, new, by=deed.by, at=deed.at)
    received = await received_of(session, made.number)
    if ticket is not None:
        await bind_ticket(session, made, received, ticket, deed=deed)
    record(
        session, deed, "contestation.receive", subject=f"invoice/{invoice.code}",
        contestation=made.number, protocol=received.protocol, claimed=str(made.claimed),
    )  # fmt: skip
    return made, received


async def _ticket(session: AsyncSession, protocol: str, deed: Deed) -> Ticket:
    """The ticket that the contestation came by, for whoever may see tickets."""
    if not is_permitted("tickets:see", granted=deed.permissions):
        raise PermissionDenied
    ticket = await ticket_with_protocol(session, protocol.strip())
    if ticket is None:
        raise ContestedTicketNotFound(protocol=protocol)
    return ticket


async def _new(
    session: AsyncSession, asked: ReceiveInput, invoice: Invoice, ticket: Ticket | None
) -> NewContestation:
    """What was asked for; what a program left out is what the ticket says."""
    text, channel = asked.text, asked.channel
    if ticket is not None:
        check_ticket(ticket, invoice)
        heard = await heard_in(session, ticket)
        text = text.strip() or heard.text
        channel = channel if "channel" in asked.model_fields_set else heard.channel
    return NewContestation(
        invoice.key, text, asked.amount, channel, asked.refund_channel, asked.bill_form
    )


@router.get(PATH)
async def new_page(request: Request, by: Act, database: Db) -> Response:
    """The form; `?fatura=` names the invoice by its code, `?canal=` how the customer spoke.

    `?chamado=` names the ticket by which it came: it fills the form.
    """
    told = request.query_params
    channel = told.get("canal", "") if told.get("canal") in CHANNELS else ProtocolChannel.PHONE
    values: dict[str, Any] = {"invoice": told.get("fatura", ""), "channel": channel}
    if told.get("chamado") and by.may("tickets:see"):
        values |= await _heard(database, told["chamado"], invoice=values["invoice"])
    return await _page(request, database, blank(ReceiveInput, **values))


async def _heard(database: Database, protocol: str, *, invoice: str) -> dict[str, Any]:
    async with database.read() as session:
        ticket = await ticket_with_protocol(session, protocol)
        if ticket is None:
            return {}
        heard = await heard_in(session, ticket)
    return {
        "ticket": ticket.protocol, "text": heard.text, "channel": heard.channel,
        "invoice": invoice or heard.invoice,
    }  # fmt: skip


@router.post(PATH)
async def receive_on_page(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Takes it in; the protocol is told at once."""
    form = await submitted(request, ReceiveInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                made, received = await take_in(session, form.value, by.deed(at=now, ip=ip))
            return redirect(
                request, f"/contestacoes/{made.number}",
                N_("Contestação recebida: protocolo %(protocol)s."), protocol=received.protocol,
            )  # fmt: skip
    return await _page(request, database, form)


async def _page(request: Request, database: Database, form: Submitted[ReceiveInput]) -> Response:
    async with database.read() as session:
        invoice = await invoice_called(session, str(form.raw.get("invoice", "")))
        ticket = await ticket_with_protocol(session, str(form.raw.get("ticket", "")))
        customer_id = invoice.customer_id if invoice else ticket.customer_id if ticket else None
        customer = await session.get(Customer, customer_id) if customer_id else None
        invoices = await contestable_of(session, ticket.customer_id) if ticket else []
        policy = await load_policy(session, ReceivedPolicy())
    return page(
        request, "pages/contestation/receive.html", status=form.status, form=form,
        invoice=invoice, customer=customer, answer_days=policy.answer_days, ticket=ticket,
        invoices=invoices,
        channels=_choices(CHANNELS), refund_channels=_choices(REFUND_CHANNELS),
        bill_forms=_choices(BILL_FORMS),
    )  # fmt: skip


def _choices(words: Any) -> list[tuple[str, str]]:
    return [(str(key), gettext(text)) for key, text in words.items()]
