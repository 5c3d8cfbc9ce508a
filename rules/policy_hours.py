"""Contact hours of states and channels must meet, or a channel would reach nobody of a state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.business_days import Window
from rules.contact_window import SATURDAY
from rules.policies import CHANNEL_HOURS, CHANNELS, CONTACT, CONTACT_HOURS
from rules.policy_values import Setting, windows_of
from rules.refusals import Refusal


class HoursApart(Refusal):
    message = (
        "Com estes horários nunca se cobraria por %(channel_word)s em %(uf)s: o do canal e o do"
        " estado não se cruzam em dias úteis."
    )
    field = "value"


def check_hours(name: str, value: Any, *, stored: Mapping[str, Any]) -> None:
    """This will refuse hours in which a channel would reach nobody of a state (HoursApart)."""
    if not name.startswith((f"{CHANNEL_HOURS}.", f"{CONTACT_HOURS}.")):
        return
    changed = {**stored, name: value}
    for channel in CHANNELS:
        wanted = _windows(channel, changed)
        for state in CONTACT:
            if not _meet(_windows(state, changed), wanted):
                raise HoursApart(channel_word=channel.label, uf=state.label)


def _windows(setting: Setting, stored: Mapping[str, Any]) -> set[Window]:
    """The hours of business days."""
    every = windows_of(stored.get(setting.name, setting.default))
    return {each for each in every if each.weekday < SATURDAY}


def _meet(these: set[Window], those: set[Window]) -> bool:
    return any(
        one.weekday == other.weekday and one.opens < other.closes and other.opens < one.closes
        for one in these
        for other in those
    )
