"""What happens to a contestation when nobody acts: tasks, reminders, silence, escalation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import Request, ask_manager, ask_operator, ask_team, is_asked
from activities.client_services import is_owner_asked, matter_of, team_asked
from activities.contestation_schedule import enter
from activities.tasks import withdraw_tasks
from models import cases
from models.calendars import load_calendar
from models.cases import Case
from models.contestations import Contestation
from rules.contestation import ContestationPolicy, ContestationStage, ContestationStep, Level
from rules.contestation import ContestationStep as Next
from rules.due import due_after
from rules.sentences import N_

#: Asked for as soon as the carrier accepts an error, and no step of the clock.
ASK_CORRECTION = "ask_correction"
REQUESTS: Mapping[str, Request] = {
    Next.ASK_FILING: Request(
        N_("Enviar a contestação"),
        N_("A contestação foi montada e não foi enviada à operadora."),
        N_("As divergências continuam sem contestação e o prazo legal corre."),
    ),
    Next.ASK_PROTOCOL: Request(
        N_("Registrar o protocolo da contestação"),
        N_("A carta foi enviada e não há protocolo da operadora."),
        N_("Sem protocolo, o prazo da operadora não tem prova."),
    ),
    Next.REMIND: Request(
        N_("Cobrar a resposta da operadora"),
        N_("O prazo de resposta está perto do fim."),
        N_("Vencido o prazo, a contestação sobe para a instância seguinte."),
    ),
    Next.ESCALATE: Request(
        N_("Levar a contestação à instância seguinte"),
        N_("A operadora não resolveu: a contestação subiu de instância."),
        N_("Registre o protocolo do contato com a nova instância."),
        priority=1,
    ),
    Next.EXHAUST: Request(
        N_("Decidir o que fazer com a contestação"),
        N_("Nem o regulador respondeu no prazo."),
        N_("Nada mais acontece sozinho com esta contestação."),
        priority=1,
    ),
    Next.ASK_MANAGER: Request(
        N_("Decidir o que fazer com a contestação"),
        N_("A contestação espera uma decisão há dias."),
        N_("O valor continua parado até que alguém decida."),
        priority=1,
    ),
    Next.CHASE_BARCODE: Request(
        N_("Cobrar o novo código de barras"),
        N_("A operadora aceitou e o código de barras corrigido não veio."),
        N_("Depois do vencimento, só resta o crédito na próxima fatura."),
        priority=1,
    ),
    Next.MISS_BARCODE: Request(
        N_("Escolher como receber o que foi aceito"),
        N_("A fatura venceu sem pagamento e sem o novo código de barras."),
        N_("O valor aceito não volta até que alguém escolha."),
        priority=1,
    ),
    Next.CHASE_CREDIT: Request(
        N_("Cobrar o crédito da contestação"),
        N_("A fatura com o crédito ainda não foi importada."),
        N_("O crédito aceito pode se perder."),
    ),
    ASK_CORRECTION: Request(
        N_("Pedir a correção de estrutura"),
        N_("A operadora aceitou o erro: o cadastro dela precisa ser corrigido."),
        N_("Sem o pedido e o seu protocolo, o erro volta na próxima fatura."),
    ),
    Next.CHASE_CORRECTION: Request(
        N_("Cobrar a correção de estrutura"),
        N_("O prazo da correção passou e não há prova de que o erro acabou."),
        N_("O erro volta na próxima fatura."),
    ),
}
#: What is asked in a wait and goes with it; a correction is asked for until it is requested.
TASKS = tuple(each for each in REQUESTS if each != ASK_CORRECTION)
TO_MANAGER = (Next.EXHAUST, Next.ASK_MANAGER)
LEVEL_EVENT = "level"


async def take_step(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    step: ContestationStep,
    *,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    """This will do what the step says and write it to the history."""
    match step:
        case Next.MISS_ANSWER:
            case.breached_at = case.breached_at or at
            await enter(
                session, case, contestation, ContestationStage.NO_ANSWER, by="system", at=at
            )
        case Next.ESCALATE:
            level = Level(contestation.level + 1)
            await raise_level(session, case, contestation, level, by="system", policy=policy, at=at)
        case Next.EXHAUST:
            contestation.level = Level.EXHAUSTED
            await enter(
                session, case, contestation, ContestationStage.ESCALATED, by="system", at=at
            )
            await ask(session, case, step, policy=policy, at=at)
        case Next.MISS_BARCODE:
            contestation.remedy = ""
            await enter(session, case, contestation, ContestationStage.ACCEPTED, by="system", at=at)
            await ask(session, case, step, policy=policy, at=at)
        case _:
            contestation.reminded += 1
            session.add(contestation)
            await ask(session, case, step, policy=policy, at=at)


async def raise_level(  # noqa: PLR0913 - from where to where, and why
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    level: Level,
    *,
    by: str,
    policy: ContestationPolicy,
    at: datetime,
    reason: str = "",
) -> None:
    """This will turn to the next level: a letter, a clock and a protocol of its own, asked for."""
    await withdraw_tasks(
        session, for_case_id=case.number, kinds=TASKS,
        reason=N_("A contestação subiu de instância."), at=at,
    )  # fmt: skip
    contestation.level = level
    contestation.letter_since = at
    cases.record_event(
        session,
        case,
        kind=LEVEL_EVENT,
        by=by,
        at=at,
        contestation_level=level.name.lower(),
        reason=reason,
    )
    await enter(session, case, contestation, ContestationStage.ESCALATED, by=by, at=at)
    await ask(session, case, ContestationStep.ESCALATE, policy=policy, at=at)


async def ask(
    session: AsyncSession,
    case: Case,
    step: str,
    *,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    """This will ask whoever has the case, or the manager, for what the step needs; once.

    Of the client's own people where the company's model of service leaves it to them.
    """
    cases.record_event(session, case, kind=step, by="system", at=at)
    if await is_asked(session, case, step):
        return
    calendar = await load_calendar(session)
    due_at = due_after(at, business_days=policy.task_due_business_days, calendar=calendar)
    team = await team_asked(session, case.customer_id, matter_of(step), house=policy.team)
    is_own = await is_owner_asked(session, case, is_client_asked=team != policy.team)
    to_operator = ask_operator if is_own else ask_team
    asked = ask_manager if step in TO_MANAGER else to_operator
    await asked(session, case, step, REQUESTS[step], due_at=due_at, at=at, team=team)


async def forget_tasks(session: AsyncSession, case: Case, *, at: datetime) -> None:
    """This will withdraw what was asked in a wait that is over."""
    await withdraw_tasks(
        session, for_case_id=case.number, kinds=TASKS,
        reason=N_("A contestação seguiu adiante."), at=at,
    )  # fmt: skip


async def forget_correction_task(session: AsyncSession, case: Case, *, at: datetime) -> None:
    """This will withdraw what asked for a correction: requested, proved, or no longer wanted."""
    await withdraw_tasks(
        session, for_case_id=case.number, kinds=(ASK_CORRECTION,),
        reason=N_("A correção foi pedida, ou já não é precisa."), at=at,
    )  # fmt: skip
