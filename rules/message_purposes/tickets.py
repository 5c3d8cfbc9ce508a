"""The reasons to write about a ticket."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rules.message_purposes.entries import MAIL, STANDARD, USER, Purpose
from rules.sentences import N_

TICKET: dict[str, Any] = {
    "ticket": {
        "protocol": "20261027000017",
        "subject": "Sem sinal desde ontem",
        "requester": "Maria Aparecida da Conceição",
        "priority": "high",
        "opened_at": datetime(2026, 10, 27, 13, tzinfo=UTC),
        "first_response_due": datetime(2026, 10, 27, 15, tzinfo=UTC),
        "resolution_due": datetime(2026, 10, 28, 15, tzinfo=UTC),
        "reopen_days": 5,
    },
    "text": "O roteador foi trocado. Pode testar, por favor?",
    "step": "taken",
}
TICKET_TOLD: dict[str, Any] = {
    **USER,
    "ticket": {**TICKET["ticket"], "link": "https://acerto.example/chamados/17"},
    "step": "breach_response",
}

PURPOSES: tuple[Purpose, ...] = (
    *(
        Purpose(code, label, MAIL, {**STANDARD, **TICKET}, is_conversation=True)
        for code, label in (
            ("ticket_opened", N_("Chamado: aberto")),
            ("ticket_step", N_("Chamado: andamento")),
            ("ticket_reply", N_("Chamado: resposta")),
            ("ticket_waiting", N_("Chamado: aguarda o cliente")),
            ("ticket_resolved", N_("Chamado: resolvido")),
        )
    ),
    Purpose("ticket_told", N_("Chamado: aviso interno"), MAIL, {**STANDARD, **TICKET_TOLD}),
)  # fmt: skip
