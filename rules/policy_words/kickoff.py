"""The words of the policies of the kickoff."""

from __future__ import annotations

from functools import partial

from rules.policy_words.entries import Words, calendar, percent, promised_days, promised_hours, team
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
    "remind_at_percent": partial(
        percent,
        label=N_("Primeiro lembrete"),
        help=N_("Com que parte do prazo passada, em %, o responsável é lembrado."),
    ),
    "warn_at_percent": partial(
        percent,
        label=N_("Aviso antes do prazo"),
        help=N_("Com que parte do prazo passada, em %, o responsável é avisado."),
    ),
    "escalate_after_hours": partial(
        promised_hours,
        label=N_("Gestão avisada após o prazo"),
        help=N_("Horas de expediente depois do prazo estourado."),
    ),
    "acceptance_business_days": partial(
        promised_days,
        label=N_("Aceite lembrado após"),
        help=N_("Contados da instalação, sem o aceite do cliente."),
    ),
}
