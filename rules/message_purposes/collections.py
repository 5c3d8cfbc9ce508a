"""The reasons to write to a customer in collections."""

from __future__ import annotations

from rules.message_purposes.entries import CUSTOMER, EVERY, STANDARD, Purpose
from rules.sentences import N_

PURPOSES: tuple[Purpose, ...] = (
    Purpose("contact_cadence_1", N_("Cobrança: primeiro contato"), EVERY, {**STANDARD, **CUSTOMER}),
    Purpose("contact_cadence_2", N_("Cobrança: segundo contato"), EVERY, {**STANDARD, **CUSTOMER}),
    Purpose("contact_cadence_3", N_("Cobrança: último contato"), EVERY, {**STANDARD, **CUSTOMER}),
)  # fmt: skip
