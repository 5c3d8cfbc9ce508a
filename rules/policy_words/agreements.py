"""The words of the policies of agreements."""

from __future__ import annotations

from rules.policy_words.entries import HOUSE, Words, business_days, days, flag, hour, number
from rules.sentences import N_

WORDS: Words = {
    "allows_fiscal_document": flag(
        N_("Aceitar fatura com nota fiscal emitida"),
        N_("Processo especial: a fatura pode entrar em acordo e ser editada."),
        HOUSE,
    ),
    "allows_remittance": flag(
        N_("Aceitar fatura com remessa gerada"),
        N_("Processo especial: a fatura já enviada ao banco pode entrar em acordo e ser editada."),
        HOUSE,
    ),
    "suspend_originals": flag(
        N_("Suspender as faturas originais"),
        N_("As faturas substituídas aparecem como suspensas, e não como desconsideradas."),
        HOUSE,
    ),
    "most_instalments": number(
        N_("Máximo de parcelas"), N_("De uma nova proposta."), 120, least=1, source=HOUSE
    ),
    "broken_after_days_late": days(
        N_("Acordo não cumprido com parcela atrasada há"),
        N_("Uma parcela atrasada por mais tempo desfaz o acordo antes da data de tolerância."),
        365,
        source=HOUSE,
    ),
    "remind_days_before": days(
        N_("Lembrete antes do vencimento"), N_("Antes de cada parcela."), 30, least=1, source=HOUSE
    ),
    "remind_on_due_date": flag(
        N_("Lembrete no dia do vencimento"), N_("De cada parcela em aberto."), HOUSE
    ),
    "remind_days_after": days(
        N_("Lembrete depois do vencimento"),
        N_("De cada parcela que continua em aberto, contados do último dia em que se paga em dia."),
        60,
        least=1,
        source=HOUSE,
    ),
    "acts_at_hour": hour(
        N_("Hora em que os acordos agem"),
        N_("Lembretes e verificações acontecem a partir desta hora."),
        source=HOUSE,
    ),
    "task_due_business_days": business_days(
        N_("Prazo das tarefas de acordo"),
        N_("Em quanto tempo vence uma tarefa criada pelo sistema sobre um acordo."),
        30,
        source=HOUSE,
    ),
    "tells_customer": flag(
        N_("Contar ao cliente do acordo"),
        N_("Feito, não cumprido ou cancelado o acordo, o cliente recebe uma mensagem."),
        HOUSE,
    ),
}
