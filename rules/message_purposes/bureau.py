"""The reasons to write about the credit bureau."""

from __future__ import annotations

from typing import Any

from rules.message_purposes.entries import EVERY, FOR_INVOICES, Purpose
from rules.sentences import N_

#: What the law and the house give time for; `is_telecom`: the debt is of such a service.
PERIODS: dict[str, Any] = {
    "bureau": {
        "grace_days": 10, "remove_days": 5, "is_telecom": True, "suspend_days": 15,
        "terminate_days": 60, "restore_hours": 24,
    },
}  # fmt: skip

PURPOSES: tuple[Purpose, ...] = (
    Purpose(
        "bureau_notice", N_("SPC: aviso prévio"), EVERY, {**FOR_INVOICES, **PERIODS},
        is_legal_notice=True,
    ),
    Purpose("bureau_removed", N_("SPC: registro retirado"), EVERY, FOR_INVOICES),
)  # fmt: skip
