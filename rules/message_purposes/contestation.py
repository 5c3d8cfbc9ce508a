"""The reasons to write to a carrier, and to a customer who contests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from rules.message_purposes.entries import EVERY, FOR_INVOICES, MAIL, STANDARD, Purpose
from rules.sentences import N_

CONTESTATION: dict[str, Any] = {
    "company": {"name": "Indústria Aurora Ltda", "document": "12.345.678/0001-95"},
    "carrier": {"name": "Operadora Exemplo"},
    "contestation": {
        "number": 42,
        "level": "Operadora",
        "claimed": Decimal("1250.40"),
        "asked": Decimal("2533.31"),
        "principal": Decimal("2500.80"),
        "is_double": True,
        "correction": Decimal("7.50"),
        "interest": Decimal("25.01"),
        "due": Decimal("2533.31"),
        "credited": Decimal("0.00"),
        "counted_on": date(2026, 11, 26),
        "items": 17,
        "filed_on": date(2026, 10, 27),
        "due_on": date(2026, 11, 26),
        "is_deemed_accepted": False,
        "protocols": "20261027123456 (27/10/2026)",
    },
    "carrier_invoice": {
        "number": "F2026-10",
        "account": "12345678",
        "issue_date": date(2026, 10, 22),
        "due_date": date(2026, 11, 9),
        "total": Decimal("18230.77"),
    },
}
RECEIVED: dict[str, Any] = {
    "contestation": {
        "protocol": "20261027000019",
        "claimed": Decimal("89.90"),
        "answer_by": date(2026, 11, 26),
        "bill": "2026-000123-C7",
        "bill_amount": Decimal("160.00"),
        "bill_due": date(2026, 11, 6),
    },
}
ANSWERED: dict[str, Any] = {
    "contestation": {
        "protocol": "20261027000019",
        "claimed": Decimal("89.90"),
        "upheld": Decimal("49.90"),
        "cancelled": Decimal("49.90"),
        "refund": Decimal("0.00"),
        "refund_by": "next_invoice",
        "refund_times": 2,
        "prepaid_days": 90,
        "reason": "O plano contratado inclui a assinatura de TV.",
        "is_late": False,
    },
}
FOR_CARRIERS = {**STANDARD, **CONTESTATION}

PURPOSES: tuple[Purpose, ...] = (
    Purpose("contestation_filed", N_("Contestação: carta à operadora"), MAIL, FOR_CARRIERS),
    Purpose("contestation_escalated", N_("Contestação: instância superior"), MAIL, FOR_CARRIERS),
    Purpose(
        "contestation_credit_due", N_("Contestação: crédito do que foi pago"), MAIL, FOR_CARRIERS
    ),
    Purpose(
        "contestation_credit_missing", N_("Contestação: crédito não concedido"), MAIL, FOR_CARRIERS
    ),
    Purpose("contestation_preview", N_("Contestação: prévia da fatura"), MAIL, FOR_CARRIERS),
    Purpose(
        "contestation_received", N_("Contestação do cliente: recebida"), EVERY,
        {**FOR_INVOICES, **RECEIVED}, is_legal_notice=True,
    ),
    Purpose(
        "contestation_answered", N_("Contestação do cliente: resposta"), EVERY,
        {**FOR_INVOICES, **ANSWERED}, is_legal_notice=True,
    ),
)  # fmt: skip
