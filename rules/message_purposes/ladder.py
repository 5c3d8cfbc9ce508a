"""The reasons to write of the ladder."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from rules.message_purposes.entries import CUSTOMER, EVERY, INVOICE, STANDARD, Purpose
from rules.sentences import N_

#: Every invoice that a letter speaks of, and what comes if nothing is paid.
LADDER: dict[str, Any] = {
    "invoices": [INVOICE["invoice"]],
    "total": Decimal("249.90"),
    "ladder": {
        "suspended_on": date(2026, 11, 11),
        "terminated_on": date(2027, 1, 10),
        "restore_hours": 24,
    },
}
FOR_LADDERS = {**STANDARD, **CUSTOMER, **LADDER}

PURPOSES: tuple[Purpose, ...] = (
    Purpose("ladder_reminder", N_("Régua: fatura a vencer"), EVERY, FOR_LADDERS),
    Purpose("ladder_due", N_("Régua: vence hoje"), EVERY, FOR_LADDERS, is_for_today=True),
    Purpose("ladder_overdue", N_("Régua: fatura vencida"), EVERY, FOR_LADDERS),
    Purpose(
        "ladder_suspension_notice", N_("Régua: notificação de suspensão"), EVERY, FOR_LADDERS,
        is_legal_notice=True,
    ),
    Purpose("ladder_suspension_warning", N_("Régua: suspensão próxima"), EVERY, FOR_LADDERS),
    Purpose(
        "ladder_termination_notice", N_("Régua: notificação de rescisão"), EVERY, FOR_LADDERS,
        is_legal_notice=True,
    ),
)  # fmt: skip
