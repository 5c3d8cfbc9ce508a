"""What happens to a contract."""

from __future__ import annotations

from collections.abc import Mapping

from rules.history_words.entries import Told, message, money, told
from rules.sentences import N_

SENTENCES: Mapping[str, Told] = {
    "kickoff_begun": told(N_("Implantação iniciada.")),
    "kickoff_cancelled": told(N_("Implantação cancelada, protocolo %(protocol)s.")),
    "made": told(N_("Contrato criado: %(plan)s."), N_("Contrato criado.")),
    "stage": told(
        N_("Passou de “%(was)s” para “%(now)s”: %(reason)s"),
        N_("Passou de “%(was)s” para “%(now)s”."),
    ),
    "charges_made": money(N_("%(charges)s conta(s) gerada(s), no total de %(amount)s.")),
    "charges_released": money(N_("%(charges)s conta(s) revisada(s) e liberada(s) para faturar.")),
    "billed_ahead": money(
        N_("Faturado por comando até %(until_on)s: %(amount)s em %(invoices)s fatura(s).")
    ),
    "activation_breached": told(N_("O prazo de ativação estourou.")),
    "connection": told(
        N_("Conexão (%(carries)s): de “%(state_was)s” para “%(state_now)s”, %(because)s."),
        N_("Conexão (%(carries)s): de “%(state_was)s” para “%(state_now)s”."),
    ),
    "ladder_exception": told(N_("A régua espera até %(until)s: %(reason)s")),
    "ladder_exception_ended": told(N_("Exceção da régua encerrada.")),
    "terms_edited": told(
        N_("Condições alteradas: %(terms)s. Contas com outro vencimento: %(moved)s."),
        N_("Condições alteradas: %(terms)s."),
    ),
    "end_changed": told(
        N_("Fim do contrato: de %(was_on)s para %(ends_on)s."),
        N_("Fim do contrato: %(ends_on)s."),
        N_("O contrato, que terminava em %(was_on)s, não tem mais fim."),
    ),
    "setup_changed": money(
        N_("Adesão corrigida: %(amount)s em %(instalments)s parcela(s), desde %(since)s.")
    ),
    "signature_changed": told(
        N_("Assinatura corrigida: de %(was_on)s para %(signed_on)s."),
        N_("Assinatura corrigida: %(signed_on)s."),
    ),
    "billing_changed": money(N_("Método de faturamento: de “%(method_was)s” para “%(method)s”.")),
    "minimum_term_changed": money(
        N_("Fidelidade de %(months)s meses desde %(from_on)s, multa de %(amount)s."),
        N_("Fidelidade de %(months)s meses desde a assinatura, multa de %(amount)s."),
    ),
    "minimum_term_told": message(N_("Aviso do fim da fidelidade, em %(until_on)s, enviado.")),
    "change_asked": told(
        N_("Pedido: %(change)s, a partir de %(starts_on)s: %(reason)s"),
        N_("Pedido: %(change)s, a partir de %(starts_on)s."),
    ),
    "change_began": told(N_("Em vigor: %(change)s, %(plan)s."), N_("Em vigor: %(change)s.")),
    "change_ended": told(N_("Fim: %(change)s.")),
    "change_called_off": told(N_("Desmarcado: %(change)s.")),
    "early_fee": money(
        N_("Multa de fidelidade de %(amount)s: faltavam %(days_left)s de %(term_days)s dias.")
    ),
    "service_added": money(N_("Serviço adicional incluído: %(service)s, %(amount)s.")),
    "periodicity_changed": money(
        N_("Cobrança a cada %(months)s mês(es) desde %(since)s, por %(amount)s o período.")
    ),
    "moved": told(N_("Endereço de instalação: %(now)s.")),
    "transferred": told(N_("Titularidade passou a %(owner)s, no contrato %(code)s.")),
    "took_over": told(N_("Titularidade recebida de %(owner)s, do contrato %(code)s.")),
    "idle_days": money(N_("%(days)s dia(s) sem serviço não serão cobrados, desde %(since)s.")),
    "service_removed": money(N_("Serviço adicional retirado: %(service)s.")),
    "renewed": money(N_("Renovado até %(ends_on)s, por %(amount)s.")),
    "succeeded_by": money(
        N_("Renovado pelo contrato %(code)s, que assume em %(begins_on)s, por %(amount)s.")
    ),
    "succeeds": told(N_("Sucede ao contrato %(code)s a partir de %(begins_on)s.")),
    "terminal_freed": told(N_("Terminal telefônico cedido a outro contrato, depois do fim deste.")),
    "taken_over": told(
        N_("Assumiu conexões, régua e %(invoices)s fatura(s) em aberto do contrato %(code)s.")
    ),
    "renewal_told": message(
        N_("Aviso %(notice)s de renovação enviado: %(amount)s por período, %(months)s meses.")
    ),
    "renewal_untold": message(
        N_("Um aviso da renovação não chegou ao cliente: a renovação espera.")
    ),
    "renewal_proven": message(N_("Cliente avisado da renovação em %(on)s: %(how)s")),
    "renewal_edited": money(N_("Proposta de renovação alterada: %(amount)s, %(months)s meses.")),
    "renewal_declined": told(
        N_("Não será renovado; vence em %(ends_on)s: %(reason)s"),
        N_("Não será renovado; vence em %(ends_on)s."),
    ),
    "readjusted": money(
        N_("Reajustado em %(percent)s%% para %(amount)s; %(charges)s conta(s) com o novo preço."),
    ),
    "readjustment_untold": message(
        N_("O aviso do reajuste não chegou ao cliente: o preço antigo continua.")
    ),
    "readjustment_proven": message(N_("Cliente avisado do reajuste em %(on)s: %(how)s")),
}
