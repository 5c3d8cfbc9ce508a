"""What a policy's value may be, kind by kind; values are told as JSON, the way they are stored."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import partial
from typing import Any

from rules.business_days import Window, weekday_windows
from rules.contact_window import SATURDAY
from rules.documents import DocumentNotValid, format_document, normalise_document
from rules.refusals import Refusal
from rules.reminders import OF_PROMISES, OF_TASKS, Scope, check_reminders

Hours = dict[str, list[str] | None]
WEEKDAYS = "weekdays"
ON_SATURDAY = "saturday"
#: No rule here came into force before it: an earlier day is a slip.
EARLIEST_YEAR = 2000


class Kind(StrEnum):
    """How a value is typed and judged."""

    NUMBER = "number"
    AMOUNT = "amount"
    PERCENT = "percent"
    FLAG = "flag"
    CHOICE = "choice"
    DAY = "day"
    TEAM = "team"
    TEXT = "text"
    DOCUMENT = "document"
    CADENCE = "cadence"
    HOURS = "hours"
    REMINDERS = "reminders"  #: of tasks
    PROMISE_REMINDERS = "promise_reminders"


class Unit(StrEnum):
    """What a number counts."""

    NONE = ""
    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    WORKING_HOURS = "working_hours"
    O_CLOCK = "o_clock"
    MINUTES = "minutes"
    SECONDS = "seconds"
    YEARS = "years"
    PERCENT = "percent"  #: of whole numbers; Kind.PERCENT has decimals


#: What steps of reminders may be of which kind of setting.
REMINDER_SCOPES: Mapping[Kind, Scope] = {
    Kind.REMINDERS: OF_TASKS,
    Kind.PROMISE_REMINDERS: OF_PROMISES,
}


class _ValueRefused(Refusal):
    field = "value"


class PolicyNumberRefused(_ValueRefused):
    message = "Escreva um número inteiro de %(least)s a %(most)s."


class PolicyAmountRefused(_ValueRefused):
    message = "Escreva um valor de %(least)s a %(most)s, com até duas casas decimais."


class PolicyFlagRefused(_ValueRefused):
    message = "Escolha sim ou não."


class PolicyChoiceRefused(_ValueRefused):
    message = "Escolha uma das opções."


class PolicyDayRefused(_ValueRefused):
    message = "Escreva um dia que exista, de 2000 em diante."


class PolicyTextRefused(_ValueRefused):
    message = "Escreva de 1 a %(most)s caracteres."


class PolicyCadenceRefused(_ValueRefused):
    message = "Informe dias de 1 a %(most)s, cada mensagem depois da anterior."


class PolicyHoursRefused(_ValueRefused):
    message = "Informe horários no formato hh:mm, o fim depois do início, ao menos de dia útil."


@dataclass(frozen=True)
class Setting:
    """One value of a policy: `name` is stored; `label`, `help` and `source` are what people read.

    `source` is where the rule comes from: the law, or the house itself. `default` is told as JSON.
    `choices` are the values of a choice, or the messages of a cadence, with their labels.
    """

    name: str
    label: str
    help: str
    default: Any
    kind: Kind = Kind.NUMBER
    unit: Unit = Unit.NONE
    least: int = 0
    most: int = 365
    source: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def checked(setting: Setting, value: Any) -> Any:
    """This will give a value as it is stored. Refuses one that the setting's kind does not allow.

    A team is not looked for here: only the database knows the teams.
    """
    return CHECKS[setting.kind](setting, value)


def as_json(value: Any) -> Any:
    """This will tell a default of the rules as JSON does."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple):
        return [as_json(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: as_json(each) for name, each in asdict(value).items()}
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def windows_of(hours: Mapping[str, Any]) -> tuple[Window, ...]:
    """This will give stored hours as the windows of a calendar."""
    opens, closes = (time.fromisoformat(each) for each in hours[WEEKDAYS])
    windows = weekday_windows((opens, closes))
    if hours.get(ON_SATURDAY):
        opens, closes = (time.fromisoformat(each) for each in hours[ON_SATURDAY])
        windows = (*windows, Window(SATURDAY, opens, closes))
    return windows


def hours_of(windows: tuple[Window, ...]) -> Hours:
    """This will tell the windows of a state as JSON does; all weekdays are alike."""
    by_day = {each.weekday: [f"{each.opens:%H:%M}", f"{each.closes:%H:%M}"] for each in windows}
    return {WEEKDAYS: by_day[0], ON_SATURDAY: by_day.get(SATURDAY)}


def _number(setting: Setting, value: Any) -> int:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or not setting.least <= value <= setting.most:
        raise PolicyNumberRefused(least=setting.least, most=setting.most)
    return int(value)


def _amount(setting: Setting, value: Any) -> str:
    try:
        amount = Decimal(value) if isinstance(value, str) else None
        is_allowed = (
            amount is not None
            and setting.least <= amount <= setting.most
            and amount == amount.quantize(Decimal("0.01"))
        )
    except InvalidOperation:
        is_allowed = False
    if not is_allowed:
        raise PolicyAmountRefused(least=setting.least, most=setting.most)
    return f"{Decimal(value):.2f}"


def _flag(_setting: Setting, value: Any) -> bool:
    if not isinstance(value, bool):
        raise PolicyFlagRefused
    return value


def _choice(setting: Setting, value: Any) -> str:
    if value not in {each for each, _ in setting.choices}:
        raise PolicyChoiceRefused
    return str(value)


def _day(_setting: Setting, value: Any) -> str:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or day.year < EARLIEST_YEAR:
        raise PolicyDayRefused
    return day.isoformat()


def _text(setting: Setting, value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not 1 <= len(text) <= setting.most:
        raise PolicyTextRefused(most=setting.most)
    return text


def _document(_setting: Setting, value: Any) -> str:
    if not isinstance(value, str):
        raise DocumentNotValid(field="value")
    try:
        return format_document(normalise_document(value))
    except DocumentNotValid:
        raise DocumentNotValid(field="value") from None


def _cadence(setting: Setting, value: Any) -> list[list[Any]]:
    known = [each for each, _ in setting.choices]
    try:
        steps = [[_number(setting, day), known.index(purpose)] for day, purpose in value]
    except (PolicyNumberRefused, TypeError, ValueError):
        raise PolicyCadenceRefused(most=setting.most) from None
    if any(a[0] >= b[0] or a[1] >= b[1] for a, b in itertools.pairwise(steps)):
        raise PolicyCadenceRefused(most=setting.most)
    return [[day, known[place]] for day, place in steps]


def _hours(_setting: Setting, value: Any) -> Hours:
    if not isinstance(value, dict) or set(value) - {WEEKDAYS, ON_SATURDAY}:
        raise PolicyHoursRefused
    saturday = value.get(ON_SATURDAY)
    return {
        WEEKDAYS: _stretch(value.get(WEEKDAYS)),
        ON_SATURDAY: _stretch(saturday) if saturday else None,
    }


def _stretch(value: Any) -> list[str]:
    try:
        opens, closes = (time.fromisoformat(each) for each in value)
    except (TypeError, ValueError):
        raise PolicyHoursRefused from None
    if opens >= closes:
        raise PolicyHoursRefused
    return [f"{opens:%H:%M}", f"{closes:%H:%M}"]


def _reminders(_setting: Setting, value: Any, *, scope: Scope) -> list[dict[str, Any]]:
    return check_reminders(value, scope=scope)


CHECKS: Mapping[Kind, Callable[[Setting, Any], Any]] = {
    Kind.NUMBER: _number,
    Kind.AMOUNT: _amount,
    Kind.PERCENT: _amount,
    Kind.FLAG: _flag,
    Kind.CHOICE: _choice,
    Kind.DAY: _day,
    Kind.TEAM: _text,
    Kind.TEXT: _text,
    Kind.DOCUMENT: _document,
    Kind.CADENCE: _cadence,
    Kind.HOURS: _hours,
    **{kind: partial(_reminders, scope=scope) for kind, scope in REMINDER_SCOPES.items()},
}
