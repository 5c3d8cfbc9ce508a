"""What happens while a contract is renewed."""

from __future__ import annotations

from collections.abc import Mapping

from rules.history_words.entries import Told, message, money, told
from rules.sentences import N_

SENTENCES: Mapping[str, Told] = {
    "edited": money(N_("Proposta de renovação alterada: %(amount)s, %(months)s meses.")),
    "declined": told(N_("Decidiu não renovar.")),
    "notice": message(N_("Aviso %(notice)s de renovação enviado ao cliente.")),
}
