"""The cells of portfolio files: read strictly, or refused with the reason an operator reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from holidays.countries.brazil import Brazil

from rules.documents import normalise_document
from rules.money import ZERO, NotAnAmount, parse_not_negative
from rules.phones import normalise_phone
from rules.refusals import Refusal


class Decimals(StrEnum):
    """How a file writes decimals; unknown while no amount of it tells."""

    COMMA = "comma"
    POINT = "point"
    UNKNOWN = "unknown"


#: How a cell is read, in a file that writes decimals so.
Reader = Callable[[str, Decimals], Any]

_COMMA = re.compile(r"-?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?")
_POINT = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_BRAZILIAN_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
#: What a database writes behind a day.
_MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?$")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_POSTAL_CODE = re.compile(r"(\d{5})-?(\d{3})")
#: What nearly every file holds, recognised without the whole numbering plan.
_MOBILE = re.compile(r"(?:\+?55)?((?:[14689][1-9]|2[12478]|3[1-578]|5[13-5]|7[13-579])9\d{8})")
_PUNCTUATION = str.maketrans("", "", " ()-.")
_STATES = frozenset(Brazil.subdivisions)

_YES = frozenset({"sim", "s", "true", "1", "yes", "y"})
_NO = frozenset({"não", "nao", "n", "false", "0", "no"})


class CellRequired(Refusal):
    message = "O campo está vazio e é obrigatório."


class TextTooLong(Refusal):
    message = "O texto passa de %(length)s caracteres."


class AmountAmbiguous(Refusal):
    message = "O valor %(amount)s pode ser milhar ou decimal. Escreva-o com duas casas."


class AmountNotPositive(Refusal):
    message = "O valor deve ser maior que zero."


class DateNotValid(Refusal):
    message = (
        "A data “%(date)s” não existe ou não está em dd/mm/aaaa (dia e mês com dois algarismos, "
        "ano com quatro) nem em aaaa-mm-dd."
    )


class FlagNotValid(Refusal):
    message = "Escreva sim ou não, em vez de “%(value)s”."


class EmailNotValid(Refusal):
    message = "O e-mail “%(email)s” não é válido."


class StateNotValid(Refusal):
    message = "A UF “%(uf)s” não existe."


class PostalCodeNotValid(Refusal):
    message = "O CEP “%(code)s” não tem oito dígitos."


class MonthNotValid(Refusal):
    message = "O mês “%(month)s” não existe: use de 1 a 12."


class TerminalNotValid(Refusal):
    message = "O terminal “%(terminal)s” não tem de 8 a 13 dígitos."


def text(length: int) -> Reader:
    """This will make a reader of texts of one line, up to a length."""

    def read_text(cell: str, _decimals: Decimals) -> str:
        return _of_length(one_line(cell), length)

    return read_text


def long_text(length: int) -> Reader:
    """This will make a reader of texts of several lines, up to a length."""

    def read_text(cell: str, _decimals: Decimals) -> str:
        return _of_length(cell, length)

    return read_text


def _of_length(cell: str, length: int) -> str:
    if len(cell) > length:
        raise TextTooLong(length=length)
    return cell


def one_line(cell: str) -> str:
    """This will put the lines of a cell behind each other."""
    return " ".join(each.strip() for each in cell.splitlines())


def bare(cell: str) -> str:
    """This will give what a cell says, without the blanks around it, and without the apostrophe by
    which spreadsheets say that a number or a sign is a text."""
    said = cell.strip()
    return said[1:] if said[:1] == "'" and said[1:] and not said[1].isalpha() else said


def decimals_of(cell: str) -> Decimals:
    """How an amount is written; unknown when it could be either, or is no amount."""
    figure = _figure(cell)
    comma, point = bool(_COMMA.fullmatch(figure)), bool(_POINT.fullmatch(figure))
    if comma == point:
        return Decimals.UNKNOWN
    return Decimals.COMMA if comma else Decimals.POINT


def read_amount(cell: str, decimals: Decimals) -> Decimal:
    """This will read an amount of zero or more in the file's own way of writing decimals.

    Refuses NotAnAmount, NegativeAmount, TooPrecise, and AmountAmbiguous for "1.234" in a file
    that never shows which of the two signs it means.
    """
    is_point, figure = decimals is Decimals.POINT, _figure(cell)
    if not (_POINT if is_point else _COMMA).fullmatch(figure):
        raise NotAnAmount
    if decimals is Decimals.UNKNOWN and not figure.lstrip("-").isdigit():
        raise AmountAmbiguous(amount=cell)
    plain = figure.replace(",", "") if is_point else figure.replace(".", "").replace(",", ".")
    return parse_not_negative(Decimal(plain))


def _figure(cell: str) -> str:
    """An amount without its currency."""
    return cell.removeprefix("R$").lstrip()


def read_positive(cell: str, decimals: Decimals) -> Decimal:
    """This will read an amount above zero."""
    amount = read_amount(cell, decimals)
    if amount == ZERO:
        raise AmountNotPositive
    return amount


def read_date(cell: str, _decimals: Decimals) -> date:
    """This will read 27/10/2026 or 2026-10-27, at midnight if it says when, and nothing else
    (DateNotValid)."""
    return _date(cell)


def read_flag(cell: str, _decimals: Decimals) -> bool:
    """This will read sim or não."""
    word = cell.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise FlagNotValid(value=cell[:40])


def read_document(cell: str, _decimals: Decimals) -> str:
    """This will read a CPF or CNPJ (DocumentNotValid)."""
    return normalise_document(cell)


def read_phone(cell: str, _decimals: Decimals) -> str:
    """This will read a Brazilian telephone number (PhoneNotValid)."""
    mobile = _MOBILE.fullmatch(cell.translate(_PUNCTUATION))
    return f"+55{mobile[1]}" if mobile else normalise_phone(cell)


def read_email(cell: str, _decimals: Decimals) -> str:
    """This will read one e-mail address."""
    if len(cell) > 200 or not _EMAIL.fullmatch(cell):
        raise EmailNotValid(email=cell[:80])
    return cell


def read_uf(cell: str, _decimals: Decimals) -> str:
    """This will read a state's two letters."""
    if cell.upper() not in _STATES:
        raise StateNotValid(uf=cell[:20])
    return cell.upper()


def read_postal_code(cell: str, _decimals: Decimals) -> str:
    """This will read a CEP: 01310-100."""
    parts = _POSTAL_CODE.fullmatch(cell.replace(".", "").strip())
    if parts is None:
        raise PostalCodeNotValid(code=cell[:20])
    return f"{parts[1]}-{parts[2]}"


def read_month(cell: str, _decimals: Decimals) -> int:
    """This will read a month of the year by its number."""
    if not (cell.isascii() and cell.isdecimal() and 1 <= int(cell[:3]) <= 12 and len(cell) < 3):
        raise MonthNotValid(month=cell[:20])
    return int(cell)


def read_terminal(cell: str, _decimals: Decimals) -> str:
    """This will read a telephone line by its digits."""
    digits = cell.translate(_PUNCTUATION)
    if not (digits.isascii() and digits.isdecimal() and 8 <= len(digits) <= 13):
        raise TerminalNotValid(terminal=cell[:20])
    return digits


@lru_cache(maxsize=8192)
def _date(cell: str) -> date:
    day = _MIDNIGHT.sub("", cell)
    parts = _BRAZILIAN_DATE.fullmatch(day)
    try:
        if parts:
            return date(int(parts[3]), int(parts[2]), int(parts[1]))
        if _ISO_DATE.fullmatch(day):
            return date.fromisoformat(day)
    except ValueError:
        pass
    raise DateNotValid(date=cell[:40])
