"""Bills of a believable company: clean ones, at the prices of an agreement, from a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from random import Random
from typing import Any

from rules.audit_subject import Period, period_of
from rules.carrier_bills import Bill, BilledCharge
from rules.carrier_layouts import LAYOUTS
from rules.carrier_records import ChargeKind
from rules.carrier_terms import InventoryLine, Tariff, TariffKind, TariffUnit, Terms

#: Initials, FEBRABAN category, description, reais a minute.
RATES = {
    "LOC": ("115", "Local Intra Rede", "0.1200"),
    "VC1": ("143", "Movel Local Intra Rede", "0.2950"),
    "VC2": ("148", "Movel Dentro da Area", "0.5500"),
    "VC3": ("152", "Movel Fora da Area", "0.6900"),
    "LDN": ("108", "LD Nacional Inter Rede", "0.3900"),
}
#: Plan code, name, monthly fee.
PLANS = {"PCRP": ("Plano Corporativo", "49.90"), "PDAD": ("Plano Corporativo Dados", "89.90")}
SMS_PRICE, INSTALMENT_PRICE = "0.15", "60.00"
DISCOUNT_PERCENT, TAX_PERCENT, FINE_PERCENT = 10, 25, 2
ALLOWANCE_MINUTES, INSTALMENTS, CLOSING_DAY = 20, 12, 20
DEVICE = "PARC APARELHO"

TERMS = Terms(
    tariffs=(
        *(Tariff(TariffKind.FEE, code, Decimal(fee)) for code, (_, fee) in PLANS.items()),
        Tariff(TariffKind.FEE, "SMS", Decimal(SMS_PRICE)),
        Tariff(TariffKind.INSTALMENT, DEVICE, Decimal(INSTALMENT_PRICE), quantity=INSTALMENTS),
        *(
            Tariff(TariffKind.RATE, code, Decimal(rate), unit=TariffUnit.MINUTE)
            for code, (_, _, rate) in RATES.items()
        ),
        *(Tariff(TariffKind.TAX, code, percent=Decimal(TAX_PERCENT)) for code in RATES),
        Tariff(
            TariffKind.ALLOWANCE, "PCRP", quantity=ALLOWANCE_MINUTES, base_code="LOC",
            unit=TariffUnit.MINUTE,
        ),
        Tariff(
            TariffKind.DISCOUNT, "DSP", percent=Decimal(DISCOUNT_PERCENT), base_code="PCRP"
        ),
    ),
)  # fmt: skip


@dataclass
class Sample:
    """A bill and the inventory that it is right by."""

    bill: Bill
    inventory: dict[str, InventoryLine]


def make_sample(  # noqa: PLR0913 - all have defaults
    seed: int = 2018,
    *,
    lines: int = 12,
    calls: int = 40,
    issue_date: date = date(2026, 11, 22),
    account: str = "0012345678",
    closing_day: int = CLOSING_DAY,
    numbers: Sequence[str] = (),
) -> Sample:
    """This will make a clean bill: so many lines, each with about so many calls.

    `numbers` are the lines, where they are known; else they are made up.
    """
    rng = Random(seed)  # noqa: S311 - the same seed must give the same bill
    period = period_of(issue_date, closing_day=closing_day)
    made_up = sorted(rng.sample(range(60_000_000, 99_999_999), lines))
    numbers = list(numbers) or [f"119{number}" for number in made_up]
    bill = Bill(
        account, f"F{seed}{issue_date:%Y%m}", issue_date, issue_date + timedelta(days=18), period,
        numbers,
    )  # fmt: skip
    for number in numbers:
        bill.charges += list(_charges_of(number, period, rng, calls))
    bill.charges.append(_fine(bill, base=50_000))
    return Sample(bill, {each: InventoryLine(each, date(2024, 1, 1)) for each in numbers})


def file_of(bill: Bill, layout: str, *, encoding: str = "cp1252") -> bytes:
    """This will write a bill as the carrier's file, without what the layout cannot say."""
    maker: Callable[[Bill], Iterator[str]] = _module(layout).sample
    told = maker(cut_to(bill, layout))
    return "".join(f"{line}\r\n" for line in told).encode(encoding)


def cut_to(bill: Bill, layout: str) -> Bill:
    """The bill as far as a layout can say it."""
    kept = [each for each in bill.charges if each.kind in _module(layout).SAMPLED]
    return replace(bill, charges=kept)


def _module(layout: str) -> Any:
    return import_module(f"rules.carrier_layouts.{LAYOUTS[layout].key}")


def _charges_of(number: str, period: Period, rng: Random, calls: int) -> Iterator[BilledCharge]:
    plan = rng.choice(sorted(PLANS))
    yield from _calls(number, plan, period, rng, rng.randint(calls // 2, calls + calls // 2))
    yield service(number, _day_of(period, rng), ("SMS", "203", "Mensagem SMS"), SMS_PRICE)
    place = rng.randint(1, INSTALMENTS)
    told = f"{DEVICE} {place:02}/{INSTALMENTS}"
    yield service(number, _day_of(period, rng), ("PAR", "299", told), INSTALMENT_PRICE)
    name, fee = PLANS[plan]
    yield BilledCharge(
        ChargeKind.PLAN, number, "301", "PLV", name, cents(fee), period.start, plan=plan,
        until=period.end,
    )  # fmt: skip
    if plan == "PCRP":
        off = cents(fee) * DISCOUNT_PERCENT // 100
        yield BilledCharge(
            ChargeKind.DISCOUNT, number, "404", "DSP", "Desconto Plano", -off, period.start,
            base=cents(fee), percent=DISCOUNT_PERCENT * 100,
        )  # fmt: skip


def _calls(number: str, plan: str, period: Period, rng: Random, count: int) -> list[BilledCharge]:
    seconds_of_month = period.days * 86_400
    made = [_call(number, period, at, rng) for at in rng.sample(range(seconds_of_month), count)]
    made.sort(key=lambda each: (each.day, each.time))
    left = ALLOWANCE_MINUTES * 60 if plan == "PCRP" else 0
    for each in made:
        left -= each.quantity if each.initials == "LOC" else 0
        if each.initials == "LOC" and left >= 0:
            price(each, 0)
    return made


def _call(number: str, period: Period, at: int, rng: Random) -> BilledCharge:
    initials = rng.choice(sorted(RATES))
    category, description, _ = RATES[initials]
    hours, minutes, seconds = at // 3600 % 24, at // 60 % 60, at % 60
    call = BilledCharge(
        ChargeKind.CALL, number, category, initials, description, 0,
        period.start + timedelta(days=at // 86_400),
        time=hours * 10_000 + minutes * 100 + seconds,
        called=f"11{rng.randint(20_000_000, 59_999_999)}",
        quantity=6 * rng.randint(1, 120), tax_rate=TAX_PERCENT * 100,
    )  # fmt: skip
    price(call, call_price(initials, call.quantity))
    return call


def call_price(initials: str, seconds: int, *, step: int = 6) -> int:
    """What a call costs by the agreement, in cents: half a minute at least, then steps."""
    billed = max(30, -(-seconds // step) * step)
    return int(Decimal(RATES[initials][2]) * 100 * billed / 60)


def price(charge: BilledCharge, amount: int) -> None:
    """This will put a price on a call, and the net amount under it."""
    charge.amount = amount
    charge.net = amount * (10_000 - charge.tax_rate) // 100


def service(number: str, day: date, named: tuple[str, str, str], fee: str) -> BilledCharge:
    """A service of a line, named by initials, category and description."""
    initials, category, told = named
    return BilledCharge(
        ChargeKind.SERVICE, number, category, initials, told, cents(fee), day, time=120_000
    )


def _day_of(period: Period, rng: Random) -> date:
    return period.start + timedelta(days=rng.randrange(period.days))


def _fine(bill: Bill, *, base: int) -> BilledCharge:
    return BilledCharge(
        ChargeKind.ADJUSTMENT, "", "502", "MUL", "Multa por atraso", base * FINE_PERCENT // 100,
        bill.period.start, base=base, percent=FINE_PERCENT * 100,
    )  # fmt: skip


def cents(reais: str) -> int:
    """Whole cents of an amount written with a point."""
    return int(Decimal(reais) * 100)
