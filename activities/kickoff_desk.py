"""What every move of a kickoff shares: its rows together, clocks, tasks and the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import Request, ask_operator
from activities.case_promises import ESCALATE
from activities.desk import CaseDesk
from activities.tasks import withdraw_tasks
from models import cases, service_clocks, tasks
from models import kickoff as kickoffs
from models.calendars import load_service_calendar
from models.cases import Case
from models.contracts import Contract, lock_contract
from models.kickoff import Kickoff, KickoffItem
from models.policies import load_policy
from models.service_clocks import clocks_of
from models.sla_targets import promise_of
from rules import kickoff as rules
from rules.due import Due, due_after
from rules.kickoff import KickoffFacts, KickoffPolicy, KickoffStage
from rules.sentences import N_
from rules.sla import SlaEvent
from rules.task_lists import ACCEPT, HOLD, SCHEDULE

#: The tasks that a kickoff asks for, beside one for each item of its check-list.
TASKS = (SCHEDULE, HOLD, ACCEPT, ESCALATE)
REQUESTS = {
    SCHEDULE: Request(
        N_("Marcar a reunião de início de %(contract)s"),
        N_("O contrato foi assinado e a reunião ainda não tem data."),
        N_("O prazo da reunião estoura e o caso sobe para a gestão."),
    ),
    HOLD: Request(
        N_("Registrar a reunião de início de %(contract)s"),
        N_("A reunião está marcada; a ata abre a lista de parametrização."),
        N_("Sem a ata, a implantação não começa."),
    ),
    ACCEPT: Request(
        N_("Obter o aceite da implantação de %(contract)s"),
        N_("Tudo está instalado e o cliente ainda não aceitou."),
        N_("A mensalidade não começa a ser cobrada."),
        priority=1,
    ),
    ESCALATE: Request(
        N_("Implantação de %(contract)s fora do prazo"),
        N_("O prazo prometido ao cliente passou."),
        N_("O cliente espera além do que foi prometido."),
        priority=1,
    ),
}
ITEM = Request(
    N_("%(item)s (%(contract)s)"),
    N_("Item da lista de parametrização."),
    N_("Com itens em aberto a implantação não pode ser dada por instalada."),
)
CLIENT_ITEM = replace(
    ITEM, title=N_("Com o cliente: %(item)s (%(contract)s)"), reason=N_("Depende do cliente.")
)


@dataclass
class Desk(CaseDesk):
    """A kickoff on the desk."""

    kickoff: Kickoff
    contract: Contract
    policy: KickoffPolicy

    @property
    def stage(self) -> KickoffStage:
        """Where the kickoff stands."""
        return KickoffStage(self.kickoff.stage)

    def move_to(self, stage: KickoffStage) -> None:
        """This will put kickoff and case into a stage; the same one: nothing."""
        if self.stage != stage:
            cases.move_to(
                self.session, self.case, stage, by=self.by, at=self.at, is_final=stage.is_over
            )
            self.kickoff.stage, self.kickoff.stage_since = stage, self.at
            self.session.add(self.kickoff)


async def desk_of(session: AsyncSession, case: Case, *, by: str, at: datetime) -> Desk:
    """This will put the kickoff's rows together."""
    kickoff = await kickoffs.kickoff_of(session, case.subject_id)
    contract = await lock_contract(session, kickoff.contract_id)
    policy = await load_policy(session, KickoffPolicy())
    clocks = await clocks_of(session, case.number)
    return Desk(session, case, clocks, by, at, kickoff=kickoff, contract=contract, policy=policy)


async def start_clock(desk: Desk, event: SlaEvent, *, at: datetime) -> None:
    """This will start one of the promises: by the contract's SLA table, else by the house."""
    promised = await promise_of(desk.session, desk.contract.sla_table_id, event)
    allowed, calendar = promised or (desk.policy.allowed(event), desk.policy.calendar)
    desk.clocks[event] = await service_clocks.start_clock(
        desk.session, desk.case, event, at=at, allowed=allowed, calendar=calendar
    )


async def ask(desk: Desk, kind: str, *, due_at: datetime | Due | None = None) -> None:
    """This will ask the owner, or the whole team, for the next thing."""
    request = replace(REQUESTS[kind], places={"contract": desk.contract.code})
    number = await tasks.count_tasks_of(desk.session, desk.case.number)
    await ask_operator(
        desk.session, desk.case, kind, request, team=desk.policy.team, at=desk.at,
        due_at=due_at or desk.first_due() or await soon(desk), key=f"{kind}/{number + 1}",
    )  # fmt: skip


async def ask_item(desk: Desk, item: KickoffItem) -> None:
    """This will ask for an item of the check-list; the client's are to be called for."""
    known = CLIENT_ITEM if item.is_client else ITEM
    request = replace(known, places={"item": item.title, "contract": desk.contract.code})
    await ask_operator(
        desk.session, desk.case, item.task_kind, request, team=desk.policy.team, at=desk.at,
        due_at=desk.first_due() or await soon(desk), key=f"{item.task_kind}/{desk.case.version}",
    )  # fmt: skip


async def soon(desk: Desk, *, days: int = 1) -> Due:
    """So many business days from now."""
    calendar = await load_service_calendar(desk.session, desk.policy.calendar)
    return due_after(desk.at, business_days=days, calendar=calendar)


async def withdraw(desk: Desk, *kinds: str, reason: str) -> None:
    """This will take back what was asked and is no longer needed."""
    await desk.session.flush()
    await withdraw_tasks(
        desk.session, for_case_id=desk.case.number, kinds=kinds, reason=reason, at=desk.at
    )


async def schedule(desk: Desk) -> None:
    """This will write down what comes next if nobody acts, and by when it is to be done."""
    kickoff = desk.kickoff
    facts = KickoffFacts(
        stage=desk.stage, since=kickoff.stage_since,
        is_acceptance_asked=kickoff.acceptance_asked_at is not None,
        coming=desk.coming(desk.policy.reminders, rules.STEPS_OF),
        calendar=await load_service_calendar(desk.session, desk.policy.calendar),
    )  # fmt: skip
    cases.schedule(desk.case, rules.next_step(facts, desk.policy))
    kickoff.next_due_at = desk.case.due_at = desk.first_due()
    kickoff.breached_at = desk.case.breached_at
    kickoff.owner = desk.case.owner
    desk.session.add(kickoff)
