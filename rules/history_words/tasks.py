"""What happens to a task."""

from __future__ import annotations

from collections.abc import Mapping

from rules.history_words.entries import Told, told
from rules.sentences import N_

SENTENCES: Mapping[str, Told] = {
    "opened": told(N_("Tarefa criada.")),
    "stage": told(N_("Tarefa: %(now)s.")),
    "claimed": told(N_("Assumiu a tarefa.")),
    "released": told(N_("Devolveu a tarefa à equipe.")),
    "delegated": told(
        N_("Encaminhou a %(to)s, que substitui %(instead_of)s."), N_("Encaminhou a %(to)s.")
    ),
    "snoozed": told(N_("Adiou para %(until)s.")),
    "commented": told(N_("Comentou: %(text)s"), N_("Comentou.")),
    "item_added": told(N_("Pôs na lista: %(text)s")),
    "item_done": told(N_("Fez: %(text)s")),
    "item_undone": told(N_("Ainda não fez: %(text)s")),
    "item_removed": told(N_("Tirou da lista: %(text)s")),
    "edited": told(N_("Alterou %(fields)s."), N_("Alterou a tarefa.")),
    "untaken": told(
        N_("Ninguém assumiu: avisado a %(told)s."),
        N_("Ninguém assumiu, e não há a quem avisar."),
    ),
    "tell": told(
        N_("Atraso avisado a %(told)s."), N_("Tarefa atrasada, sem ninguém a quem avisar.")
    ),
    "remind": told(
        N_("Lembrete do prazo enviado a %(told)s."),
        N_("Chegou a hora do lembrete, mas não há a quem avisar."),
    ),
    "tell_lead": told(
        N_("Atraso avisado a %(told)s."), N_("Tarefa atrasada, sem liderança a quem avisar.")
    ),
    "tell_manager": told(
        N_("Atraso levado a %(told)s."), N_("Tarefa atrasada, sem gestão a quem avisar.")
    ),
}
