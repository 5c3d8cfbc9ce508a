"""The words of the policies of renewals."""

from __future__ import annotations

from rules.policy_words.entries import HOUSE, Words, days, flag, number
from rules.sentences import N_

WORDS: Words = {
    "renews_automatically": flag(
        N_("Renovar contratos automaticamente"),
        N_("Desligado, toda renovação espera por uma pessoa."),
        HOUSE,
    ),
    "queue_at_open_invoices": number(
        N_("Fila de renovação com"),
        N_("Com quantas faturas em aberto, ainda não vencidas, o contrato entra na fila."),
        24,
        source=HOUSE,
    ),
    "renew_at_open_invoices": number(
        N_("Renovação com"),
        N_("Com quantas faturas em aberto, ainda não vencidas, o contrato renova."),
        24,
        source=HOUSE,
    ),
    "first_notice_days": days(
        N_("Primeiro aviso de renovação antes do fim"),
        N_("Quantos dias antes do fim do contrato o cliente é avisado pela primeira vez."),
        365,
        source=HOUSE,
    ),
    "second_notice_days": days(
        N_("Segundo aviso de renovação antes do fim"),
        N_("Quantos dias antes do fim do contrato o cliente é avisado de novo."),
        365,
        source=N_("Resolução Anatel 765/2023: ao menos 30 dias antes do fim da oferta"),
    ),
    "ask_days": days(
        N_("Sem renovação automática: tarefa antes do fim"),
        N_("Quantos dias antes do fim do contrato uma pessoa é chamada a decidir."),
        365,
        source=HOUSE,
    ),
}
