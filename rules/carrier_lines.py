"""Lines of a company's inventory, and what carriers' invoices are kept for."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class CarrierPolicy:
    """How long carriers' files, and whom a line called, are kept: the window of contestation."""

    retention_months: int = 36
