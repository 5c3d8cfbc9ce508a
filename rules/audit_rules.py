"""The rules of the carriers' audit; what finds each stands in rules/audit_*.py."""

from __future__ import annotations

from enum import StrEnum


class Rule(StrEnum):
    """A way in which a charge may be wrong, in the order in which one claims it before another."""

    LINE_UNKNOWN = "line_unknown"
    LINE_INACTIVE = "line_inactive"
    DUPLICATE = "duplicate"
    TOO_OLD = "too_old"
    OUTSIDE_PERIOD = "outside_period"
    INSTALMENT_BEYOND = "instalment_beyond"
    FINE_NOT_DUE = "fine_not_due"
    NOT_CONTRACTED = "not_contracted"
    TAX_DIFFERS = "tax_differs"
    ALLOWANCE_NOT_APPLIED = "allowance_not_applied"
    DURATION_WRONG = "duration_wrong"
    RATE_DIFFERS = "rate_differs"
    FEE_DIFFERS = "fee_differs"
    DISCOUNT_MISSING = "discount_missing"
    TOTAL_WRONG = "total_wrong"
