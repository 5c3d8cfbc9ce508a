"""The words of the policies of carriers' files."""

from __future__ import annotations

from rules.policy_words.entries import HOUSE, Words, days, number
from rules.sentences import N_

WORDS: Words = {
    "retention_months": number(
        N_("Arquivos de operadoras guardados por, em meses"),
        N_("Depois disso o arquivo é apagado, e a evidência deixa de dizer quem ligou para quem."),
        120,
        least=1,
        source=N_("RGC: três anos para contestar; LGPD arts. 15 e 16"),
    ),
    "stopped_days": days(
        N_("Arquivos de leitura parada guardados por"),
        N_("Até lá a leitura pode ser retomada; depois o arquivo é apagado."),
        90,
        least=1,
        source=HOUSE,
    ),
}
