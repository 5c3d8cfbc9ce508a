"""The reasons to write to a user of Acerto."""

from __future__ import annotations

from typing import Any

from rules.message_purposes.entries import MAIL, STANDARD, USER, Purpose
from rules.sentences import N_

ACCESS: dict[str, Any] = {
    **USER,
    "link": "https://acerto.example/entrar",
}

PURPOSES: tuple[Purpose, ...] = (
    Purpose("first_access", N_("Pessoas: primeiro acesso"), MAIL, {**STANDARD, **ACCESS}),
)  # fmt: skip
