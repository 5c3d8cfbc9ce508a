"""The reasons to write about a contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from rules.message_purposes.entries import CUSTOMER, EVERY, MAIL, STANDARD, Purpose
from rules.sentences import N_

CONTRACT: dict[str, Any] = {
    "contract": {
        "number": "K001042",
        "plan": "Fibra 500 Mega",
        "amount": Decimal("109.90"),
        "starts_on": date(2026, 10, 27),
        "next_amount": Decimal("114.90"),
        "months": 12,
        "ends_on": date(2027, 10, 27),
        "percent": "4,55",
        "holds_from": date(2026, 11, 26),
        "free_from": date(2026, 12, 15),
    },
}
FOR_CONTRACTS = {**STANDARD, **CUSTOMER, **CONTRACT}

PURPOSES: tuple[Purpose, ...] = (
    Purpose("contract_welcome", N_("Contrato: boas-vindas"), MAIL, FOR_CONTRACTS),
    Purpose(
        "contract_renewal", N_("Contrato: aviso de renovação"), EVERY, FOR_CONTRACTS,
        is_legal_notice=True,
    ),
    Purpose("contract_renewed", N_("Contrato: renovado"), EVERY, FOR_CONTRACTS),
    Purpose(
        "contract_readjustment", N_("Contrato: aviso de reajuste"), EVERY, FOR_CONTRACTS,
        is_legal_notice=True,
    ),
    Purpose(
        "contract_minimum_term", N_("Contrato: aviso do fim da fidelidade"), EVERY, FOR_CONTRACTS,
        is_legal_notice=True,
    ),
)  # fmt: skip
