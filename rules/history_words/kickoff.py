"""What happens in a kickoff."""

from __future__ import annotations

from collections.abc import Mapping

from rules.history_words.entries import Told, money, told
from rules.sentences import N_

SENTENCES: Mapping[str, Told] = {
    "taken": told(N_("%(to)s passou a cuidar da implantação.")),
    "dates_proposed": told(N_("Propôs %(dates)s data(s) para a reunião.")),
    "scheduled": told(N_("Reunião marcada para %(until)s.")),
    "rescheduled": told(N_("Reunião remarcada de %(due_at)s para %(until)s.")),
    "meeting_held": told(N_("Reunião de início realizada em %(due_at)s.")),
    "item_added": told(N_("Acrescentou à lista: %(item)s.")),
    "item_done": told(N_("Concluído por %(told)s: %(item)s."), N_("Concluído: %(item)s.")),
    "item_reopened": told(N_("Reaberto: %(item)s.")),
    "installed": told(N_("Tudo instalado; o cliente foi chamado a aceitar.")),
    "accepted": money(N_("Aceita por %(author)s: em operação.")),
    "called_off": told(N_("Cancelada a pedido de %(author)s, protocolo %(protocol)s: %(reason)s.")),
    "half_meeting": told(N_("Metade do prazo da reunião passou.")),
    "warn_meeting": told(
        N_("Prazo da reunião lembrado a %(told)s."), N_("Prazo da reunião perto do fim.")
    ),
    "breach_meeting": told(
        N_("Prazo da reunião descumprido: avisado a %(told)s."), N_("Prazo da reunião descumprido.")
    ),
    "escalate_meeting": told(
        N_("Sem reunião: avisado a %(told)s."), N_("Sem reunião depois do prazo.")
    ),
    "half_installation": told(N_("Metade do prazo da implantação passou.")),
    "warn_installation": told(
        N_("Prazo da implantação lembrado a %(told)s."), N_("Prazo da implantação perto do fim.")
    ),
    "breach_installation": told(
        N_("Prazo da implantação descumprido: avisado a %(told)s."),
        N_("Prazo da implantação descumprido."),
    ),
    "escalate_installation": told(
        N_("Sem implantação: avisado a %(told)s."), N_("Sem implantação depois do prazo.")
    ),
    "ask_acceptance": told(N_("Sem aceite: cliente lembrado.")),
}
