"""The check-lists that processes give to their tasks: of which kinds of task, and the first items.

A kind is spelled process/kind, as the task carries them.
"""

from __future__ import annotations

from collections.abc import Mapping

from rules.agreements import AgreementStep
from rules.bureau import BureauStep
from rules.cases import Process
from rules.collections import AccountStep
from rules.contact_results import ResultStep
from rules.contestation import ContestationStep
from rules.renewals import RenewalStep
from rules.sentences import N_

#: Kinds of task that are no step of a process.
LADDER, INSTALL = "ladder", "install"
SCHEDULE, HOLD, ACCEPT = "schedule", "hold", "accept"
ANSWER, RESOLVE = "answer", "resolve"


def kind_of(process: str, kind: str) -> str:
    """How a kind of task is spelled."""
    return f"{process}/{kind}"


P = Process
KINDS: Mapping[str, str] = {
    kind_of(P.COLLECTIONS, AccountStep.START_TASK): N_("Cobrança: iniciar"),
    kind_of(P.COLLECTIONS, AccountStep.CONFIRM_TASK): N_("Cobrança: confirmar o início"),
    kind_of(P.COLLECTIONS, AccountStep.FOLLOW_UP): N_("Cobrança: retomar o contato"),
    kind_of(P.COLLECTIONS, ResultStep.TRY_AGAIN): N_("Cobrança: ligar de novo"),
    kind_of(P.COLLECTIONS, ResultStep.CHECK_PAYMENT): N_("Cobrança: conferir um pagamento"),
    kind_of(P.COLLECTIONS, LADDER): N_("Régua: passo com tarefa"),
    kind_of(P.AGREEMENTS, AgreementStep.CHECK_PROMISE): N_("Acordo: conferir a promessa"),
    kind_of(P.AGREEMENTS, AgreementStep.BREAK): N_("Acordo: não cumprido"),
    kind_of(P.BUREAU, BureauStep.ASK_REMOVAL): N_("SPC: remover"),
    kind_of(P.ACTIVATION, INSTALL): N_("Contrato: instalar e ativar"),
    kind_of(P.RENEWALS, RenewalStep.ASK): N_("Contrato: decidir a renovação"),
    kind_of(P.CONTESTATION, ContestationStep.ASK_FILING): N_("Contestação: enviar"),
    kind_of(P.CONTESTATION, ContestationStep.ASK_PROTOCOL): N_("Contestação: registrar protocolo"),
    kind_of(P.CONTESTATION, ContestationStep.REMIND): N_("Contestação: cobrar a resposta"),
    kind_of(P.CONTESTATION, ContestationStep.ASK_ANSWER): N_("Contestação de cliente: responder"),
    kind_of(P.KICKOFF, SCHEDULE): N_("Implantação: marcar a reunião"),
    kind_of(P.KICKOFF, HOLD): N_("Implantação: registrar a reunião"),
    kind_of(P.KICKOFF, ACCEPT): N_("Implantação: obter o aceite"),
    kind_of(P.TICKETS, ANSWER): N_("Chamado: responder"),
    kind_of(P.TICKETS, RESOLVE): N_("Chamado: resolver"),
}

#: What a new house begins with; it changes them among its registries.
FIRST_LISTS: Mapping[str, tuple[str, ...]] = {
    kind_of(P.COLLECTIONS, AccountStep.FOLLOW_UP): (
        "Conferir pagamentos, promessas e contestações",
        "Falar com o cliente",
        "Registrar o contato e o resultado",
    ),
    kind_of(P.ACTIVATION, INSTALL): (
        "Combinar dia e hora com o cliente",
        "Instalar e medir o sinal",
        "Testar com o cliente",
    ),
    kind_of(P.CONTESTATION, ContestationStep.ASK_FILING): (
        "Conferir itens e valores",
        "Conferir os anexos",
        "Enviar à operadora",
    ),
    kind_of(P.KICKOFF, HOLD): (
        "Confirmar quem participa",
        "Escrever a ata e as decisões",
        "Conferir os itens que dependem do cliente",
    ),
    kind_of(P.TICKETS, RESOLVE): (
        "Confirmar o problema",
        "Corrigir e testar",
        "Contar ao cliente o que foi feito",
    ),
}
