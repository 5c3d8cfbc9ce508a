"""What charges say to the customer, on invoices and statements; documents are Portuguese."""

from __future__ import annotations

from datetime import date

from rules.proration import Period

#: As long as a charge may say.
LONGEST = 200
IDLE_DAYS = "Dias sem serviço"
SERVICE_REMOVED = "Serviço retirado"


def period_of(plan: str, period: Period) -> str:
    """A period of a plan: its name, and the days."""
    return f"{plan}, {_days(period)}"[:LONGEST]


def cut_short(said: str, *, was: Period, now: Period) -> str:
    """A period of which fewer days are owed: those, where it said its days."""
    return said.replace(_days(was), _days(now))


def plan_since(said: str, plan: str, day: date) -> str:
    """A period within which the plan changes: both."""
    return f"{said}; {plan} desde {day:%d/%m/%Y}"[:LONGEST]


def setup(instalment: int, *, of: int) -> str:
    """An instalment of the setup fee."""
    return f"Adesão {instalment}/{of}"


def early_fee(days_left: int, *, of: int) -> str:
    """The fee for leaving before the minimum term is over."""
    return f"Multa de fidelidade: {days_left} de {of} dias"


def difference(why: str, said: str) -> str:
    """What is owed more or less of a charge that was billed, and why."""
    return f"{why}: {said}"[:LONGEST]


def plan_change(plan: str) -> str:
    """Why a charge was changed, or a difference made: another plan from a day on."""
    return f"Troca para {plan}"


def temporary_plan(plan: str) -> str:
    """The difference that a plan for a time costs."""
    return f"Plano temporário: {plan}"


def _days(period: Period) -> str:
    return f"{period.start:%d/%m/%Y} a {period.last_day:%d/%m/%Y}"
