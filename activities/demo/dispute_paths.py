"""Who bills the demonstration's companies, what is wrong each month, and how far it got."""

from __future__ import annotations

from dataclasses import dataclass

from rules.audit_rules import Rule

#: What is wrong in a month's bill, and how far its contestation got.
Month = tuple[tuple[Rule, str], ...]


@dataclass(frozen=True)
class Biller:
    """A carrier of a company of its own; its months, the oldest first, end with this one."""

    code: str
    name: str
    account: str
    months: tuple[Month, ...]


BILLERS = (
    Biller(
        "vivo", "Vivo", "0044556677",
        (
            (
                (Rule.RATE_DIFFERS, "credited"), (Rule.NOT_CONTRACTED, "silent"),
                (Rule.DUPLICATE, "given_up"),
            ),
            (
                (Rule.FEE_DIFFERS, "credited"), (Rule.DURATION_WRONG, "refused"),
                (Rule.DUPLICATE, "silent"),
            ),
            ((Rule.RATE_DIFFERS, "silent"), (Rule.FEE_DIFFERS, "awaiting_credit")),
            (
                (Rule.RATE_DIFFERS, "answered"), (Rule.FEE_DIFFERS, "filed"),
                (Rule.DUPLICATE, "draft"), (Rule.DURATION_WRONG, "correcting"),
            ),
        ),
    ),
    Biller(
        "tim", "TIM", "0099887766",
        (
            ((Rule.NOT_CONTRACTED, "partly"), (Rule.RATE_DIFFERS, "silent")),
            ((Rule.NOT_CONTRACTED, "barcode"), (Rule.FEE_DIFFERS, "draft")),
        ),
    ),
)  # fmt: skip
