"""Connections: what provisioning keeps of each service of a contract."""

from __future__ import annotations

from enum import StrEnum

from rules.contracts import PlanType


class ConnectionKind(StrEnum):
    """What a connection carries; each kind has its own provisioning."""

    INTERNET = "internet"
    TV = "tv"
    SUBSCRIPTION = "subscription"
    PHONE = "phone"


class ConnectionState(StrEnum):
    """What the customer gets from it now."""

    PENDING = "pending"
    ACTIVE = "active"
    REDUCED = "reduced"
    BLOCKED = "blocked"
    OFF = "off"


def connection_of(plan_type: PlanType) -> ConnectionKind:
    """The connection that a plan of this type needs."""
    return {
        PlanType.INTERNET: ConnectionKind.INTERNET,
        PlanType.TV: ConnectionKind.TV,
        PlanType.TELEPHONY: ConnectionKind.PHONE,
    }.get(plan_type, ConnectionKind.SUBSCRIPTION)
