"""What stands in a company's inventory."""

from __future__ import annotations

from enum import StrEnum


class LineKind(StrEnum):
    """What is in the inventory."""

    MOBILE = "mobile"
    FIXED = "fixed"
    SIM = "sim"
    DEVICE = "device"
    CIRCUIT = "circuit"


class LineStatus(StrEnum):
    """Whether the company has the line; its dates say since when."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
