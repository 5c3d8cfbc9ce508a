"""Messages for people: the list, and one with its text as sent and all that became of it."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api import message_values
from api.customer_places import place_of_customer
from api.dependencies import Principal, ReadSession, need
from api.files import saved_as
from api.language import N_
from api.letters_by_hand import other_ways
from api.listing import Column, Filter, Listing, View
from api.rendering import page
from api.table import FilterKind, Kind
from models import message_lists, messages
from models.colleagues import names_by_login
from models.customers import Customer
from models.message_lists import MessageFilter
from models.message_templates import MessageTemplate
from models.messages import Message, MessageAttachment
from rules.business_days import at_local_time
from rules.customer_links import without_links
from rules.messages import MessageNotFound, MessageStatus

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("messages:see")]
#: Of the filter by state: what is still to leave, queued or in doubt.
UNSENT = "por-enviar"

TABS = (
    ("/mensagens", N_("Mensagens")),
    ("/mensagens/sms", N_("SMS recebidos")),
    ("/mensagens/caixa", N_("Caixa local")),
    ("/mensagens/modelos", N_("Modelos")),
)
CHANNELS = tuple(message_values.CHANNELS.items())

MESSAGES = Listing(
    columns=(
        Column("created_at", N_("Escrita em"), Kind.MOMENT, is_sortable=True),
        Column("status", N_("Situação"), Kind.BADGE),
        Column("customer", N_("Cliente")),
        Column("channel", N_("Canal")),
        Column("to_address", N_("Para")),
        Column("about", N_("Assunto")),
        Column("reason", N_("Motivo")),
        Column("purpose", N_("Finalidade")),
        Column("sent_at", N_("Enviada em"), Kind.MOMENT),
        Column("not_before", N_("Não antes de"), Kind.MOMENT, is_extra=True),
        Column("attempts", N_("Tentativas"), Kind.NUMBER, is_extra=True),
        Column("created_by", N_("Por"), Kind.PERSON, is_extra=True),
    ),
    default_sort="-created_at",
    filters=(
        Filter("busca", N_("Buscar")),
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE,
            (
                (UNSENT, N_("Por enviar")),
                *((key, label) for key, (label, _tone) in message_values.STATES.items()),
            ),
            blank=N_("Todas"),
        ),
        Filter("canal", N_("Canal"), FilterKind.CHOICE, CHANNELS),
        Filter(
            "finalidade", N_("Finalidade"), FilterKind.CHOICE,
            tuple(message_values.PURPOSES.items()), blank=N_("Todas"),
        ),
        Filter("desde", N_("Desde"), FilterKind.DAY),
        Filter("ate", N_("Até"), FilterKind.DAY),
    ),
    empty=N_("Nenhuma mensagem ainda. Elas nascem dos processos e da conta do cliente."),
)  # fmt: skip


@router.get("/mensagens")
async def messages_page(request: Request, _by: See, session: ReadSession) -> Response:
    """The list of messages."""
    view = MESSAGES.view(request)
    return await view.answer(
        session,
        message_lists.select_messages(_wanted(view)),
        "pages/messages/messages.html",
        present=message_values.in_list,
        tabs=TABS,
    )


def _wanted(view: View) -> MessageFilter:
    since, until = view.day("desde"), view.day("ate")
    is_unsent = view.text("situacao") == UNSENT
    return MessageFilter(
        search=view.text("busca"),
        status=None if is_unsent else view.text("situacao"),
        is_unsent=is_unsent,
        channel=view.text("canal"),
        purpose=view.text("finalidade"),
        since=at_local_time(since, at=time.min) if since else None,
        until=at_local_time(until + timedelta(days=1), at=time.min) if until else None,
    )


@router.get("/mensagens/{message_id:int}")
async def message_page(
    request: Request, by: See, session: ReadSession, message_id: int
) -> Response:
    """A message: the text as it was sent, and all that became of it."""
    message = await found_message(session, message_id)
    customer = await session.get(Customer, message.customer_id) if message.customer_id else None
    template = (
        await session.get(MessageTemplate, message.template_id) if message.template_id else None
    )
    return page(
        request,
        "pages/messages/message.html",
        message=message,
        letter={
            "subject": message.subject, "text": without_links(message.text),
            "html": without_links(message.html),
        },
        people=await names_by_login(session),
        customer=customer,
        customer_at=await place_of_customer(session, message.customer_id, by=by),
        template=template,
        state=message_values.state(message.status),
        channel=message_values.channel(message.channel),
        purpose=message_values.purpose(message.purpose),
        reason=message_values.reason(message.reason),
        events=message_values.event_lines(await message_lists.events_of(session, message_id)),
        attachments=await messages.attachments_of(session, message),
        other_ways=await other_ways(session, message, customer) if by.may("messages:act") else (),
        may_hold_back=by.may("messages:act") and message.status == MessageStatus.QUEUED,
        may_repeat=by.may("messages:act") and message.customer_id is not None
        and MessageStatus(message.status).is_final,
    )  # fmt: skip


@router.get("/mensagens/{message_id:int}/anexos/{attachment_id:int}")
async def attachment(
    _by: See, session: ReadSession, message_id: int, attachment_id: int
) -> Response:
    """A file as it went along with the message."""
    file = await session.get(MessageAttachment, attachment_id)
    if file is None or file.message_id != message_id:
        raise MessageNotFound
    return Response(
        file.content,
        media_type=file.content_type,
        headers=saved_as(file.name),
    )


async def found_message(session: AsyncSession, message_id: int) -> Message:
    """This will read a message. Refuses MessageNotFound."""
    message = await session.get(Message, message_id)
    if message is None:
        raise MessageNotFound
    return message
