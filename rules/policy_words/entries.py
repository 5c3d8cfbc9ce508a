"""How an entry of a policy's words is written: the kinds that return in every process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from rules.policy_values import Kind, Setting, Unit
from rules.sentences import N_

Words = Mapping[str, partial[Setting]]

HOUSE = N_("Regra da casa")


def number(label: str, help: str, most: int, **more: Any) -> partial[Setting]:
    """A whole number up to `most`; `least` is 0 unless told."""
    return partial(Setting, label=label, help=help, most=most, **more)


def flag(label: str, help: str, source: str) -> partial[Setting]:
    """A thing that is done or is not."""
    return partial(Setting, label=label, help=help, kind=Kind.FLAG, source=source)


def text(label: str, help: str, most: int, source: str) -> partial[Setting]:
    """A text of at most `most` characters."""
    return partial(Setting, label=label, help=help, most=most, kind=Kind.TEXT, source=source)


def team(label: str, help: str) -> partial[Setting]:
    """The team that hears of a process's work."""
    return partial(Setting, label=label, help=help, kind=Kind.TEAM, most=40, source=HOUSE)


days = partial(number, unit=Unit.DAYS)
business_days = partial(number, unit=Unit.BUSINESS_DAYS)
hour = partial(number, unit=Unit.O_CLOCK, most=20, least=6)

#: What is promised in business time: tickets and kickoffs.
promised_hours = partial(Setting, unit=Unit.WORKING_HOURS, least=1, most=400, source=HOUSE)
promised_days = partial(Setting, unit=Unit.BUSINESS_DAYS, least=1, most=60, source=HOUSE)
PROMISE_HELP = N_(
    "A quem se escreve, e quando: por parte do prazo que passou, antes e depois dele. O estouro"
    " fica registrado sempre; o aviso à gestão, do estouro em diante, traz também uma tarefa."
)
promise_reminders = partial(Setting, kind=Kind.PROMISE_REMINDERS, help=PROMISE_HELP, source=HOUSE)
calendar = partial(
    Setting,
    label=N_("Calendário"),
    help=N_("Código de um calendário de atendimento, ou national, bank, always."),
    kind=Kind.TEXT,
    most=12,
    source=HOUSE,
)
