"""What people call the processes, their stages and next steps; Portuguese is the message id."""

from __future__ import annotations

from collections.abc import Mapping

from rules.case_words import (
    activation,
    agreements,
    anonymisation,
    bureau,
    collections,
    contestation,
    contract_changes,
    kickoff,
    readjustments,
    renewals,
    tasks,
    tickets,
)
from rules.case_words.entries import NextSteps, Stages
from rules.cases import Process
from rules.messages import Channel
from rules.sentences import N_
from rules.tasks import Priority

#: The words of each process's cases, in the order in which pages offer the processes.
CASES = {
    Process.COLLECTIONS: collections,
    Process.AGREEMENTS: agreements,
    Process.BUREAU: bureau,
    Process.TASKS: tasks,
    Process.CONTESTATION: contestation,
    Process.ACTIVATION: activation,
    Process.CONTRACT_CHANGES: contract_changes,
    Process.RENEWALS: renewals,
    Process.READJUSTMENTS: readjustments,
    Process.TICKETS: tickets,
    Process.KICKOFF: kickoff,
    Process.ANONYMISATION: anonymisation,
}
PROCESSES: Mapping[str, str] = {process: words.NAME for process, words in CASES.items()}
STAGES: Mapping[str, Stages] = {process: words.STAGES for process, words in CASES.items()}
STAGE_NOTES: Mapping[str, Stages] = {Process.BUREAU: bureau.NOTES}
NEXT_STEPS: Mapping[str, NextSteps] = {
    process: words.NEXT_STEPS for process, words in CASES.items()
}

#: The stages of invoices, which have words of their own where a customer's case has none.
INVOICE_STAGES: dict[str, str] = {
    **STAGES[Process.COLLECTIONS],
    **STAGES[Process.BUREAU],
    "fulfilled": N_("Acordo cumprido"),
    "recovered": N_("Recuperada"),
    "withdrawn": N_("Fora da cobrança"),
    "replaced": N_("Substituída"),
}

NOTHING_BY_ITSELF = (
    N_("Nada acontece sozinho"),
    N_("O caso espera por uma pessoa, um pagamento ou outra novidade."),
)
CLOSED = (N_("Encerrado"), N_("Nada mais acontece neste caso."))

PRIORITIES: dict[int, str] = {
    Priority.HIGH: N_("Alta"),
    Priority.NORMAL: N_("Normal"),
    Priority.LOW: N_("Baixa"),
}

CHANNELS: dict[str, str] = {
    Channel.EMAIL: N_("e-mail"),
    Channel.SMS: N_("SMS"),
    Channel.APP: N_("aplicativo"),
    "phone": N_("telefone"),
    "whatsapp": N_("WhatsApp"),
    "in_person": N_("presencial"),
    "letter": N_("carta"),
}

DIRECTIONS: dict[str, str] = {"active": N_("ativo"), "reactive": N_("receptivo")}

TASK_RESULTS: dict[str, str] = {
    "done": N_("Feita"),
    "no_answer": N_("Sem resposta"),
    "promised": N_("Cliente prometeu pagar"),
    "disputed": N_("Cliente contesta"),
    "wrong_contact": N_("Contato errado"),
    "not_needed": N_("Não era mais necessária"),
    "cancelled": N_("Cancelada"),
    "withdrawn": N_("Retirada pelo sistema"),
}

#: Where a customer's wish about a channel was said.
ORIGINS: dict[str, str] = {
    "operator": N_("por quem atende"),
    "customer_link": N_("pelo link do cliente"),
    "mail_program": N_("pelo botão do e-mail"),
}

#: Why something was done or left undone, as it is written into history.
REASONS: dict[str, str] = {
    "paid": N_("já pago"),
    "opted_out": N_("o cliente não quer este canal"),
    "blocked": N_("o endereço devolveu uma mensagem e ainda não foi corrigido"),
    "marked": N_("o cliente está marcado e não é cobrado por rotina"),
    "no_address": N_("sem endereço"),
    "switched_off": N_("modelo desligado"),
    "withdrawn": N_("deixou de ser necessária"),
    "expired": N_("só valia para aquele dia"),
    "superseded": N_("outra mais recente diz o mesmo"),
    "overdue": N_("em atraso"),
    "started": N_("início da cobrança"),
    "confirmed": N_("processo confirmado"),
    "settled": N_("paga"),
    "cancelled": N_("cancelada"),
    "suspended": N_("suspensa"),
    "agreement_made": N_("acordo efetivado"),
    "agreement_broken": N_("acordo não cumprido"),
    "agreement_renegotiated": N_("acordo renegociado"),
    "agreement_restored": N_("originais restauradas"),
    "agreement_cancelled": N_("acordo cancelado"),
    "payment_reversed": N_("pagamento estornado"),
}
TASK_FIELDS: dict[str, str] = {
    "title": N_("o título"),
    "description": N_("a descrição"),
    "due_at": N_("o prazo"),
    "priority": N_("a prioridade"),
}


def stage_label(process: str, stage: str) -> str:
    """What people call a stage; a stage without a word is shown as it is stored."""
    return STAGES.get(process, {}).get(stage, stage)


def next_step_words(process: str, kind: str | None, *, is_closed: bool = False) -> tuple[str, str]:
    """What happens next to a case if nobody acts, and what that means."""
    if is_closed:
        return CLOSED
    if kind is None:
        return NOTHING_BY_ITSELF
    return NEXT_STEPS.get(process, {}).get(kind, (kind, ""))
