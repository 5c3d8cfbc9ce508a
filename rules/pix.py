"""Pix: the BR Code behind a QR Code and its copy-and-paste text (Banco Central, Manual do BR Code).

A code is a row of fields, each two digits of name, two of length, and its value; fields 26 and 62
hold fields of their own. The last one guards all before it by CRC16.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from rules.documents import is_valid_document, normalise_document
from rules.money import parse_exact
from rules.refusals import Refusal, written_amount

ARRANGEMENT = "br.gov.bcb.pix"
NO_TXID = "***"
NAME_LENGTH = 25
CITY_LENGTH = 15
LARGEST_AMOUNT = Decimal("9999999999.99")  # 13 characters with the point

_TXID = re.compile(r"[A-Za-z0-9]{1,25}", re.ASCII)
_PHONE = re.compile(r"\+[1-9]\d{9,14}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+", re.ASCII)
_LONGEST_KEY = 77


class PixKeyNotValid(Refusal):
    message = "A chave Pix não é CPF, CNPJ, e-mail, telefone (+55…) nem chave aleatória."
    field = "pix_key"


class PixTxidNotValid(Refusal):
    message = "O identificador do Pix deve ter de 1 a 25 letras e dígitos, sem acentos."
    field = "txid"


class PixAmountNotPossible(Refusal):
    message = "O valor R$ %(amount)s não cabe em um Pix. Informe de R$ 0,01 a R$ 9.999.999.999,99."
    field = "amount"


@dataclass(frozen=True)
class PixCharge:
    """A code to be made: who receives, and how much (None: the payer chooses).

    `txid` comes back with the payment on the receiver's statement.
    """

    key: str
    name: str
    city: str
    amount: Decimal | None = None
    txid: str | None = None


def br_code(charge: PixCharge) -> str:
    """This will give the copy-and-paste text of a static charge; its QR Code shows the same.

    Name and city lose their accents and what does not fit. Refuses PixKeyNotValid,
    PixTxidNotValid and PixAmountNotPossible.
    """
    _check(charge)
    account = _field("00", ARRANGEMENT) + _field("01", charge.key)
    amount = "" if charge.amount is None else _field("54", f"{charge.amount:.2f}")
    code = "".join(
        (
            _field("00", "01"),
            _field("26", account),
            _field("52", "0000"),
            _field("53", "986"),
            amount,
            _field("58", "BR"),
            _field("59", _plain(charge.name, NAME_LENGTH)),
            _field("60", _plain(charge.city, CITY_LENGTH)),
            _field("62", _field("05", charge.txid or NO_TXID)),
            "6304",
        )
    )
    return code + crc16(code)


def as_pix_key(text: str) -> str:
    """This will give a typed key as the central bank keeps it: a CPF or CNPJ bare, in capitals."""
    key = text.strip()
    return normalise_document(key) if is_valid_document(key) else key


def is_pix_key(text: str) -> bool:
    """This will be true of the five kinds of key, written as the central bank keeps them."""
    if len(text) > _LONGEST_KEY:
        return False
    if text.isalnum():
        return text == text.upper() and is_valid_document(text)
    return bool(_PHONE.fullmatch(text) or _EMAIL.fullmatch(text)) or _is_random_key(text)


def crc16(text: str) -> str:
    """This will give the four hexadecimal digits of CRC-16/CCITT-FALSE over a text."""
    remainder = 0xFFFF
    for byte in text.encode():
        remainder ^= byte << 8
        for _ in range(8):
            carries = remainder & 0x8000
            remainder = (remainder << 1 & 0xFFFF) ^ (0x1021 if carries else 0)
    return f"{remainder:04X}"


def _check(charge: PixCharge) -> None:
    if not is_pix_key(charge.key):
        raise PixKeyNotValid
    if charge.txid is not None and not _TXID.fullmatch(charge.txid):
        raise PixTxidNotValid
    if charge.amount is not None:
        amount = parse_exact(charge.amount, field="amount")
        if not 0 < amount <= LARGEST_AMOUNT:
            raise PixAmountNotPossible(amount=written_amount(amount))


def _field(name: str, value: str) -> str:
    return f"{name}{len(value):02d}{value}"


def _plain(text: str, length: int) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return letters[:length].strip()


def _is_random_key(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
