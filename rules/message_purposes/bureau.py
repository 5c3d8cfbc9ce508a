"""The reasons to write about the credit bureau."""

from __future__ import annotations

from rules.message_purposes.entries import EVERY, FOR_INVOICES, Purpose
from rules.sentences import N_

PURPOSES: tuple[Purpose, ...] = (
    Purpose(
        "bureau_notice", N_("SPC: aviso prévio"), EVERY, FOR_INVOICES,
        is_legal_notice=True,
    ),
    Purpose("bureau_removed", N_("SPC: registro retirado"), EVERY, FOR_INVOICES),
)  # fmt: skip
