"""Contracts: the stages of their life, and what each may say about plan, billing and renewal."""

from __future__ import annotations

from enum import IntEnum, StrEnum


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


OVER = (ContractStage.EXPIRED, ContractStage.CANCELLED, ContractStage.TERMINATED)
#: The customer has the service now, whole or reduced.
IN_SERVICE = (ContractStage.ACTIVE, ContractStage.REDUCED, ContractStage.RENEWAL_QUEUE)
#: No service is given, and nothing is billed meanwhile.
IDLE = (ContractStage.SUSPENDED, ContractStage.BLOCKED)


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


class PaymentMethod(StrEnum):
    """How a contract's invoices are paid, and so what stands on them.

    By card, direct debit and Pix Automático another system collects; this one is told of it.
    """

    BOLETO_PIX = "boleto_pix"
    BOLETO = "boleto"
    PIX = "pix"
    PIX_AUTOMATIC = "pix_automatic"
    DEBIT = "debit"
    CARD = "card"
    COUNTER = "counter"

    @property
    def has_boleto(self) -> bool:
        """Whether a bank collects the invoice."""
        return self in {PaymentMethod.BOLETO_PIX, PaymentMethod.BOLETO}

    @property
    def has_pix(self) -> bool:
        """Whether the invoice carries a Pix code from the day it is issued."""
        return self in {PaymentMethod.BOLETO_PIX, PaymentMethod.PIX}


class RenewalPrice(StrEnum):
    """Which amount the next term is charged at."""

    BY_PLAN = "by_plan"
    SUGGESTED = "suggested"


class RenewalForm(StrEnum):
    """What a renewal makes: the next term of the same contract, or a contract that follows it."""

    EXTENSION = "extension"
    SUCCESSOR = "successor"


class Periodicity(IntEnum):
    """Months that a period may last."""

    MONTH = 1
    TWO_MONTHS = 2
    QUARTER = 3
    HALF_YEAR = 6
    YEAR = 12


class TermMonths(IntEnum):
    """Months that a term, or a minimum term, may last."""

    NONE = 0
    ONE_YEAR = 12
    TWO_YEARS = 24
    THREE_YEARS = 36


def forgives_idle_days(
    *, is_telecom: bool, has_discount: bool, charges_while_suspended: bool
) -> bool:
    """Whether days without service come off the charges: always of a telecom service, unless the
    house's setting says otherwise (RGC), else by the contract's own inactivity discount."""
    return has_discount or (is_telecom and not charges_while_suspended)


#: A telecom bill is at hand at least so many days before it falls due (RGC).
MINIMUM_ISSUE_DAYS = 5
