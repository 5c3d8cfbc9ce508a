"""When a debtor may be contacted, by the law of the debtor's state and on the debtor's own clocks.

The consumer code sets no hours, but forbids disturbing work, rest and leisure (CDC arts. 42 and
71); some states do set them. The company's own hours for a state come as overrides.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time

from rules.business_days import (
    BRASILIA,
    HOUSE,
    Calendar,
    UnknownState,
    Window,
    next_working_instant,
    weekday_windows,
)

SATURDAY = 5
DEFAULT_HOURS = weekday_windows((time(9), time(18)))

HOURS: Mapping[str, tuple[Window, ...]] = {
    # Lei 7.782/2016, which covers SMS too
    "AL": (*weekday_windows((time(8), time(20))), Window(SATURDAY, time(8), time(14))),
    # Lei 306/2016 says only "until 19": the default opening holds (one source)
    "AM": weekday_windows((time(9), time(19))),
    # Lei 10.626/2017 (one source)
    "ES": weekday_windows((time(8), time(19))),
    # "Lei 252/2010" (one source, doubtful)
    "PR": (*weekday_windows((time(8), time(18))), Window(SATURDAY, time(8), time(13))),
    # Lei 7.868/2018
    "RJ": weekday_windows((time(9), time(19))),
    # Lei 15.426/2014
    "SP": (*weekday_windows((time(8), time(20))), Window(SATURDAY, time(8), time(14))),
}

# The time of each state's capital; Brazil has had no summer time since 2019. Fernando de Noronha
# and the west of Amazonas differ from theirs by an hour, which a UF cannot tell.
TIME_ZONES: Mapping[str, str] = {
    "AC": "America/Rio_Branco",
    "AL": "America/Maceio",
    "AM": "America/Manaus",
    "AP": "America/Belem",
    "BA": "America/Bahia",
    "CE": "America/Fortaleza",
    "DF": BRASILIA,
    "ES": BRASILIA,
    "GO": BRASILIA,
    "MA": "America/Fortaleza",
    "MG": BRASILIA,
    "MS": "America/Campo_Grande",
    "MT": "America/Cuiaba",
    "PA": "America/Belem",
    "PB": "America/Fortaleza",
    "PE": "America/Recife",
    "PI": "America/Fortaleza",
    "PR": BRASILIA,
    "RJ": BRASILIA,
    "RN": "America/Fortaleza",
    "RO": "America/Porto_Velho",
    "RR": "America/Boa_Vista",
    "RS": BRASILIA,
    "SC": BRASILIA,
    "SE": "America/Maceio",
    "SP": BRASILIA,
    "TO": "America/Araguaina",
}


def next_opening(
    instant: datetime,
    *,
    uf: str | None,
    closures: frozenset[date] = frozenset(),
    overrides: Mapping[str, tuple[Window, ...]] | None = None,
    within: tuple[Window, ...] = (),
) -> datetime:
    """This will give the instant itself when the debtor may be contacted then, else the next one.

    Never on national or state holidays, nor on closures. `uf` None (state unknown) means the
    default hours on the house's clocks. `within` are a channel's hours, which narrow those of the
    state. Refuses UnknownState, and NoWorkingHours when an override leaves a state without hours.
    """
    calendar = contact_calendar(uf, closures=closures, overrides=overrides)
    if within:
        calendar = replace(calendar, windows=narrowed(calendar.windows, within=within))
    return next_working_instant(instant, calendar=calendar)


def narrowed(windows: tuple[Window, ...], *, within: tuple[Window, ...]) -> tuple[Window, ...]:
    """This will give what two sets of hours have in common; nothing in common: the first ones.

    The law's hours are the first ones: a channel's are a wish beside them, and none makes a
    message wait for ever.
    """
    common = [
        Window(one.weekday, max(one.opens, other.opens), min(one.closes, other.closes))
        for one in windows
        for other in within
        if one.weekday == other.weekday
    ]
    return tuple(each for each in common if each.opens < each.closes) or windows


def contact_calendar(
    uf: str | None,
    *,
    closures: frozenset[date] = frozenset(),
    overrides: Mapping[str, tuple[Window, ...]] | None = None,
) -> Calendar:
    """This will give the hours of a state as a calendar, the company's overrides first."""
    if uf is not None and uf not in TIME_ZONES:
        raise UnknownState(uf=uf)
    hours = {**HOURS, **(overrides or {})}
    return Calendar(
        uf=uf,
        closures=closures,
        time_zone=TIME_ZONES.get(uf or "", HOUSE.zone),
        windows=hours.get(uf or "", DEFAULT_HOURS),
    )
