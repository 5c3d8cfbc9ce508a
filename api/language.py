"""Languages: Portuguese is what the source says (the message ids), English a catalogue beside it.

`python -m api.language extract` lists the sentences that have no English text yet.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel import dates, numbers
from babel.messages import Catalog, Message, mofile, pofile
from babel.support import NullTranslations, Translations
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from rules.business_days import local_time
from rules.cases import SYSTEM
from rules.refusals import WORD
from rules.sentences import fill, in_number

SOURCE = "pt_BR"
SUPPORTED = {"pt_BR": "Português", "en": "English"}
BY_TAG = {"pt": "pt_BR", "en": "en"}
COOKIE = "idioma"
FIGURES = re.compile(r"-?[\d.]+(,\d+)?")
LOCALES = Path(__file__).parent.parent / "locale"

current: ContextVar[str] = ContextVar("language", default=SOURCE)


def gettext(message: str, /, **params: Any) -> str:
    """This will say the sentence in the language of the request, its places filled."""
    return in_language(message, language=current.get(), **params)


def in_language(message: str, /, *, language: str, **params: Any) -> str:
    """This will say the sentence in a language, its places filled."""
    texts = catalogue(language)
    text = texts.ugettext(message) if message else ""
    return in_number(text, params) % _said(params, texts) if params else text


def _said(places: Mapping[str, Any], texts: NullTranslations) -> dict[str, Any]:
    """What fills places: words of ours in the sentence's own language, as refusals name them."""
    words = {name: texts.ugettext(places[name]) for name in places if name.endswith(WORD)}
    if places.get("by") == SYSTEM:
        words["by"] = texts.ugettext(N_("sistema"))
    return {**places, **words}


def told(sentence: str, places: Mapping[str, Any]) -> str:
    """This will say a stored sentence in the language of the request (rules/sentences.py)."""
    return fill(gettext(sentence), _said(places, catalogue(current.get())))


def ngettext(singular: str, plural: str, count: int, /, **params: Any) -> str:
    """This will say the sentence for a count, which also fills the place %(num)s."""
    text = catalogue(current.get()).ungettext(singular, plural, count)
    return text % {"num": number(count), **params}


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """This will mark a sentence that is said later, so that its English text is asked for."""
    return message


@cache
def catalogue(language: str) -> NullTranslations:
    """The sentences of a language; the source's own needs none."""
    if language == SOURCE:
        return NullTranslations()
    whole = Catalog(locale=language)
    for each in entries(language):
        whole.add(each.id, each.string)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, whole)
    compiled.seek(0)
    return Translations(compiled)


def entries(language: str) -> Iterator[Message]:
    """The entries of every .po file of a language: messages.po, and one per process."""
    for path in sorted((LOCALES / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            yield from (each for each in pofile.read_po(file, locale=language) if each.id)


def negotiate(accepted: str | None, *, chosen: str | None) -> str:
    """This will pick the language: the one chosen, else the browser's first that we
    speak, else Portuguese."""
    if chosen in SUPPORTED:
        return chosen
    for part in (accepted or "").split(","):
        spoken = part.split(";")[0].split("-")[0].strip().lower()
        if spoken in BY_TAG:
            return BY_TAG[spoken]
    return SOURCE


class LanguageMiddleware:
    """Gives each request its language, from the cookie, else from Accept-Language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            connection = HTTPConnection(scope)
            accepted = connection.headers.get("accept-language")
            current.set(negotiate(accepted, chosen=connection.cookies.get(COOKIE)))
        await self.app(scope, receive, send)


def brl(amount: Decimal) -> str:
    """R$ 1.234,56, with a space that does not break."""
    return numbers.format_currency(amount, "BRL", locale=current.get())


def plain_amount(amount: Decimal) -> str:
    """1.234,56, as amounts are typed into fields."""
    return numbers.format_decimal(amount, format="#,##0.00", locale=SOURCE)


def number(value: Decimal | int) -> str:
    """1.234 or 1.234,5."""
    return numbers.format_decimal(value, locale=current.get())


def percent(value: Decimal) -> str:
    """2,00% of a value given in percent."""
    return numbers.format_decimal(value, format="#,##0.00", locale=current.get()) + "%"


def day(value: date) -> str:
    """27/10/2026, or 27 Oct 2026 in English, where 10/27 and 27/10 would be mixed up."""
    pattern = "dd/MM/yyyy" if current.get() == SOURCE else "d MMM yyyy"
    return dates.format_date(value, pattern, locale=current.get())


def moment(value: datetime) -> str:
    """27/10/2026 09:30, in the company's time zone."""
    local = local_time(value)
    return f"{day(local.date())} {local:%H:%M}"


def ago(value: datetime, *, now: datetime) -> str:
    """há 3 dias, em 2 horas; weeks and more from two of them on: ten days are not one week."""
    passed: timedelta = value - now
    units = 2 if abs(passed) >= timedelta(days=1) else 1
    return dates.format_timedelta(passed, threshold=units, add_direction=True, locale=current.get())


def parse_number(text: str) -> Decimal:
    """This will read 1.234,56 as written in Brazil. Raises ValueError for anything else.

    Strict, as "149.90" must be refused rather than become 14990.
    """
    figures = text.replace("R$", "").strip()
    if not FIGURES.fullmatch(figures):  # "1e3" and "NaN" are numbers to Python only
        raise ValueError(text)
    return numbers.parse_decimal(figures, locale=SOURCE, strict=True)


if __name__ == "__main__":
    from api.language_check import report

    sys.exit(report(sys.argv[1:]))
