"""Messages in words: how lists, pages and programs show one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api import language
from api.language import N_, gettext
from api.table import Badge, Tone
from models.messages import MessageEvent
from rules import words
from rules.customer_links import without_links
from rules.message_templates import BY_CODE
from rules.messages import Channel, MessageStatus, Waiting

BY_HAND = "by_hand"

STATES: dict[str, tuple[str, Tone]] = {
    MessageStatus.QUEUED: (N_("Na fila"), Tone.BLUE),
    MessageStatus.SENDING: (N_("Enviando"), Tone.BLUE),
    MessageStatus.SENT: (N_("Enviada"), Tone.GREEN),
    MessageStatus.DELIVERED: (N_("Entregue"), Tone.GREEN),
    MessageStatus.BOUNCED: (N_("Devolvida"), Tone.RED),
    MessageStatus.FAILED: (N_("Falhou"), Tone.RED),
    MessageStatus.SUPPRESSED: (N_("Retida"), Tone.YELLOW),
}
CHANNELS: dict[str, str] = {
    Channel.EMAIL: N_("E-mail"),
    Channel.SMS: N_("SMS"),
    Channel.APP: N_("Aplicativo"),
}
PURPOSES = {**{code: purpose.label for code, purpose in BY_CODE.items()}, BY_HAND: N_("Avulsa")}

EVENTS: dict[str, str] = {
    MessageStatus.QUEUED: N_("Escrita e posta na fila."),
    MessageStatus.SENDING: N_("Tentativa nº %(attempt)s de envio."),
    MessageStatus.SENT: N_("Aceita pelo provedor."),
    MessageStatus.DELIVERED: N_("Entregue, segundo o provedor."),
    MessageStatus.BOUNCED: N_("Devolvida: não chegou ao destinatário."),
    MessageStatus.FAILED: N_("Falhou e não será repetida."),
    MessageStatus.SUPPRESSED: N_("Não foi enviada."),
    "next_channel": N_("O mesmo aviso segue por %(channel)s."),
}
WAITS: dict[str, str] = {
    Waiting.NOT_BEFORE: N_("Espera até %(until)s, como pedido."),
    Waiting.WINDOW: N_("Fora do horário de contato: espera até %(until)s."),
    Waiting.DAILY_LIMIT: N_("O cliente já foi contatado neste dia: espera até %(until)s."),
    Waiting.WEEKLY_LIMIT: N_(
        "O cliente já foi contatado o bastante nesta semana: espera até %(until)s."
    ),
    Waiting.CHANNEL_LIMIT: N_(
        "O cliente já foi contatado por este canal neste dia: espera até %(until)s."
    ),
    Waiting.PROVIDER: N_("O provedor não aceitou agora: nova tentativa em %(until)s."),
    Waiting.TAKEN_OUT: N_("Retirada deste dia por uma pessoa: espera até %(until)s."),
}


@dataclass(frozen=True)
class EventLine:
    """One line of what became of a message, and behind it the facts that decided it."""

    at: datetime
    sentence: str
    details: str
    facts: Mapping[str, Any]


def state(status: str) -> Badge:
    """The status as a word on its colour."""
    label, tone = STATES.get(status, (status, Tone.GREY))
    return Badge(gettext(label), tone)


def channel(code: str) -> str:
    """What people call the channel."""
    return gettext(CHANNELS.get(code, code))


def purpose(code: str) -> str:
    """What people call the purpose."""
    return gettext(PURPOSES.get(code, code))


def reason(text: str) -> str:
    """Why it was held back or failed: our own word, else what the provider said."""
    return gettext(words.REASONS[text]) if text in words.REASONS else text


def in_list(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row of the list of messages."""
    return {
        **row,
        "channel": channel(row["channel"]),
        "purpose": purpose(row["purpose"]),
        "about": row["subject"] or without_links(row["text"])[:80],
        "status": state(row["status"]),
        "reason": reason(row["reason"]),
        "href": f"/mensagens/{row['id']}",
        "label": row["customer"] or row["to_address"],
    }


def event_lines(events: Sequence[MessageEvent]) -> list[EventLine]:
    """What became of a message, for people."""
    return [_line(event) for event in events]


def _line(event: MessageEvent) -> EventLine:
    if event.kind == "waiting":
        until = language.moment(datetime.fromisoformat(event.facts["until"]))
        sentence = gettext(WAITS.get(event.reason, event.reason), until=until)
        return EventLine(event.at, sentence, str(event.facts.get("said", "")), event.facts)
    places = {
        "attempt": event.facts.get("attempt", 1),
        "channel": channel(str(event.facts.get("channel", ""))),
    }
    said = gettext(EVENTS.get(event.kind, event.kind), **places)
    return EventLine(event.at, said, reason(event.reason), event.facts)
