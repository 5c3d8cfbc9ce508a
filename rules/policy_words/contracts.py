"""The words of the policies of contracts."""

from __future__ import annotations

from functools import partial

from rules.policy_words.entries import (
    HOUSE,
    Words,
    business_days,
    days,
    flag,
    number,
    promise_reminders,
    team,
)
from rules.sentences import N_

WORDS: Words = {
    "team": team(
        N_("Equipe de contratos"),
        N_("A equipe que recebe as tarefas de instalação, renovação e reajuste."),
    ),
    "adhesion_window_days": days(
        N_("Data de adesão: no máximo"),
        N_("Quantos dias à frente a data de adesão de um contrato novo pode estar."),
        365,
        source=HOUSE,
    ),
    "start_window_months": number(
        N_("Início do contrato: meses de hoje"),
        N_("A quantos meses de hoje, antes ou depois, um contrato novo pode começar."),
        60,
        least=1,
        source=HOUSE,
    ),
    "longest_term_months": number(
        N_("Vigência mais longa"),
        N_("Quantos meses depois do início um contrato novo pode terminar."),
        240,
        least=1,
        source=HOUSE,
    ),
    "periods_ahead": number(
        N_("Contratos sem fim: períodos gerados à frente"),
        N_("Quantos períodos de contas um contrato sem data de fim tem sempre gerados."),
        36,
        least=1,
        source=HOUSE,
    ),
    "installation_business_days": business_days(
        N_("Prazo da instalação sem SLA"),
        N_("Em quanto tempo vence a tarefa de instalação de quem não tem meta de ativação."),
        90,
        source=HOUSE,
    ),
    "activation_reminders": partial(promise_reminders, label=N_("Lembretes e avisos da ativação")),
    "bills_grouped_daily": flag(
        N_("Faturar contas agrupadas todo dia"),
        N_("Desligado: contas agrupadas só viram fatura pelo botão Faturar agora."),
        HOUSE,
    ),
    "charge_while_suspended": flag(
        N_("Cobrar telecomunicações durante a suspensão"),
        N_("Desligado: dias suspensos ou bloqueados não são cobrados de serviço de telecom."),
        N_("Prática dos Procons; o RGC não traz a cobrança"),
    ),
    "task_due_business_days": business_days(
        N_("Prazo das tarefas de contratos"),
        N_("Em quanto tempo vence uma tarefa sobre renovação, reajuste ou ativação atrasada."),
        30,
        source=HOUSE,
    ),
}
#: When the end of a minimum term is told.
MINIMUM_TERM: Words = {
    "notice_days": days(
        N_("Fim da fidelidade: aviso antes"),
        N_("Quantos dias antes do fim da fidelidade o cliente é avisado."),
        365,
        least=30,
        source=N_("Resolução Anatel 765/2023: ao menos 30 dias antes do fim da fidelidade"),
    ),
}
