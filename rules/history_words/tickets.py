"""What happens to a ticket."""

from __future__ import annotations

from collections.abc import Mapping

from rules.history_words.entries import Told, told
from rules.sentences import N_

SENTENCES: Mapping[str, Told] = {
    "opened": told(N_("Chamado aberto.")),
    "taken": told(N_("%(to)s passou a cuidar do chamado.")),
    "replied": told(N_("Respondeu ao cliente.")),
    "noted": told(N_("Anotou no chamado.")),
    "customer_wrote": told(N_("O cliente escreveu (%(author)s)."), N_("O cliente escreveu.")),
    "priority_changed": told(N_("Mudou a prioridade: %(reason)s.")),
    "reopened_because": told(N_("Reaberto: %(reason)s.")),
    "merged": told(N_("Unido ao chamado %(into)s.")),
    "took_in": told(N_("Recebeu o chamado %(protocol)s.")),
    "split": told(N_("Separou uma mensagem no chamado %(protocol)s.")),
    "linked": told(N_("Ligou a %(code)s.")),
    "contested": told(N_("Contestação recebida: protocolo %(protocol)s.")),
    "unlinked": told(N_("Desligou de %(code)s.")),
    "identified": told(N_("Reconheceu o cliente %(customer)s.")),
    "warn_response": told(
        N_("Prazo da primeira resposta lembrado a %(told)s."),
        N_("Prazo da primeira resposta perto do fim."),
    ),
    "breach_response": told(
        N_("Prazo da primeira resposta descumprido: avisado a %(told)s."),
        N_("Prazo da primeira resposta descumprido."),
    ),
    "escalate_response": told(
        N_("Sem primeira resposta: avisado a %(told)s."),
        N_("Sem primeira resposta depois do prazo."),
    ),
    "warn_resolution": told(
        N_("Prazo de solução lembrado a %(told)s."), N_("Prazo de solução perto do fim.")
    ),
    "breach_resolution": told(
        N_("Prazo de solução descumprido: avisado a %(told)s."), N_("Prazo de solução descumprido.")
    ),
    "escalate_resolution": told(
        N_("Sem solução: avisado a %(told)s."), N_("Sem solução depois do prazo.")
    ),
    "legal_day": told(N_("Último dia da lei para responder: a gestão foi chamada.")),
    "nudge": told(N_("O cliente não respondeu: lembrado mais uma vez.")),
    "give_up": told(N_("O cliente não respondeu: dado por resolvido.")),
    "close": told(N_("Ninguém reabriu: encerrado.")),
}
