"""How often something may be tried within a minute: this minute's tries and what is left of the
last one's, so that the turn of a minute forgives nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

MINUTE = timedelta(minutes=1)
#: What one customer of a network is given of IPv6, and chooses among at will (RFC 6177, RFC 8981).
OWN_BITS = 64


@dataclass(frozen=True)
class Pace:
    """So many tries a minute."""

    most: int


@dataclass(frozen=True)
class Tries:
    """How often something was tried in the present minute and in the one before."""

    now: int = 0
    before: int = 0


def minute_of(at: datetime) -> datetime:
    """The minute that an instant lies in."""
    return at.replace(second=0, microsecond=0)


def allows(pace: Pace, tries: Tries, *, at: datetime) -> bool:
    """Whether one more try is no more than the pace allows in the minute that ends now."""
    left = MINUTE - (at - minute_of(at))
    counted = tries.now + tries.before * (left / MINUTE)
    return counted + 1 <= pace.most


def origin_of(address: str) -> str:
    """Whose tries are counted together: an address of IPv4, the network of one of IPv6."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:  # of no network: a socket's, a test's
        return address
    if not isinstance(found, IPv6Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found.packed, OWN_BITS), strict=False))
