"""What came of a call, and what it has us do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rules.refusals import Refusal
from rules.sentences import N_


class ResultStep(StrEnum):
    """What a result leads to; the value also names its task."""

    NONE = "none"
    TRY_AGAIN = "try_again"
    SEND_LINK = "send_link"
    TAKE_PROMISE = "take_promise"
    TAKE_CONTESTATION = "take_contestation"
    CHECK_PAYMENT = "check_payment"
    MEND_CONTACT = "mend_contact"


#: What operators call each step.
STEPS: Mapping[str, str] = {
    ResultStep.NONE: N_("Nada mais"),
    ResultStep.TRY_AGAIN: N_("Tarefa: ligar de novo"),
    ResultStep.SEND_LINK: N_("Enviar ao cliente o próprio link, com as faturas"),
    ResultStep.TAKE_PROMISE: N_("Registrar a promessa"),
    ResultStep.TAKE_CONTESTATION: N_("Receber a contestação"),
    ResultStep.CHECK_PAYMENT: N_("Tarefa: conferir o pagamento"),
    ResultStep.MEND_CONTACT: N_("Tarefa: achar outro telefone"),
}


#: What only the customer can have told: they answered. A result that leads nowhere says nothing.
ANSWERED = (
    ResultStep.SEND_LINK,
    ResultStep.TAKE_PROMISE,
    ResultStep.TAKE_CONTESTATION,
    ResultStep.CHECK_PAYMENT,
)


class ContactResultNotActive(Refusal):
    message = "Escolha um resultado ativo."
    field = "result_id"


@dataclass(frozen=True)
class ResultTask:
    """What is asked of whoever called."""

    title: str
    reason: str
    consequence: str


TASKS: Mapping[str, ResultTask] = {
    ResultStep.TRY_AGAIN: ResultTask(
        N_("Ligar de novo para o cliente"),
        N_("Ninguém respondeu ao último contato."),
        N_("O cliente segue sem ser ouvido."),
    ),
    ResultStep.CHECK_PAYMENT: ResultTask(
        N_("Conferir o pagamento do cliente"),
        N_("O cliente diz que já pagou."),
        N_("Quem pagou continua a ser cobrado."),
    ),
    ResultStep.MEND_CONTACT: ResultTask(
        N_("Achar outro telefone do cliente"),
        N_("O número não é do cliente."),
        N_("O cliente não pode ser contatado."),
    ),
}

#: (code, name, step, business days) of what a new house begins with.
FIRST_RESULTS: tuple[tuple[str, str, ResultStep, int], ...] = (
    ("sem-resposta", "Não atendeu", ResultStep.TRY_AGAIN, 1),
    ("nao-recebeu", "Não recebeu a fatura", ResultStep.SEND_LINK, 0),
    ("contesta", "Contesta o valor", ResultStep.TAKE_CONTESTATION, 0),
    ("prometeu", "Prometeu pagar", ResultStep.TAKE_PROMISE, 0),
    ("pagou", "Diz que já pagou", ResultStep.CHECK_PAYMENT, 2),
    ("errado", "Número errado", ResultStep.MEND_CONTACT, 2),
    ("falou", "Falou com o cliente", ResultStep.NONE, 0),
)
