"""The reasons to write to a customer in collections."""

from __future__ import annotations

from rules.message_purposes.entries import BOTH, CUSTOMER, STANDARD, Purpose
from rules.sentences import N_

PURPOSES: tuple[Purpose, ...] = (
    Purpose("contact_cadence_1", N_("Cobrança: primeiro contato"), BOTH, {**STANDARD, **CUSTOMER}),
    Purpose("contact_cadence_2", N_("Cobrança: segundo contato"), BOTH, {**STANDARD, **CUSTOMER}),
    Purpose("contact_cadence_3", N_("Cobrança: último contato"), BOTH, {**STANDARD, **CUSTOMER}),
)  # fmt: skip
