"""The reasons to write to a customer in collections."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from rules.message_purposes.entries import CUSTOMER, EVERY, FOR_INVOICES, STANDARD, Purpose
from rules.sentences import N_

PROMISE: dict[str, Any] = {
    "promise": {"amount": Decimal("249.90"), "promised_on": date(2026, 10, 30)},
}
LINK: dict[str, Any] = {
    "link": {
        "url": "https://acerto.example/c/12.Zk3b",
        "until": datetime(2026, 11, 11, 12, tzinfo=UTC),
    },
}

#: A link is made for whoever's template mentions it.
CADENCE = {**STANDARD, **CUSTOMER, **LINK}

PURPOSES: tuple[Purpose, ...] = (
    Purpose("contact_cadence_1", N_("Cobrança: primeiro contato"), EVERY, CADENCE),
    Purpose("contact_cadence_2", N_("Cobrança: segundo contato"), EVERY, CADENCE),
    Purpose("contact_cadence_3", N_("Cobrança: último contato"), EVERY, CADENCE),
    Purpose(
        "customer_link", N_("Cobrança: link do cliente"), EVERY, {**STANDARD, **CUSTOMER, **LINK}
    ),
    Purpose(
        "promise_reminder", N_("Promessa: lembrete"), EVERY, {**FOR_INVOICES, **PROMISE, **LINK}
    ),
)
