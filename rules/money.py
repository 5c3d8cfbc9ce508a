"""Money in reais: the only place that rounds. Amounts are Decimals with two decimals."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from rules.refusals import Refusal, written_amount

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


class TooPrecise(Refusal):
    message = "O valor %(amount)s tem casas decimais demais. Informe no máximo duas."


class NegativeAmount(Refusal):
    message = "O valor %(amount)s é negativo. Informe zero ou um valor positivo."


class NotAnAmount(Refusal):
    message = "O valor não é um número. Informe-o no formato 1.234,56."


class Rounding(StrEnum):
    """What happens to a fraction of a cent; some banks cut it where the bill rounds it."""

    HALF_UP = "half_up"
    TRUNCATE = "truncate"


ROUNDING_MODES = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.TRUNCATE: ROUND_DOWN}


def to_cents(amount: Decimal) -> int:
    """This will give reais as whole cents, for the database. Refuses fractions (TooPrecise)."""
    return int(parse_exact(amount).scaleb(2))


def from_cents(cents: int) -> Decimal:
    """This will give whole cents as reais with two decimals."""
    return Decimal(cents).scaleb(-2)


def parse_exact(amount: Decimal, *, field: str | None = None) -> Decimal:
    """This will give the amount with two decimals, and refuse rather than round.

    Refuses TooPrecise, and NotAnAmount for NaN and infinity; `field` is where it was typed.
    """
    if not amount.is_finite():
        raise NotAnAmount(field=field)
    exact = amount.quantize(CENT, rounding=ROUND_DOWN)
    if exact != amount:
        raise TooPrecise(field=field, amount=written_amount(amount))
    return exact


def parse_not_negative(amount: Decimal, *, field: str | None = None) -> Decimal:
    """This will do as parse_exact, and refuse an amount below zero too (NegativeAmount)."""
    exact = parse_exact(amount, field=field)
    if exact < 0:
        raise NegativeAmount(field=field, amount=written_amount(exact))
    return exact


def round_half_up(amount: Decimal) -> Decimal:
    """This will round to the cent, a half away from zero."""
    return round_to_cent(amount, rounding=Rounding.HALF_UP)


def round_to_cent(amount: Decimal, *, rounding: Rounding) -> Decimal:
    """This will do with the fraction of a cent what the rounding says."""
    return amount.quantize(CENT, rounding=ROUNDING_MODES[rounding])


def round_places(number: Decimal, *, places: int) -> Decimal:
    """This will round a rate or factor to so many decimal places, a half away from zero."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def percent_of(amount: Decimal, *, percent: Decimal) -> Decimal:
    """This will give so many per cent of the amount (2 means 2 %), rounded half up to the cent."""
    return round_half_up(amount * percent / 100)


def split(amount: Decimal, *, parts: int) -> list[Decimal]:
    """This will divide an amount evenly, the first parts taking the cents that do not divide.

    A negative amount is divided alike, its first parts being the larger ones away from zero.
    Fewer parts than one are a ValueError; fractions of a cent are refused (TooPrecise).
    """
    if parts < 1:
        raise ValueError(f"an amount cannot be split into {parts} parts")
    sign, (each, left) = (-1 if amount < 0 else 1), divmod(abs(to_cents(amount)), parts)
    return [from_cents(sign * (each + (ordinal < left))) for ordinal in range(parts)]


def prorate(amount: Decimal, *, used_days: int, period_days: int) -> Decimal:
    """This will charge the days used of a period: amount x used / period, half up to the cent.

    Days outside the period are a ValueError.
    """
    if not 0 <= used_days <= period_days or period_days == 0:
        raise ValueError(f"{used_days} of {period_days} days")
    return round_half_up(amount * used_days / period_days)


def apportion(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """This will share an amount by weights to the cent, the largest remainders taking what is left.

    Of equal remainders the first is served first. No weight, one below zero, or none above zero is
    a ValueError; a negative amount is shared alike. Fractions of a cent are refused (TooPrecise).
    """
    whole = sum(weights, ZERO)
    if whole <= 0 or min(weights) < 0:
        raise ValueError(f"an amount cannot be shared by {weights}")
    sign, cents = (-1 if amount < 0 else 1), abs(to_cents(amount))
    exact = [cents * weight / whole for weight in weights]
    parts = [int(each) for each in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: cents - sum(parts)]:
        parts[place] += 1
    return [from_cents(sign * each) for each in parts]
