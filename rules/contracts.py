"""Contracts: the stages of their life, and what each may say about plan, billing and renewal."""

from __future__ import annotations

from enum import StrEnum


class ContractStage(StrEnum):
    """Where a contract stands."""

    DRAFT = "draft"
    AWAITING_ACTIVATION = "awaiting_activation"
    ACTIVE = "active"
    REDUCED = "reduced"
    BLOCKED = "blocked"
    SUSPENDED = "suspended"
    RENEWAL_QUEUE = "renewal_queue"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"

    @property
    def is_over(self) -> bool:
        """Whether nothing more is charged or renewed."""
        return self in OVER

    @property
    def is_in_service(self) -> bool:
        """Whether the customer has the service now, whole or reduced."""
        return self in IN_SERVICE


OVER = (ContractStage.EXPIRED, ContractStage.CANCELLED, ContractStage.TERMINATED)
IN_SERVICE = (ContractStage.ACTIVE, ContractStage.REDUCED, ContractStage.RENEWAL_QUEUE)


class PlanType(StrEnum):
    """What a plan sells."""

    INTERNET = "internet"
    TV = "tv"
    TELEPHONY = "telephony"
    TEM = "tem"
    OTHER = "other"


class BillingMethod(StrEnum):
    """How charges become invoices."""

    PER_CHARGE = "per_charge"
    GROUPED = "grouped"
    COURTESY = "courtesy"


class RenewalPrice(StrEnum):
    """Which amount the next term is charged at."""

    BY_PLAN = "by_plan"
    SUGGESTED = "suggested"


#: Months that a period may last.
PERIODICITIES = (1, 2, 3, 6, 12)
#: Months that a minimum term may last; 0 is none.
MINIMUM_TERMS = (0, 12, 24, 36)
