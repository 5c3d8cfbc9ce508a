"""What people do with messages: write one by hand, hold one back, send one again, opt out."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import letters_by_hand as letters
from activities.channel_choices import Origin, want_channel
from activities.messages import address_of
from activities.own_templates import filled_in, save_own
from api import letter_invoices, message_values
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.language import N_, gettext
from api.letters_by_hand import WrittenInput, send_typed
from api.rendering import page, redirect
from models import message_lists
from models.app_accesses import accesses_of
from models.customers import Customer, read_customer
from models.message_templates import own_templates
from rules.customer_links import without_links
from rules.messages import Channel
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
    lost = await letters.lost_message(session, _number(request, "mensagem"), customer)
    if lost is not None:
        said = {"subject": lost.subject, "text": without_links(lost.text)}
        form.raw |= {**said, "about": lost.id}
    return await _write_page(request, session, form, customer, channel, by=by)


def _number(request: Request, name: str) -> int | None:
    asked = request.query_params.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 16 else None


@router.post("/mensagens/clientes/{customer_id:int}/{channel}")
async def write(
    request: Request, by: Act, database: Db, now: Now, customer_id: int, channel: Channel
) -> Response:
    """Send what was written, after the confirmation was ticked."""
    form = await submitted(request, WrittenInput)
    if form.value:
        with form.refusals():
            sent = await send_typed(
                database, form.value, customer_id, channel, by=by, deed=by.deed(at=now, ip=by.ip)
            )
            told = QUEUED if len(sent) == 1 else QUEUED_SEVERAL
            return redirect(request, f"/mensagens/{sent[0].id}", told, count=len(sent))
    async with database.read() as session:
        customer = await read_customer(session, customer_id)
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
        deed = by.deed(at=now, ip=ip)
        await want_channel(
            session, customer_id, channel, is_wanted=is_wanted, origin=Origin.OPERATOR, deed=deed
        )
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
        await letters.hold_back(session, message_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"/mensagens/{message_id}", N_("A mensagem não será enviada."))


@router.post("/mensagens/{message_id:int}/repetir")
async def repeat(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, message_id: int
) -> Response:
    """Send the same text again, to the address that the customer has now."""
    async with database.write() as session:
        sent = await letters.send_again(session, message_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"/mensagens/{sent.id}", QUEUED)


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
