"""The values of policies as people type and read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from starlette.datastructures import FormData

from api import policy_reminders
from api.language import brl, day, gettext, ngettext, parse_number, percent, plain_amount
from rules.policy_values import (
    ON_SATURDAY,
    REMINDER_SCOPES,
    WEEKDAYS,
    Kind,
    Setting,
    Unit,
)

UNITS: Mapping[Unit, Callable[[int], str]] = {
    Unit.NONE: str,
    Unit.DAYS: lambda n: ngettext("%(num)s dia", "%(num)s dias", n),
    Unit.BUSINESS_DAYS: lambda n: ngettext("%(num)s dia útil", "%(num)s dias úteis", n),
    Unit.WORKING_HOURS: lambda n: ngettext("%(num)s hora útil", "%(num)s horas úteis", n),
    Unit.O_CLOCK: lambda n: f"{n:02}:00",
    Unit.MINUTES: lambda n: ngettext("%(num)s minuto", "%(num)s minutos", n),
    Unit.SECONDS: lambda n: ngettext("%(num)s segundo", "%(num)s segundos", n),
    Unit.PERCENT: lambda n: f"{n} %",
    Unit.YEARS: lambda n: ngettext("%(num)s ano", "%(num)s anos", n),
}


def told(setting: Setting, value: Any, *, people: Mapping[str, str]) -> str:
    """This will say a value to people: 3 dias úteis, Sim, R$ 10,00; `people` are names by login."""
    if setting.kind in REMINDER_SCOPES:
        return policy_reminders.told(value, people=people)
    return TOLD.get(setting.kind, _as_it_is)(setting, value)


def raw_of(setting: Setting, value: Any) -> dict[str, Any]:
    """This will give the fields of the form that stand for a value."""
    match setting.kind:
        case Kind.AMOUNT | Kind.PERCENT:
            return {"value": plain_amount(Decimal(value))}
        case Kind.FLAG:
            return {"value": "1" if value else "0"}
        case Kind.CADENCE:
            days = {code: day for day, code in value}
            return {f"day_{code}": days.get(code, "") for code, _ in setting.choices}
        case Kind.HOURS:
            return {
                f"{part}_{end}": (value[part] or ("", ""))[place]
                for part in (WEEKDAYS, ON_SATURDAY)
                for place, end in enumerate(("opens", "closes"))
            }
        case Kind.REMINDERS | Kind.PROMISE_REMINDERS:
            return policy_reminders.raw_of(value)
        case _:
            return {"value": value}


def sent_raw(setting: Setting, sent: FormData) -> dict[str, Any]:
    """This will give the fields as they were typed."""
    if setting.kind in REMINDER_SCOPES:
        return policy_reminders.sent_raw(sent)
    return {name: str(sent.get(name) or "").strip() for name in raw_of(setting, setting.default)}


def read(setting: Setting, raw: Mapping[str, str]) -> Any:
    """This will read typed fields into JSON; what cannot be read stays text, to be refused."""
    if setting.kind in READ:
        return READ[setting.kind](setting, raw)
    return raw["value"]


def _cadence(setting: Setting, raw: Mapping[str, str]) -> list[list[Any]]:
    days = [(raw[f"day_{code}"], code) for code, _ in setting.choices]
    return [[_whole(day), code] for day, code in days if day]


def _reminders(_setting: Setting, raw: Mapping[str, str]) -> list[dict[str, Any]]:
    lines = policy_reminders.read(raw)
    return [{**line, "amount": _whole(line["amount"])} for line in lines]


def _whole(text: str) -> Any:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _amount(text: str) -> str:
    try:
        return f"{parse_number(text):f}"
    except ValueError:
        return text if "," in text else "?"  # 10.50 must be refused here, not read as JSON's


def _stretch(raw: Mapping[str, str], part: str) -> list[str] | None:
    stretch = [raw[f"{part}_opens"], raw[f"{part}_closes"]]
    return stretch if any(stretch) else None


def _as_it_is(_setting: Setting, value: Any) -> str:
    return str(value)


def _told_cadence(_setting: Setting, steps: list[tuple[int, str]]) -> str:
    days = ", ".join(str(day) for day, _ in steps)
    return gettext("dias %(days)s", days=days) if days else gettext("Nenhuma mensagem")


def _told_hours(_setting: Setting, hours: Mapping[str, Any]) -> str:
    told = gettext("dias úteis, das %(opens)s às %(closes)s", **_ends(hours[WEEKDAYS]))
    if hours.get(ON_SATURDAY):
        told += "; " + gettext("sábado, das %(opens)s às %(closes)s", **_ends(hours[ON_SATURDAY]))
    return told


def _ends(stretch: list[str]) -> dict[str, str]:
    return {"opens": stretch[0], "closes": stretch[1]}


TOLD: Mapping[Kind, Callable[[Setting, Any], str]] = {
    Kind.NUMBER: lambda setting, value: UNITS[setting.unit](value),
    Kind.AMOUNT: lambda _, value: brl(Decimal(value)),
    Kind.PERCENT: lambda _, value: percent(Decimal(value)),
    Kind.FLAG: lambda _, value: gettext("Sim") if value else gettext("Não"),
    Kind.DAY: lambda _, value: day(date.fromisoformat(value)),
    Kind.CHOICE: lambda setting, value: gettext(dict(setting.choices).get(value, value)),
    Kind.CADENCE: _told_cadence,
    Kind.HOURS: _told_hours,
}
READ: Mapping[Kind, Callable[[Setting, Mapping[str, str]], Any]] = {
    Kind.NUMBER: lambda _, raw: _whole(raw["value"]),
    Kind.AMOUNT: lambda _, raw: _amount(raw["value"]),
    Kind.PERCENT: lambda _, raw: _amount(raw["value"]),
    Kind.FLAG: lambda _, raw: {"1": True, "0": False}.get(raw["value"], raw["value"]),
    Kind.CADENCE: _cadence,
    Kind.HOURS: lambda _, raw: {part: _stretch(raw, part) for part in (WEEKDAYS, ON_SATURDAY)},
    **dict.fromkeys(REMINDER_SCOPES, _reminders),
}
