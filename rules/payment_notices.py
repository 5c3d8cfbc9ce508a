"""Notices of payment that a Pix bank or a gateway posts: which are believed, and for how long."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from rules.money import ZERO
from rules.refusals import Refusal

#: A signed notice may be so old or so far ahead: clocks differ, and nothing older is a first post.
WINDOW = timedelta(minutes=5)
MAX_BYTES = 64 * 1024
_OWN_TXID = re.compile(r"FAT([1-9][0-9]{0,17})")


class NoticeOutcome(StrEnum):
    """What became of a notice."""

    RECORDED = "recorded"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    CHANGED = "changed"  # its id was used with other content
    MALFORMED = "malformed"
    OLD = "old"
    FORGED = "forged"
    TOO_LARGE = "too_large"


class NoticeTooLarge(Refusal):
    message = "O aviso passa de %(kilobytes)s KB."


class NoticeSignatureRefused(Refusal):
    message = "A assinatura do aviso não confere."


class NoticeTooOld(Refusal):
    message = "O horário do aviso está a mais de %(minutes)s minutos do nosso. Assine-o de novo."


class NoticeMalformed(Refusal):
    message = "O aviso não está no formato esperado: %(where)s."


class NoticeIdChanged(Refusal):
    message = "O aviso %(id)s já veio com outro conteúdo. Use outro id."
    field = "id"


class NoticeInvoiceUnknown(Refusal):
    message = "Nenhuma fatura corresponde a %(reference)s. O aviso ficou guardado para conferência."
    field = "invoice"


@dataclass(frozen=True)
class Notice:
    """A payment as its sender tells it: by the invoice's code, or by the txid of our own Pix."""

    event_id: str
    amount: Decimal
    paid_on: date
    invoice: str = ""
    txid: str = ""
    credited_on: date | None = None
    fee: Decimal = ZERO

    @property
    def reference(self) -> str:
        """What the sender calls the invoice."""
        return self.invoice or self.txid


def check_size(size: int) -> None:
    """This will refuse a body larger than any notice (NoticeTooLarge)."""
    if size > MAX_BYTES:
        raise NoticeTooLarge(kilobytes=MAX_BYTES // 1024)


def check_age(timestamp: str, *, now: datetime) -> int:
    """This will give the instant that was signed. Refuses none (forged), and one that is too far.

    NoticeSignatureRefused, NoticeTooOld.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise NoticeSignatureRefused
    if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise NoticeTooOld(minutes=int(WINDOW.total_seconds()) // 60)
    return int(timestamp)


def invoice_id_in(txid: str) -> int | None:
    """The invoice behind a txid that our own Pix code carried; None for any other."""
    found = _OWN_TXID.fullmatch(txid)
    return int(found[1]) if found else None
