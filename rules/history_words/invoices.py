"""What happens to an invoice."""

from __future__ import annotations

from collections.abc import Mapping

from rules.history_words.entries import Told, money, told
from rules.sentences import N_

SENTENCES: Mapping[str, Told] = {
    "ladder_paused": told(N_("A régua parou (%(pause)s).")),
    "ladder_resumed": told(N_("A régua segue de onde parou (%(pause)s).")),
    "ladder_proven": told(N_("Notificação entregue em %(proven_on)s: %(proof)s")),
    "contract_ended": money(
        N_("Cancelada antes do seu período: %(why)s."),
        N_("Cancelada: o contrato foi encerrado antes do período."),
    ),
    "remitted": told(N_("Boleto %(number)s na remessa %(remittance)s ao banco.")),
    "taken_over": told(N_("Cobrada no contrato %(code)s, que sucede ao %(was)s.")),
    "contested_split": money(
        N_("Contestada em parte: %(amount)s passam à conta %(other)s, protocolo %(protocol)s.")
    ),
    "boleto_called_back": money(
        N_("Boleto cancelado: o banco deixa de cobrá-lo (contestação, protocolo %(protocol)s).")
    ),
    "made_by_contestation": money(
        N_("Conta da parte não contestada da fatura %(other)s, protocolo %(protocol)s.")
    ),
    "contested_cancelled": money(
        N_("Contestação reconhecida: %(amount)s cancelados, restam %(left)s.")
    ),
    "stage": told(
        N_("Passou de “%(was)s” para “%(now)s” (%(reason)s)."),
        N_("Passou para “%(now)s” (%(reason)s)."),
        N_("Passou de “%(was)s” para “%(now)s”."),
        N_("Passou para “%(now)s”."),
    ),
    "billed": money(
        N_("Fatura criada pelo faturamento %(run_id)s, com %(charges)s cobrança(s)."),
        N_("Faturada por comando até %(until_on)s, com %(charges)s cobrança(s)."),
        N_("Fatura criada com a conta do contrato."),
    ),
    "renegotiated": money(
        N_(
            "Vencimento renegociado de %(was)s para %(now)s; encargos: %(charges)s na fatura, "
            "%(waived)s dispensados. Motivo: %(reason)s"
        ),
    ),
    "edited": told(
        N_(
            "Editada: vencimento de %(was_due_on)s para %(due_on)s; profile de pagamento: "
            "%(profile)s; descrição: %(description)s. Motivo: %(reason)s"
        ),
    ),
    "boleto_entered": money(N_("O banco %(bank)s registrou o boleto %(number)s.")),
    "boleto_rejected": money(
        N_("O banco %(bank)s recusou o boleto %(number)s (ocorrência %(movement)s).")
    ),
    "boleto_written_off": money(N_("O banco %(bank)s baixou o boleto %(number)s.")),
    "boleto_protested": money(N_("O banco %(bank)s levou o boleto %(number)s a protesto.")),
    "protest_protocolled": told(
        N_("Levada a protesto: %(office)s, protocolo %(protocol)s; o devedor paga até %(until)s.")
    ),
    "protest_protested": told(N_("Protestada: %(office)s, protocolo %(protocol)s.")),
    "protest_withdrawn": told(
        N_("Retirada do cartório ou paga nele: %(office)s, protocolo %(protocol)s.")
    ),
    "protest_cancelled": told(N_("Protesto cancelado: %(office)s, protocolo %(protocol)s.")),
    "made_by_agreement": money(
        N_("Fatura criada pelo acordo %(agreement_id)s, em lugar de %(originals)s."),
        N_("Fatura criada pelo acordo %(agreement_id)s."),
    ),
    "restored": money(
        N_("Restaurada: o acordo %(agreement_id)s foi desfeito; restam %(left)s."),
        N_("Restaurada; restam %(left)s."),
    ),
    "owed_again": money(N_("Voltou a ser devida: espera a classificação fora da cobrança.")),
    "replaced_by_agreement": money(
        N_("Substituída pelas faturas %(invoices)s do acordo %(agreement_id)s."),
        N_("Substituída pelo acordo %(agreement_id)s."),
    ),
}
