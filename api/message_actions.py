"""What people do with messages: write one by hand, hold one back, send one again, opt out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import delivery_results
from activities.documents import Drawn
from activities.invoice_prints import draw_invoices
from activities.messages import address_of, write_by_hand
from activities.own_templates import filled_in, save_own
from api import letter_invoices, message_values
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.language import N_, gettext
from api.letters_by_hand import WrittenInput, case_of_letter, letters_of, lost_message
from api.rendering import page, redirect
from models import cases, message_lists, messages
from models.app_accesses import accesses_of
from models.customers import Customer, read_customer
from models.message_templates import own_templates
from models.messages import Message
from models.people import audit, record
from rules.customer_links import without_links
from rules.mail_addresses import AddressRequired
from rules.messages import (
    Channel,
    MessageAlreadyDone,
    MessageStatus,
    Suppression,
)
from rules.sms import measure
from rules.sms_text import sms_text

router = APIRouter(include_in_schema=False)

Act = Annotated[Principal, need("messages:act")]
QUEUED = N_("Mensagem posta na fila.")
QUEUED_SEVERAL = N_("%(count)s mensagens postas na fila.")
KeepsTemplates = Annotated[Principal, need("messages:act", "registries:edit")]


@router.get("/mensagens/clientes/{customer_id:int}/{channel}")
async def write_page(
    request: Request, by: Act, session: ReadSession, now: Now, customer_id: int, channel: Channel
) -> Response:
    """A letter to a customer, addressed to what we know: empty, or from the template `?modelo=`.

    Picked invoices (`?ids=`) go along. `?mensagem=` is what another channel lost: its words again.
    """
    customer = await read_customer(session, customer_id)
    known = await address_of(session, customer, channel)
    picked = request.query_params.getlist("ids")
    form = blank(WrittenInput, key=str(uuid4()), to_address=known, invoice_ids=picked)
    if code := request.query_params.get("modelo"):
        deed = by.deed(at=now, ip="")
        letter = await filled_in(session, code, customer, channel=channel, deed=deed)
        form.raw |= {"subject": letter.subject, "text": letter.text}
    lost = await lost_message(session, request.query_params.get("mensagem", ""), customer)
    if lost is not None:
        said = {"subject": lost.subject, "text": without_links(lost.text)}
        form.raw |= {**said, "about": lost.id}
    return await _write_page(request, session, form, customer, channel, by=by)


@router.post("/mensagens/clientes/{customer_id:int}/{channel}")
async def write(
    request: Request, by: Act, database: Db, now: Now, customer_id: int, channel: Channel
) -> Response:
    """Send what was written, after the confirmation was ticked."""
    form = await submitted(request, WrittenInput)
    async with database.read() as session:
        customer = await read_customer(session, customer_id)
        app = await address_of(session, customer, Channel.APP)
    if form.value:
        with form.refusals():
            letters = letters_of(form.value, channel, app=app, by=by.login, at=now)
            invoice_ids = letter_invoices.picked(form.value.invoice_ids, channel, by=by)
            files = await draw_invoices(
                database, customer_id=customer_id, invoice_ids=invoice_ids, at=now
            )
            async with database.write() as session:
                case = await case_of_letter(session, form.value.about, customer)
                sent = [
                    await write_by_hand(session, each, customer=customer, case=case, files=files)
                    for each in letters
                ]
                for stored, letter in zip(sent, letters, strict=True):
                    if stored is letter:
                        _audit_letter(session, stored, by=by, at=now, invoice_ids=invoice_ids)
            told = QUEUED if len(sent) == 1 else QUEUED_SEVERAL
            return redirect(request, f"/mensagens/{sent[0].id}", told, count=len(sent))
    async with database.read() as session:
        return await _write_page(request, session, form, customer, channel, by=by)


@router.post("/mensagens/clientes/{customer_id:int}/{channel}/modelo")
async def keep_as_template(
    request: Request, by: KeepsTemplates, database: Db, now: Now, ip: Ip, customer_id: int,
    channel: Channel,
) -> Response:  # fmt: skip
    """Keep what was written as a template of the house; the letter itself stays to be sent."""
    form = await submitted(request, WrittenInput)
    told = ""
    if form.value:
        with form.refusals():
            async with database.write() as session:
                saved = await save_own(
                    session, name=form.value.template_name, channel=channel,
                    subject=form.value.subject, text=form.value.text, deed=by.deed(at=now, ip=ip),
                )  # fmt: skip
            told = gettext("Modelo %(name)s salvo.", name=saved.name)
    async with database.read() as session:
        customer = await read_customer(session, customer_id)
        return await _write_page(request, session, form, customer, channel, by=by, told=told)


@router.post("/mensagens/clientes/{customer_id:int}/{channel}/recusa")
async def opt_out(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, customer_id: int, channel: Channel
) -> Response:
    """The customer does not want this channel, or wants it again."""
    is_wanted = (await request.form()).get("is_wanted") == "1"
    async with database.write() as session:
        await read_customer(session, customer_id)
        if is_wanted:
            await delivery_results.opt_in(session, customer_id=customer_id, channel=channel)
        else:
            await delivery_results.opt_out(
                session, customer_id=customer_id, channel=channel, by=by.login, at=now
            )
        audit(
            session, by=by.login, action="messages.opt_out", at=now, ip=ip,
            subject=f"customer/{customer_id}",
            details={"channel": channel, "is_wanted": is_wanted},
        )  # fmt: skip
    told = N_("O canal volta a ser usado.") if is_wanted else N_("O canal não será mais usado.")
    return redirect(request, f"/mensagens/clientes/{customer_id}/{channel}", told)


@router.post("/mensagens/tamanho")
async def count(request: Request, _by: Act) -> Response:
    """The counter beside an SMS: its length and segments, as it would be sent."""
    text = sms_text(str((await request.form()).get("text", "")))
    return page(request, "pages/messages/_size.html", size=measure(text))


@router.post("/mensagens/{message_id:int}/reter")
async def hold_back(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, message_id: int
) -> Response:
    """Keep a waiting message from leaving. Refuses one that has left (MessageAlreadyDone)."""
    async with database.write() as session:
        message = await messages.lock_message(session, message_id)
        if message.status != MessageStatus.QUEUED:
            raise MessageAlreadyDone
        await delivery_results.suppress(session, message, Suppression.WITHDRAWN, at=now)
        audit(session, by=by.login, action="messages.hold_back", at=now, ip=ip,
              subject=f"message/{message_id}")  # fmt: skip
    return redirect(request, f"/mensagens/{message_id}", N_("A mensagem não será enviada."))


@router.post("/mensagens/{message_id:int}/repetir")
async def repeat(request: Request, by: Act, database: Db, now: Now, message_id: int) -> Response:
    """Send the same text again, to the address that the customer has now."""
    async with database.write() as session:
        before = await messages.lock_message(session, message_id)
        customer = await read_customer(session, before.customer_id or 0)
        address = await address_of(session, customer, before.channel)
        again = _again(before, address, by=by.login, at=now)
        case = await cases.lock_case(session, before.case_id) if before.case_id else None
        kept = await messages.attachments_of(session, before)
        files = [Drawn(file.name, file.content) for file in kept]
        sent = await write_by_hand(session, again, customer=customer, case=case, files=files)
        if sent is again:
            _audit_letter(session, sent, by=by, at=now, again_of=message_id)
    return redirect(request, f"/mensagens/{sent.id}", QUEUED)


def _audit_letter(
    session: AsyncSession, sent: Message, *, by: Principal, at: datetime, **details: Any
) -> None:
    """The text itself stands in the message."""
    record(
        session, by.deed(at=at, ip=by.ip), "messages.write", subject=f"message/{sent.id}",
        customer_id=sent.customer_id, channel=sent.channel, **details,
    )  # fmt: skip


def _again(before: Message, address: str, *, by: str, at: datetime) -> Message:
    if not address:
        raise AddressRequired
    kept = before.model_dump(
        include={"channel", "purpose", "template_id", "subject", "text", "html", "invoice_id",
                 "requires_open_invoice"}
    )  # fmt: skip
    return Message(
        **kept, key=f"again/{before.id}/{at:%Y%m%d%H%M}/{before.channel}", to_address=address,
        not_before=at, created_at=at, created_by=by,
    )  # fmt: skip


async def _write_page(
    request: Request,
    session: AsyncSession,
    form: Submitted[WrittenInput],
    customer: Customer,
    channel: Channel,
    *,
    by: Principal,
    told: str = "",
) -> Response:
    refused = {
        each.channel: each for each in await message_lists.opt_outs_of(session, customer.id or 0)
    }
    own = await own_templates(session, channel=channel)
    return page(
        request,
        "pages/messages/write.html",
        status=form.status,
        form=form,
        customer=customer,
        channel=channel,
        has_subject=channel.has_subject,
        devices=await accesses_of(session, customer.id or 0) if channel == Channel.APP else (),
        tabs=[
            (f"/mensagens/clientes/{customer.id}/{each}", gettext(label))
            for each, label in message_values.CHANNELS.items()
        ],
        refused=refused.get(channel),
        invoices=await letter_invoices.offered(session, customer, channel, by=by),
        templates=[(each.code, each.name) for each in own],
        may_keep=by.may("registries:edit"),
        told=told,
        size=measure(sms_text(str(form.raw.get("text") or ""))),
    )
