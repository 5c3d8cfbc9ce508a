"""What happens to a contestation."""

from __future__ import annotations

from collections.abc import Mapping

from rules.history_words.entries import Told, message, money, told
from rules.sentences import N_

SENTENCES: Mapping[str, Told] = {
    "letter": message(
        N_("Carta para %(contestation_level)s enviada a %(to_address)s, com a planilha de provas."),
        N_("Carta para %(contestation_level)s pronta, sem e-mail: entregue-a por outro meio."),
    ),
    "letter_left_out": told(N_("Carta sem arquivos: nada foi enviado.")),
    "protocol": told(N_("Protocolo %(protocol)s, com %(attendant)s (%(protocol_channel)s).")),
    "answered": money(
        N_("Resposta registrada: aceito %(amount)s de %(total)s. %(reason)s"),
        N_("Resposta registrada: aceito %(amount)s de %(total)s."),
    ),
    "level": told(
        N_("Levada a %(contestation_level)s: %(reason)s"), N_("Levada a %(contestation_level)s.")
    ),
    "deemed_accepted": told(
        N_("O prazo legal passou sem resposta: considera-se aceita (RGC, Resolução 765/2023).")
    ),
    "claimed_double": money(
        N_("Paga sem ser devida: exigida em dobro, %(amount)s (CDC, art. 42, parágrafo único).")
    ),
    "new_barcode": money(
        N_("Novo código de barras conferido: a pagar %(amount)s, %(excess)s a menos.")
    ),
    "invoice_paid": money(N_("Fatura paga: %(amount)s.")),
    "credit_found": money(
        N_("Crédito de %(amount)s encontrado na fatura %(invoice)s; faltam %(left)s."),
        N_("Crédito de %(amount)s encontrado na fatura %(invoice)s."),
    ),
    "credit_missing": money(
        N_(
            "Dos %(total)s exigidos (%(correction)s de correção e %(excess)s de juros) faltam "
            "%(amount)s: volta à operadora, %(round)sª rodada."
        ),
        N_("Faltam %(amount)s de crédito: volta à operadora, %(round)sª rodada."),
    ),
    "rest_forgone": money(N_("O que faltava, %(amount)s, foi dado por perdido. %(reason)s")),
    "correction_requested": told(
        N_("Correção de estrutura pedida: protocolo %(protocol)s, com %(attendant)s.")
    ),
    "correction_proved": told(
        N_("Corrigido: “%(audit_rule)s” na linha %(number)s não aparece na fatura %(invoice)s."),
        N_("Corrigido: “%(audit_rule)s” não aparece na fatura %(invoice)s."),
    ),
    "correction_returned": told(
        N_("O erro voltou: “%(audit_rule)s” na linha %(number)s, fatura %(invoice)s."),
        N_("O erro voltou: “%(audit_rule)s”, fatura %(invoice)s."),
    ),
    "preview_compared": money(
        N_("Fatura final conferida: %(amount)s evitados, %(left)s continuam nela.")
    ),
    "invoice_replaced": money(
        N_(
            "A operadora emitiu a fatura de novo, como %(invoice)s: %(amount)s evitados, %(left)s "
            "continuam nela."
        )
    ),
    "received": told(
        N_("O cliente contestou %(amount)s da fatura %(invoice)s, protocolo %(protocol)s: %(text)s")
    ),
    "came_by_ticket": told(N_("Veio do chamado %(protocol)s, com o texto e os anexos.")),
    "new_bill": money(
        N_("Nova conta %(invoice)s do que não se contesta: %(amount)s, vence em %(due_date)s.")
    ),
    "answered_customer": money(
        N_("Resposta ao cliente: reconhecido %(amount)s de %(total)s. %(reason)s"),
        N_("Resposta ao cliente: reconhecido %(amount)s de %(total)s."),
    ),
    "conceded": money(
        N_("O prazo legal passou sem resposta: o cliente tem razão (RGC, Resolução 765/2023).")
    ),
    "told": told(N_("Cliente avisado da resposta: %(how)s")),
    "owed_back": money(
        N_(
            "A devolver %(amount)s, dos quais %(correction)s de correção e %(excess)s de juros "
            "(%(refund_channel)s)."
        ),
        N_("A devolver %(amount)s, dos quais %(excess)s de juros (%(refund_channel)s)."),
    ),
    "refunded": money(
        N_("Devolvido ao cliente: %(amount)s, comprovante %(receipt)s."),
        N_("Devolvido ao cliente: %(amount)s."),
    ),
    "credit_tolerated": money(
        N_("Faltam %(amount)s ao crédito, dentro da tolerância: não volta à operadora.")
    ),
    "awaits_index": money(
        N_("Devolvido sem o índice de %(months)s: o que ele acrescentar volta quando sair.")
    ),
    "rest_owed": money(N_("O índice saiu: faltam %(amount)s ao que foi devolvido.")),
    "ask_index": told(N_("O índice já saiu: tarefa para informá-lo.")),
    "ask_answer": told(N_("Prazo do cliente corre: tarefa para responder.")),
    "warn_manager": told(N_("Prazo do cliente perto do fim: gestão avisada.")),
    "tell_customer": told(N_("A resposta não chegou ao cliente: tarefa para avisá-lo.")),
    "chase_refund": told(N_("Devolução ainda não feita: tarefa para fazê-la.")),
    "ask_correction": told(N_("Aceita: tarefa para pedir a correção de estrutura.")),
    "ask_filing": told(N_("Ainda rascunho: tarefa para enviar.")),
    "ask_protocol": told(N_("Sem protocolo: tarefa para obtê-lo.")),
    "remind": told(N_("Prazo perto do fim: tarefa para cobrar a resposta.")),
    "escalate": told(N_("Tarefa para procurar a instância seguinte.")),
    "exhaust": told(N_("Instâncias esgotadas: gestão chamada a decidir.")),
    "ask_manager": told(N_("Sem decisão: gestão avisada.")),
    "chase_barcode": told(N_("O novo código de barras não veio: tarefa para cobrá-lo.")),
    "miss_barcode": told(N_("A fatura venceu sem o novo código: tarefa para escolher o meio.")),
    "chase_credit": told(N_("A fatura do crédito não chegou: tarefa para procurá-la.")),
    "chase_correction": told(N_("Correção de estrutura sem prova: tarefa para cobrá-la.")),
}
