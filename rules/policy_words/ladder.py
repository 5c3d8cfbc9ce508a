"""The words of the policies of the ladder."""

from __future__ import annotations

from functools import partial

from rules.policy_values import Kind, Setting, Unit
from rules.policy_words.entries import HOUSE, Words, days, flag, team
from rules.sentences import N_

RES_632 = N_("Resolução Anatel 632/2014, arts. 90 a 103")
BEFORE = N_("Só para cobranças notificadas antes da Resolução 765/2023.")

WORDS: Words = {
    "suspend_after_notice_days": partial(
        Setting,
        label=N_("Da notificação à suspensão: ao menos"),
        help=N_("Uma régua de telecomunicações não suspende nem reduz antes disso."),
        unit=Unit.DAYS,
        most=90,
        source=N_("Resolução Anatel 765/2023, art. 70"),
    ),
    "terminate_after_suspension_days": partial(
        Setting,
        label=N_("Da suspensão à rescisão: ao menos"),
        help=N_("Uma régua de telecomunicações não rescinde antes disso."),
        unit=Unit.DAYS,
        most=365,
        source=N_("Resolução Anatel 765/2023, art. 73"),
    ),
    "bureau_only_after_termination": partial(
        Setting,
        label=N_("Propor SPC só depois da rescisão"),
        help=N_("Vale para contratos de telecomunicações."),
        kind=Kind.FLAG,
        source=N_("Resolução Anatel 765/2023, art. 71, IV"),
    ),
    "restore_hours": partial(
        Setting,
        label=N_("Religação em até (horas)"),
        help=N_("Desde que o pagamento é conhecido até a rede confirmar a conexão de volta."),
        most=48,
        least=1,
        source=N_("Resolução Anatel 765/2023, art. 78"),
    ),
    "release_days": partial(
        Setting,
        label=N_("Liberação em confiança: duração máxima"),
        help=N_("Por quantos dias a conexão volta antes do pagamento."),
        unit=Unit.DAYS,
        most=30,
        least=1,
        source=HOUSE,
    ),
    "release_every_days": partial(
        Setting,
        label=N_("Liberação em confiança: uma a cada"),
        help=N_("Desde o começo de uma até o começo da próxima, no mesmo contrato."),
        unit=Unit.DAYS,
        most=365,
        source=HOUSE,
    ),
    "clearing_business_days": partial(
        Setting,
        label=N_("Compensação do pagamento"),
        help=N_(
            "Em quantos dias úteis se sabe do que foi pago no último dia sem encargos. Até lá, "
            "nenhum passo da régua trata a fatura como vencida; vencimento em dia não útil paga-se "
            "no dia útil seguinte."
        ),
        unit=Unit.BUSINESS_DAYS,
        most=5,
        least=1,
        source=HOUSE,
    ),
    "team": team(
        N_("Equipe da régua"), N_("A equipe que recebe as tarefas da régua e das conexões.")
    ),
    "task_due_business_days": partial(
        Setting,
        label=N_("Prazo das tarefas da régua"),
        help=N_("Em quanto tempo vence uma tarefa criada por um passo."),
        unit=Unit.BUSINESS_DAYS,
        most=30,
        source=HOUSE,
    ),
    "waits_for_approval": flag(
        N_("Amanhã: só o que foi aprovado"),
        N_(
            "Os passos da régua, as mensagens da cadência, os lembretes de acordo e os registros "
            "no SPC de um dia só acontecem se aprovados na véspera, na página de amanhã."
        ),
        HOUSE,
    ),
    "incoming_days": days(
        N_("Telefone suspenso: recebe chamadas e SMS por"),
        N_("A ordem à rede diz até quando; número, emergência e provedor ficam sempre."),
        365,
        source=N_("Resolução Anatel 765/2023, arts. 72 e 73 (número do artigo a confirmar)"),
    ),
    "regime_effective_from": partial(
        Setting,
        label=N_("Resolução 765/2023: em vigor desde"),
        help=N_(
            "Uma cobrança cuja notificação chegou antes deste dia segue a Resolução 632/2014, com"
            " os prazos anteriores abaixo."
        ),
        kind=Kind.DAY,
        source=N_("Resolução Anatel 765/2023, em vigor desde 01/09/2025"),
    ),
    "old_reduce_after_notice_days": days(
        N_("Regra anterior, da notificação à suspensão parcial: ao menos"),
        BEFORE,
        90,
        source=RES_632,
    ),
    "old_block_after_reduction_days": days(
        N_("Regra anterior, da suspensão parcial à total: ao menos"), BEFORE, 365, source=RES_632
    ),
    "old_terminate_after_block_days": days(
        N_("Regra anterior, da suspensão total à rescisão: ao menos"), BEFORE, 365, source=RES_632
    ),
    "old_proof_days": days(
        N_("Regra anterior, prova escrita da rescisão em"),
        N_("Em quantos dias depois da rescisão o cliente a recebe por escrito; uma tarefa a pede."),
        30,
        least=1,
        source=RES_632,
    ),
}
