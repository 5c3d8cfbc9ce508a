"""The words of the ladder's policies: label, meaning, limits, and where the rule comes from."""

from __future__ import annotations

from functools import partial

from rules.policy_values import Kind, Setting, Unit
from rules.policy_words import HOUSE, Words


def _(sentence: str) -> str:
    """Marks a message id, which api/language.py says in the reader's language."""
    return sentence


LADDER: Words = {
    "suspend_after_notice_days": partial(
        Setting,
        label=_("Da notificação à suspensão: ao menos"),
        help=_("Uma régua de telecomunicações não suspende nem reduz antes disso."),
        unit=Unit.DAYS,
        most=90,
        source=_("Resolução Anatel 765/2023, art. 70"),
    ),
    "terminate_after_suspension_days": partial(
        Setting,
        label=_("Da suspensão à rescisão: ao menos"),
        help=_("Uma régua de telecomunicações não rescinde antes disso."),
        unit=Unit.DAYS,
        most=365,
        source=_("Resolução Anatel 765/2023, art. 73"),
    ),
    "bureau_only_after_termination": partial(
        Setting,
        label=_("Propor SPC só depois da rescisão"),
        help=_("Vale para contratos de telecomunicações."),
        kind=Kind.FLAG,
        source=_("Resolução Anatel 765/2023, art. 71, IV"),
    ),
    "restore_hours": partial(
        Setting,
        label=_("Religação em até (horas)"),
        help=_("Desde que o pagamento é conhecido até a rede confirmar a conexão de volta."),
        most=48,
        least=1,
        source=_("Resolução Anatel 765/2023, art. 78"),
    ),
    "release_days": partial(
        Setting,
        label=_("Liberação em confiança: duração máxima"),
        help=_("Por quantos dias a conexão volta antes do pagamento."),
        unit=Unit.DAYS,
        most=30,
        least=1,
        source=HOUSE,
    ),
    "release_every_days": partial(
        Setting,
        label=_("Liberação em confiança: uma a cada"),
        help=_("Desde o começo de uma até o começo da próxima, no mesmo contrato."),
        unit=Unit.DAYS,
        most=365,
        source=HOUSE,
    ),
    "team": partial(
        Setting,
        label=_("Equipe da régua"),
        help=_("A equipe que recebe as tarefas da régua e das conexões."),
        kind=Kind.TEAM,
        most=40,
        source=HOUSE,
    ),
    "task_due_business_days": partial(
        Setting,
        label=_("Prazo das tarefas da régua"),
        help=_("Em quanto tempo vence uma tarefa criada por um passo."),
        unit=Unit.BUSINESS_DAYS,
        most=30,
        source=HOUSE,
    ),
}
