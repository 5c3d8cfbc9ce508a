"""The reasons to write about a payment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from rules.message_purposes.entries import CUSTOMER, EVERY, INVOICE, STANDARD, Purpose
from rules.sentences import N_

PAYMENT: dict[str, Any] = {
    "payment": {"amount": Decimal("249.90"), "paid_on": date(2026, 10, 27)},
}

PURPOSES: tuple[Purpose, ...] = (
    Purpose(
        "payment_thanks", N_("Pagamento: agradecimento"), EVERY,
        {**STANDARD, **CUSTOMER, **INVOICE, **PAYMENT},
    ),
)  # fmt: skip
