"""Receiving a contestation: an operator writes down what a customer contests of our bills."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from activities.contestation_received import receive_contestation
from api.contestation_inputs import ReceiveInput
from api.contestations import Act
from api.dependencies import Db, Ip, Now, need
from api.forms import Submitted, blank, submitted
from api.language import N_, gettext
from api.rendering import page, redirect
from models.contestations import Contestation
from models.customers import Customer
from models.database import Database
from models.invoices import invoice_with_code
from models.people import Deed, record
from models.policies import load_policy
from models.received_contestations import ReceivedContestation, received_of
from rules.contestation_commands import ProtocolChannel
from rules.contestation_received import ReceivedPolicy
from rules.contestation_received_commands import ContestedInvoiceNotFound, NewContestation
from rules.contestation_words import BILL_FORMS, CHANNELS, REFUND_CHANNELS

router = APIRouter(include_in_schema=False)
PATH = "/contestacoes/recebidas/nova"


async def take_in(
    database: Database, asked: ReceiveInput, deed: Deed
) -> tuple[Contestation, ReceivedContestation]:
    """This will take in what a customer contests; page and JSON share it."""
    async with database.write() as session:
        invoice = await invoice_with_code(session, asked.invoice)
        if invoice is None:
            raise ContestedInvoiceNotFound(invoice=asked.invoice)
        new = NewContestation(
            invoice.key, asked.text, asked.amount, asked.channel, asked.refund_channel,
            asked.bill_form,
        )  # fmt: skip
        made = await receive_contestation(session, new, by=deed.by, at=deed.at)
        received = await received_of(session, made.number)
        record(
            session, deed, "contestation.receive", subject=f"invoice/{invoice.code}",
            contestation=made.number, protocol=received.protocol, claimed=str(made.claimed),
        )  # fmt: skip
        return made, received


@router.get(PATH, dependencies=[need("contestations:act")])
async def new_page(request: Request, database: Db) -> Response:
    """The form; `?fatura=` names the invoice by its code, `?canal=` how the customer spoke."""
    told = request.query_params
    channel = told.get("canal", "") if told.get("canal") in CHANNELS else ProtocolChannel.PHONE
    form = blank(ReceiveInput, invoice=told.get("fatura", ""), channel=channel)
    return await _page(request, database, form)


@router.post(PATH)
async def receive_on_page(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Takes it in; the protocol is told at once."""
    form = await submitted(request, ReceiveInput)
    if form.value:
        with form.refusals():
            made, received = await take_in(database, form.value, by.deed(at=now, ip=ip))
            return redirect(
                request, f"/contestacoes/{made.number}",
                N_("Contestação recebida: protocolo %(protocol)s."), protocol=received.protocol,
            )  # fmt: skip
    return await _page(request, database, form)


async def _page(request: Request, database: Database, form: Submitted[ReceiveInput]) -> Response:
    async with database.read() as session:
        invoice = await invoice_with_code(session, str(form.raw.get("invoice", "")))
        customer = await session.get(Customer, invoice.customer_id) if invoice else None
        policy = await load_policy(session, ReceivedPolicy())
    return page(
        request, "pages/contestation/receive.html", status=form.status, form=form,
        invoice=invoice, customer=customer, answer_days=policy.answer_days,
        channels=_choices(CHANNELS), refund_channels=_choices(REFUND_CHANNELS),
        bill_forms=_choices(BILL_FORMS),
    )  # fmt: skip


def _choices(words: Any) -> list[tuple[str, str]]:
    return [(str(key), gettext(text)) for key, text in words.items()]
