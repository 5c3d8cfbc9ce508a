"""The reason to write about an e-mail that came back."""

from __future__ import annotations

from typing import Any

from rules.message_purposes.entries import CUSTOMER, STANDARD, Purpose
from rules.messages import Channel
from rules.sentences import N_

MAIL_RETURNED = "mail_returned"
LETTER: dict[str, Any] = {
    "letter": {"subject": "Chamado 20261027000017: Sem sinal", "address": "maria@exemplo.test"}
}

PURPOSES: tuple[Purpose, ...] = (
    Purpose(
        MAIL_RETURNED, N_("E-mail que voltou: aviso por outro canal"), (Channel.SMS, Channel.APP),
        {**STANDARD, **CUSTOMER, **LETTER},
    ),
)  # fmt: skip
