"""What happens to an agreement."""

from __future__ import annotations

from collections.abc import Mapping

from rules.history_words.entries import Told, message, money, told
from rules.sentences import N_

SENTENCES: Mapping[str, Told] = {
    "adopted": told(
        N_("Acordo trazido de outro sistema (%(code)s) com %(invoices)s fatura(s)."),
        N_("Acordo trazido de outro sistema."),
    ),
    "remind": message(
        N_("Chegou a hora de lembrar o cliente do vencimento (%(reminder)s)."),
        N_("Chegou a hora de lembrar o cliente do vencimento."),
    ),
    "check_promise": told(N_("Dia da tolerância: tarefa para conferir a promessa.")),
    "break": money(N_("Acordo não cumprido.")),
}
