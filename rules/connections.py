"""Connections: what provisioning keeps of each service of a contract."""

from __future__ import annotations

from enum import StrEnum


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
