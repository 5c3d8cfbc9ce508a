"""What happens in a customer's collections account."""

from __future__ import annotations

from collections.abc import Mapping

from rules.history_words.entries import Told, message, money, told
from rules.sentences import N_

SENTENCES: Mapping[str, Told] = {
    "customer_marked": told(N_("Marcou o cliente: %(mark)s. %(note)s")),
    "customer_unmarked": told(N_("Retirou a marca do cliente: %(mark)s.")),
    "classified": told(
        N_("%(invoices)s fatura(s) classificada(s), no total de %(amount)s."),
        N_("Cliente classificado para cobrança."),
    ),
    "started": told(
        N_("Deu início ao processo de cobrança de %(invoices)s fatura(s): %(amount)s."),
        N_("Deu início ao processo de cobrança."),
    ),
    "account_opened": told(N_("Conta de cobrança aberta.")),
    "confirmed": told(
        N_("Confirmou o processo de %(invoices)s fatura(s): %(amount)s."),
        N_("Confirmou o processo."),
    ),
    "contact": told(
        N_("Contato %(direction)s por %(channel)s: %(subject)s (%(result)s)"),
        N_("Contato %(direction)s por %(channel)s: %(subject)s"),
        N_("Contato registrado."),
    ),
    "approval_asked": told(N_("Pediu aprovação para um acordo de %(total)s, acima do limite.")),
    "approval_approved": told(N_("Aprovou o acordo de %(total)s.")),
    "approval_refused": told(N_("Recusou o acordo de %(total)s: %(reason)s")),
    "link_opened": told(N_("Abriu o próprio link.")),
    "channel_refused": message(N_("Mensagens por %(channel)s recusadas (%(origin)s).")),
    "channel_wanted": message(N_("Mensagens por %(channel)s aceitas de novo (%(origin)s).")),
    "promise_made": money(N_("Promessa de pagar %(amount)s em %(promised_on)s.")),
    "promise_kept": money(N_("Promessa de %(amount)s cumprida.")),
    "promise_broken": money(N_("Promessa de %(amount)s para %(promised_on)s não cumprida.")),
    "promise_withdrawn": told(N_("Promessa de %(amount)s retirada.")),
    "recovered": money(
        N_("%(invoices)s fatura(s) paga(s), no total de %(amount)s: saem da cobrança."),
        N_("Fatura paga: sai da cobrança."),
    ),
    "withdrawn": money(
        N_("%(invoices)s fatura(s) cancelada(s) ou suspensa(s), %(amount)s: saem da cobrança."),
        N_("Fatura cancelada ou suspensa: sai da cobrança."),
    ),
    "start_task": told(N_("Ninguém deu início: tarefa criada para a equipe.")),
    "escalate": told(N_("Ainda sem início: levado à gestão.")),
    "confirm_task": told(N_("Processo não confirmado: tarefa criada.")),
    "follow_up": told(N_("Sem contato nos últimos dias: tarefa de acompanhamento criada.")),
    "cadence": message(
        N_("Sequência de contatos: hora de escrever ao cliente (%(purpose)s)."),
        N_("Sequência de contatos: hora de escrever ao cliente."),
    ),
    "adopted": told(
        N_("Caso trazido de outro sistema com %(invoices)s fatura(s)."),
        N_("Caso trazido de outro sistema."),
    ),
    "agreement_adopted": money(
        N_(
            "Acordo %(agreement_id)s trazido de outro sistema (%(code)s): %(total)s, "
            "tolerância até %(tolerance_date)s."
        ),
        N_("Acordo trazido de outro sistema."),
    ),
    "agreement_in_progress": money(N_("Acordo %(agreement_id)s voltou a andamento.")),
    "agreement_broken": money(N_("Acordo %(agreement_id)s não cumprido.")),
    "agreement_fulfilled": money(N_("Acordo %(agreement_id)s cumprido.")),
    "agreement_fulfilled_late": money(N_("Acordo %(agreement_id)s cumprido com atraso.")),
    "agreement_renegotiated": money(N_("Acordo %(agreement_id)s desfeito para renegociar.")),
    "agreement_restored": money(N_("Acordo %(agreement_id)s desfeito: originais restauradas.")),
    "agreement_cancelled": money(
        N_("Acordo %(agreement_id)s cancelado: %(reason)s."),
        N_("Acordo %(agreement_id)s cancelado."),
    ),
    "agreement_made": money(
        N_("Acordo %(agreement_id)s efetivado: %(total)s, tolerância até %(tolerance_date)s."),
        N_("Acordo efetivado."),
    ),
}
