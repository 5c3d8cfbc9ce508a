"""The reasons to write about an agreement."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from rules.message_purposes.entries import EVERY, FOR_INVOICES, Purpose
from rules.sentences import N_

AGREEMENT: dict[str, Any] = {
    "agreement": {
        "number": 318,
        "total": Decimal("412.50"),
        "tolerance_date": date(2026, 11, 10),
        "instalments": 3,
    },
}
FOR_AGREEMENTS = {**FOR_INVOICES, **AGREEMENT}

PURPOSES: tuple[Purpose, ...] = (
    Purpose("agreement_made", N_("Acordo: confirmação"), EVERY, FOR_AGREEMENTS),
    Purpose("agreement_reminder_before", N_("Acordo: parcela a vencer"), EVERY, FOR_AGREEMENTS),
    Purpose(
        "agreement_reminder_due", N_("Acordo: parcela vence hoje"), EVERY, FOR_AGREEMENTS,
        is_for_today=True,
    ),
    Purpose("agreement_reminder_late", N_("Acordo: parcela vencida"), EVERY, FOR_AGREEMENTS),
    Purpose("agreement_broken", N_("Acordo: descumprido"), EVERY, FOR_AGREEMENTS),
    Purpose("agreement_cancelled", N_("Acordo: cancelado"), EVERY, FOR_AGREEMENTS),
)  # fmt: skip
