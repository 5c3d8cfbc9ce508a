"""The words of the policies of tickets and kickoff: label, meaning, limits, and their source."""

from __future__ import annotations

from functools import partial

from rules.policy_values import Kind, Setting, Unit
from rules.policy_words import HOUSE, Words


def _(sentence: str) -> str:
    """Marks a message id, which api/language.py says in the reader's language."""
    return sentence


_hours = partial(Setting, unit=Unit.WORKING_HOURS, least=1, most=400, source=HOUSE)
_days = partial(Setting, unit=Unit.BUSINESS_DAYS, least=1, most=60, source=HOUSE)
_percent = partial(Setting, least=1, most=99, source=HOUSE)
_team = partial(Setting, kind=Kind.TEAM, most=40, source=HOUSE)
_calendar = partial(
    Setting,
    label=_("Calendário"),
    help=_("Código de um calendário de atendimento, ou national, bank, always."),
    kind=Kind.TEXT,
    most=12,
    source=HOUSE,
)
RESPONSE_HELP = _("Sem tabela de SLA no contrato, até a primeira resposta.")
RESOLUTION_HELP = _("Sem tabela de SLA no contrato, até a solução.")

TICKETS: Words = {
    "team": partial(
        _team, label=_("Equipe de suporte"), help=_("A equipe que recebe os chamados.")
    ),
    "calendar": _calendar,
    "response_hours_high": partial(
        _hours, label=_("Primeira resposta, prioridade alta"), help=RESPONSE_HELP
    ),
    "response_hours_normal": partial(
        _hours, label=_("Primeira resposta, prioridade normal"), help=RESPONSE_HELP
    ),
    "response_hours_low": partial(
        _hours, label=_("Primeira resposta, prioridade baixa"), help=RESPONSE_HELP
    ),
    "resolution_hours_high": partial(
        _hours, label=_("Solução, prioridade alta"), help=RESOLUTION_HELP
    ),
    "resolution_hours_normal": partial(
        _hours, label=_("Solução, prioridade normal"), help=RESOLUTION_HELP
    ),
    "resolution_hours_low": partial(
        _hours, label=_("Solução, prioridade baixa"), help=RESOLUTION_HELP
    ),
    "warn_percent": partial(
        _percent,
        label=_("Aviso antes do prazo"),
        help=_("Com que parte do prazo passada, em %, o responsável é avisado."),
    ),
    "escalate_after_hours": partial(
        _hours,
        label=_("Gestão avisada após o prazo"),
        help=_("Horas de expediente depois do prazo estourado."),
    ),
    "nudge_business_days": partial(
        _days,
        label=_("Cliente em silêncio: lembrete após"),
        help=_("Contados de quando o chamado passou a esperar pelo cliente."),
    ),
    "give_up_business_days": partial(
        _days,
        label=_("Cliente em silêncio: resolvido após"),
        help=_("Contados de quando o chamado passou a esperar pelo cliente."),
    ),
    "reopen_business_days": partial(
        _days,
        label=_("Reabertura em até"),
        help=_("Depois de resolvido; passado esse prazo o chamado é encerrado."),
    ),
    "mails_per_hour": partial(
        Setting,
        label=_("E-mails de um remetente por hora"),
        help=_("Acima disso os e-mails são guardados e uma pessoa é chamada: pode ser um laço."),
        least=1,
        most=500,
        source=HOUSE,
    ),
}

KICKOFF: Words = {
    "team": partial(
        _team, label=_("Equipe de implantação"), help=_("A equipe que recebe as implantações.")
    ),
    "calendar": _calendar,
    "meeting_business_days": partial(
        _days,
        label=_("Reunião de início em até"),
        help=_("Da assinatura do contrato; sem tabela de SLA que diga outra coisa."),
    ),
    "installation_business_days": partial(
        _days,
        label=_("Implantação em até"),
        help=_("Da reunião de início; sem tabela de SLA que diga outra coisa."),
    ),
    "remind_at_percent": partial(
        _percent,
        label=_("Primeiro lembrete"),
        help=_("Com que parte do prazo passada, em %, o responsável é lembrado."),
    ),
    "warn_at_percent": partial(
        _percent,
        label=_("Aviso antes do prazo"),
        help=_("Com que parte do prazo passada, em %, o responsável é avisado."),
    ),
    "escalate_after_hours": partial(
        _hours,
        label=_("Gestão avisada após o prazo"),
        help=_("Horas de expediente depois do prazo estourado."),
    ),
    "acceptance_business_days": partial(
        _days,
        label=_("Aceite lembrado após"),
        help=_("Contados da instalação, sem o aceite do cliente."),
    ),
}
