"""The words of the policies of carriers' files."""

from __future__ import annotations

from rules.policy_words.entries import Words, number
from rules.sentences import N_

WORDS: Words = {
    "retention_months": number(
        N_("Arquivos de operadoras guardados por, em meses"),
        N_("Depois disso o arquivo é apagado, e a evidência deixa de dizer quem ligou para quem."),
        120,
        least=1,
        source=N_("RGC: três anos para contestar; LGPD arts. 15 e 16"),
    ),
}
