"""Disagreements between the rows and the engine, and what repair does about each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rules.sentences import N_

#: So long a step may be late before somebody asks why: deadlines are spread over ten minutes.
OVERDUE_AFTER = timedelta(minutes=20)
#: A file that the command line reads here and now has no workflow; nobody waits longer for it.
READ_HERE_WITHIN = timedelta(hours=12)
#: So long may the outbox hold something; its relay works every fraction of a second.
UNDELIVERED_AFTER = timedelta(minutes=10)


class Fault(StrEnum):
    """What does not agree."""

    MISSING = "missing"
    ORPHAN = "orphan"
    STAGE = "stage"
    OVERDUE = "overdue"
    UNDELIVERED = "undelivered"
    TOTALS = "totals"
    UNSENT = "unsent"
    UNATTENDED = "unattended"
    UNTOLD = "untold"
    UNHEARD = "unheard"


SENTENCES = {
    Fault.MISSING: N_("%(subject)s está aberto e nenhum processo o acompanha."),
    Fault.ORPHAN: N_(
        "%(subject)s tem um processo em andamento, mas já foi encerrado ou não existe."
    ),
    Fault.STAGE: N_("%(subject)s está em %(row)s, e seu processo, em %(engine)s."),
    Fault.OVERDUE: N_("%(subject)s devia ter andado em %(since)s."),
    Fault.UNDELIVERED: N_("%(subject)s espera entrega desde %(since)s."),
    Fault.TOTALS: N_("O painel %(subject)s mostra %(kept)s e as faturas somam %(counted)s."),
    Fault.UNSENT: N_("%(subject)s espera o envio e nenhum processo a entrega."),
    Fault.UNATTENDED: N_("%(subject)s consta em andamento e nenhum processo a executa."),
    Fault.UNTOLD: N_("%(subject)s espera e nenhum processo a leva à rede."),
    Fault.UNHEARD: N_("%(subject)s espera e nenhum processo a conta ao outro sistema."),
}
REMEDIES = {
    Fault.MISSING: N_("iniciar o processo a partir do registro"),
    Fault.ORPHAN: N_("encerrar o processo"),
    Fault.STAGE: N_("reiniciar o processo a partir do registro"),
    Fault.OVERDUE: N_("reiniciar o processo a partir do registro"),
    Fault.UNDELIVERED: N_("tentar a entrega de novo, já"),
    Fault.TOTALS: N_("somar os painéis de novo"),
    Fault.UNSENT: N_("iniciar a entrega; na dúvida, o provedor é consultado antes"),
    Fault.UNATTENDED: N_("retomar de onde parou"),
    Fault.UNTOLD: N_("levar a ordem à rede; repetida, ela é reconhecida pelo número"),
    Fault.UNHEARD: N_("contar o evento; repetido, ele é reconhecido pelo número"),
}


@dataclass(frozen=True)
class Disagreement:
    """One thing that does not agree; equal ones of two looks are the same.

    `row_id` is of the case, the outbox's entry, the message, the run, the order or the delivery, by
    the fault.
    """

    fault: Fault
    subject: str
    row_id: int | None = None
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def sentence(self) -> str:
        """What is wrong, as the operator reads it."""
        return SENTENCES[self.fault] % {"subject": self.subject, **dict(self.facts)}

    @property
    def remedy(self) -> str:
        """What repair does about it."""
        return REMEDIES[self.fault]


@dataclass(frozen=True)
class OpenCase:
    """A case that should have a running workflow."""

    case_id: int
    workflow_id: str
    stage: str
    next_at: datetime | None


def judge_cases(
    cases: Collection[OpenCase],
    *,
    running: Mapping[str, str | None],
    told: Collection[str],
    now: datetime,
) -> list[Disagreement]:
    """This will compare open cases with what runs (workflow id: its stage, None if unknown).

    Workflows in `told` are left alone: the outbox is about to tell them something.
    """
    judged = (_judge(case, running, now) for case in cases if case.workflow_id not in told)
    return [found for found in judged if found is not None]


@dataclass(frozen=True)
class Work:
    """A message or an order that waits, a run under way: what a workflow without a case is for.

    `also` are the beginnings of other workflows' ids that may be doing it in its stead.
    """

    row_id: int
    workflow_id: str
    fault: Fault
    also: tuple[str, ...] = ()


def judge_work(
    works: Collection[Work], *, running: Collection[str], told: Collection[str]
) -> list[Disagreement]:
    """This will name the work that nobody does."""
    return [
        Disagreement(work.fault, work.workflow_id, work.row_id)
        for work in works
        if work.workflow_id not in told and work.workflow_id not in running
        if not any(each.startswith(work.also) for each in running if work.also)
    ]


def judge_running(
    running: Collection[str], *, expected: Collection[str], processes: Collection[str]
) -> list[Disagreement]:
    """This will name what runs for a case that is closed or does not exist."""
    return [
        Disagreement(Fault.ORPHAN, workflow_id)
        for workflow_id in sorted(running)
        if workflow_id not in expected and workflow_id.partition("/")[0] in processes
    ]


def _judge(case: OpenCase, running: Mapping[str, str | None], now: datetime) -> Disagreement | None:
    if case.workflow_id not in running:
        return Disagreement(Fault.MISSING, case.workflow_id, case.case_id)
    stage = running[case.workflow_id]
    if stage is not None and stage != case.stage:
        facts = (("row", case.stage), ("engine", stage))
        return Disagreement(Fault.STAGE, case.workflow_id, case.case_id, facts)
    if case.next_at is not None and case.next_at < now - OVERDUE_AFTER:
        since = (("since", f"{case.next_at:%d/%m/%Y %H:%M} UTC"),)
        return Disagreement(Fault.OVERDUE, case.workflow_id, case.case_id, since)
    return None
