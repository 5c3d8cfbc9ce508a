"""Charges: what invoices are made of."""

from __future__ import annotations

from enum import StrEnum


class ChargeKind(StrEnum):
    """Why a charge exists."""

    SETUP = "setup"
    MONTHLY = "monthly"
    SERVICE = "service"
    PRO_RATA = "pro_rata"
    FEE = "fee"
    CREDIT = "credit"
    INSTALLATION = "installation"


class ChargeStatus(StrEnum):
    """Where a charge stands: waiting for activation or review, open to billing, billed, or off."""

    WAITING = "waiting"
    OPEN = "open"
    INVOICED = "invoiced"
    CANCELLED = "cancelled"


#: Charges that no invoice holds yet.
PENDING = (ChargeStatus.WAITING, ChargeStatus.OPEN)


class ServiceKind(StrEnum):
    """What an additional service is."""

    ACCESS_POINT = "access_point"
    SPEED = "speed"
    SUPPORT = "support"
    SUBSCRIPTION = "subscription"
    OTHER = "other"


class Recurrence(StrEnum):
    """How often an additional service is charged."""

    ONCE = "once"
    PERIODS = "periods"
    UNTIL_REMOVED = "until_removed"
