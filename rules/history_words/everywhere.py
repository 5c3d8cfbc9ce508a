"""What happens in several processes: stages, messages, payments, promises, the bureau."""

from __future__ import annotations

from collections.abc import Mapping

from rules.history_words.entries import Told, message, money, told
from rules.sentences import N_

SENTENCES: Mapping[str, Told] = {
    "opened": told(N_("Aberto em “%(stage)s”."), N_("Aberto.")),
    "stage": told(N_("Passou de “%(was)s” para “%(now)s”."), N_("Passou para “%(now)s”.")),
    "reopened": told(N_("Reaberto em “%(stage)s”.")),
    "imported": told(N_("Importada de um arquivo, com mudanças.")),
    "adopted": told(
        N_("%(invoices)s fatura(s) assumida(s) de outro sistema."),
        N_("Assumida de outro sistema em “%(stage)s”."),
    ),
    "repaired": told(N_("Processo reiniciado a partir do registro (%(fault)s).")),
    "taken_out": told(
        N_("Retirou de %(out_on)s o que viria por si só: %(step)s. Motivo: %(note)s"),
        N_("Retirou da régua de %(out_on)s. Motivo: %(note)s"),
    ),
    "put_back": told(N_("Devolveu a %(out_on)s o que viria por si só.")),
    "attachment_added": told(N_("Anexou o arquivo %(name)s.")),
    "attachment_shown": told(N_("Deixou o cliente ver o arquivo %(name)s.")),
    "attachment_hidden": told(N_("Deixou de mostrar ao cliente o arquivo %(name)s.")),
    "attachment_removed": told(N_("Excluiu o anexo %(name)s: %(reason)s")),
    "message_queued": message(N_("Mensagem por %(channel)s preparada (%(purpose)s).")),
    "message_sent": message(N_("Mensagem enviada por %(channel)s (%(purpose)s).")),
    "message_delivered": message(N_("Mensagem por %(channel)s entregue (%(purpose)s).")),
    "message_bounced": message(
        N_("Mensagem por %(channel)s devolvida (%(purpose)s): %(reason)s."),
        N_("Mensagem por %(channel)s devolvida (%(purpose)s)."),
    ),
    "message_failed": message(
        N_("Mensagem por %(channel)s não enviada (%(purpose)s): %(reason)s."),
        N_("Mensagem por %(channel)s não enviada (%(purpose)s)."),
    ),
    "message_suppressed": message(
        N_("Mensagem por %(channel)s retida (%(purpose)s): %(reason)s."),
        N_("Mensagem por %(channel)s retida (%(purpose)s)."),
    ),
    "message_next_channel": message(
        N_(
            "O canal anterior não alcançou o cliente: o mesmo aviso segue por %(channel)s"
            " (%(purpose)s)."
        )
    ),
    "mail_received": message(N_("Resposta por e-mail, de %(sender)s: %(text)s")),
    "sms_received": message(N_("O cliente respondeu por SMS: %(text)s")),
    "sms_opted_out": message(N_("O cliente pediu por SMS para não receber mais nenhum.")),
    "payment": money(
        N_("Pagamento de %(amount)s recebido em dia, com desconto de %(discount)s."),
        N_("Pagamento de %(amount)s recebido; restam %(left)s."),
        N_("Pagamento de %(amount)s recebido."),
    ),
    "payment_reversed": money(
        N_("Pagamento de %(amount)s estornado: %(reason)s."),
        N_("Pagamento de %(amount)s estornado."),
    ),
    # Of an agreement's invoices, as the agreement and the account tell it.
    "agreed_settled": money(
        N_("%(invoices)s fatura(s) liquidada(s) do acordo %(agreement_id)s: %(codes)s, %(amount)s.")
    ),
    "agreed_reversed": money(
        N_(
            "Pagamento estornado: %(invoices)s fatura(s) de novo em aberto no acordo"
            " %(agreement_id)s: %(codes)s."
        )
    ),
    "clock_stopped": told(N_("Prazo parado (%(clock)s): %(reason)s.")),
    "clock_resumed": told(
        N_("Prazo retomado (%(clock)s), até %(due_at)s."), N_("Prazo retomado (%(clock)s).")
    ),
    "recounted": told(
        N_("O calendário mudou: prazo (%(clock)s) recontado de %(due_at)s para %(until)s."),
        N_("O calendário mudou: prazo recontado de %(due_at)s para %(until)s."),
    ),
    # A record at the bureau, as its account and its invoice tell it.
    "bureau_noticed": told(
        N_("Notificou o cliente antes de incluir no SPC: %(invoices)s. %(details)s"),
        N_("Notificou o cliente antes de incluir no SPC. %(details)s"),
        N_("Notificou o cliente antes de incluir no SPC."),
    ),
    "bureau_proven": told(N_("Aviso do SPC entregue em %(proven_on)s: %(proof)s")),
    "bureau_registered": told(N_("Incluída no controle de SPC.")),
    "bureau_conflict": money(
        N_("Contestada pelo cliente (fatura %(contested)s), mas ainda no SPC: crítica de SPC."),
        N_("Paga, mas ainda no SPC: crítica de SPC."),
    ),
    "bureau_include_accepted": told(N_("SPC aceitou a inclusão (pedido %(order)s).")),
    "bureau_include_refused": told(
        N_("SPC recusou a inclusão com o código %(code)s (pedido %(order)s).")
    ),
    "bureau_remove_accepted": told(N_("SPC confirmou a remoção (pedido %(order)s).")),
    "bureau_remove_refused": told(
        N_("SPC recusou a remoção com o código %(code)s (pedido %(order)s).")
    ),
    "bureau_removed": told(
        N_("Removida do controle de SPC. %(details)s"), N_("Removida do controle de SPC.")
    ),
    "bureau_withdrawn": told(
        N_("Inclusão no SPC desfeita antes de valer. %(details)s"),
        N_("Inclusão no SPC desfeita antes de valer."),
    ),
}
