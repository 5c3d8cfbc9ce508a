"""What happens while a contract is renewed."""

from __future__ import annotations

from collections.abc import Mapping

from rules.history_words.entries import Told, message
from rules.sentences import N_

SENTENCES: Mapping[str, Told] = {
    "notice": message(N_("Aviso %(notice)s de renovação enviado ao cliente.")),
}
