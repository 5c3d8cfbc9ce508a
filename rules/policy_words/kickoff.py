"""The words of the policies of the kickoff."""

from __future__ import annotations

from functools import partial

from rules.policy_words.entries import (
    Words,
    calendar,
    promise_reminders,
    promised_days,
    team,
)
from rules.sentences import N_

WORDS: Words = {
    "team": team(N_("Equipe de implantação"), N_("A equipe que recebe as implantações.")),
    "calendar": calendar,
    "meeting_business_days": partial(
        promised_days,
        label=N_("Reunião de início em até"),
        help=N_("Da assinatura do contrato; sem tabela de SLA que diga outra coisa."),
    ),
    "installation_business_days": partial(
        promised_days,
        label=N_("Implantação em até"),
        help=N_("Da reunião de início; sem tabela de SLA que diga outra coisa."),
    ),
    "meeting_reminders": partial(promise_reminders, label=N_("Lembretes e avisos da reunião")),
    "installation_reminders": partial(
        promise_reminders, label=N_("Lembretes e avisos da implantação")
    ),
    "acceptance_business_days": partial(
        promised_days,
        label=N_("Aceite lembrado após"),
        help=N_("Contados da instalação, sem o aceite do cliente."),
    ),
}
