"""What a bank's file leaves open: one task for the team of payments."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.collection_steps import team_with_code
from activities.tasks import NewTask, make_task
from models.bulk import BulkRun
from models.calendars import load_calendar
from models.policies import load_policy
from rules.cases import SYSTEM, Process
from rules.due import due_after
from rules.payment_policy import PaymentPolicy
from rules.sentences import N_


async def ask_for_a_look(session: AsyncSession, run: BulkRun, *, at: datetime) -> None:
    """This will ask the team to look at the lines of a file that want it, if there are any."""
    if not run.errors:
        return
    policy = await load_policy(session, PaymentPolicy())
    team = await team_with_code(session, policy.team)
    task = NewTask(
        key=f"{run.kind}/{run.id}",
        title=N_("Retorno do banco %(number)s: %(lines)s linha(s) a conferir"),
        places={"number": str(run.id), "lines": str(run.errors)},
        description=f"/pagamentos/retornos/{run.id}?situacao=to_be_seen",
        due_at=due_after(
            at,
            business_days=policy.look_business_days,
            calendar=await load_calendar(session),
        ),
        process=Process.COLLECTIONS,
        kind="bank_return",
        team_id=team.id if team else None,
        reason=N_("O banco informou dinheiro sem fatura, a mais, em dobro, ou recusou boletos."),
        consequence=N_("O dinheiro de quem pagou fica sem baixa ou sem devolução."),
    )
    await make_task(session, task, by=SYSTEM, at=at)
