"""The words of the policies of protests."""

from __future__ import annotations

from rules.policy_words.entries import HOUSE, Words, business_days, days
from rules.sentences import N_

WORDS: Words = {
    "least_days_late": days(
        N_("Protesto: atraso mínimo"),
        N_("Com menos dias de atraso a fatura não vai a protesto."),
        1825,
        source=HOUSE,
    ),
    "payment_business_days": business_days(
        N_("Protesto: prazo do devedor no cartório"),
        N_("Contado do protocolo; depois dele uma tarefa pede o resultado."),
        10,
        least=1,
        source=N_("Lei 9.492/97, art. 12"),
    ),
    "consent_business_days": business_days(
        N_("Protesto: carta de anuência em"),
        N_("Paga a dívida protestada, prazo da tarefa de entregar a carta ao cliente."),
        30,
        least=1,
        source=HOUSE,
    ),
}
