"""The words of the policies of contestations received from customers."""

from __future__ import annotations

from rules.policy_words.contestation import RGC
from rules.policy_words.entries import HOUSE, Words, days, number, text
from rules.sentences import N_

WORDS: Words = {
    "answer_days": days(
        N_("Resposta ao cliente em"),
        N_("Sem resposta com razões neste prazo, o cliente tem razão."),
        90,
        least=1,
        source=RGC,
    ),
    "remind_days_before": days(
        N_("Resposta ao cliente: lembrete"),
        N_("Antes do fim do prazo, uma tarefa pede a resposta."),
        60,
        least=1,
        source=HOUSE,
    ),
    "warn_days_before": days(
        N_("Resposta ao cliente: gestão avisada"),
        N_("Antes do fim do prazo, a gestão é avisada."),
        60,
        least=1,
        source=HOUSE,
    ),
    "new_bill_due_days": days(
        N_("Conta do que não se contesta vence em"),
        N_("Contado da contestação; a lei quer a conta ao menos cinco dias antes do vencimento."),
        60,
        least=5,
        source=RGC,
    ),
    "bill_ahead_days": days(
        N_("Conta impressa: com o cliente antes do vencimento"),
        N_("A quem a quer impressa: até quando uma tarefa pede que ela seja entregue."),
        60,
        least=5,
        source=RGC,
    ),
    "tell_days": days(
        N_("Cliente não avisado: tarefa após"),
        N_("Até o cliente ser avisado da resposta, o valor não pode ser cobrado."),
        30,
        source=HOUSE,
    ),
    "refund_days": days(
        N_("Devolução na próxima fatura em"),
        N_("Sem fatura com o crédito neste prazo, uma tarefa pede a devolução."),
        120,
        least=1,
        source=HOUSE,
    ),
    "bank_refund_days": days(
        N_("Devolução por banco ou crédito pré-pago em"),
        N_("Sem o comprovante neste prazo, uma tarefa pede a devolução."),
        60,
        source=HOUSE,
    ),
    "prepaid_valid_days": days(
        N_("Crédito pré-pago da devolução: válido por"),
        N_("A resposta ao cliente diz por quanto tempo o crédito vale."),
        365,
        least=90,
        source=N_("RGC, manual da Resolução 632/2014: ao menos 90 dias"),
    ),
    "refund_times": number(
        N_("Devolver o pago sem ser devido (vezes)"),
        N_("Dois: em dobro, como manda a lei; um: o valor simples."),
        2,
        least=1,
        source=RGC,
    ),
    "refund_interest_percent": number(
        N_("Juros da devolução (% ao mês)"),
        N_("Por dia, do pagamento até a devolução, sobre o valor corrigido."),
        12,
        source=RGC,
    ),
    "refund_index": text(
        N_("Índice que corrige a devolução"),
        N_("Código de um índice do cadastro; o mês sem valor conhecido não corrige."),
        40,
        N_("Código Civil, art. 389 (Lei 14.905/2024): IPCA; RGC, contestação"),
    ),
}
