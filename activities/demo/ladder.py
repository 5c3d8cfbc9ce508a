"""The ladder, climbed so far: what each open invoice has behind it, and the connections it cost.

Invoices come from a house that had its own ladder: every step whose day has passed is done, up to
the suspension; what would end contracts begins with this one.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.provisioning import reconcile
from models.imports import insert_rows
from models.ladder_day import Standing, Subject, standing_ladders, subjects_of_ladder
from models.ladders import LadderExecution
from models.provisioning import ProvisioningOrder
from rules.business_days import at_local_time, local_date
from rules.contracts import OVER
from rules.ladder import Outcome, is_on_ladder
from rules.ladder_law import nominal_days
from rules.ladder_steps import SUSPENSIONS, Rung
from rules.provisioning import OrderStatus

PROOF = "Aviso de recebimento"
PART = 1_000


async def climb_so_far(session: AsyncSession, *, now: datetime) -> None:
    """This will write what the ladder did before today, and suspend what still asks for it."""
    today = local_date(now)
    suspended: set[int] = set()
    for standing in await standing_ladders(session):
        subjects = await subjects_of_ladder(session, standing)
        rows = [row for each in subjects for row in _past(standing, each, today)]
        await insert_rows(session, LadderExecution, rows)
        suspended |= {
            row["contract_id"] for row in rows
            if row["action"] in SUSPENSIONS and row["outcome"] == Outcome.DONE
        }  # fmt: skip
    contracts = sorted(suspended)
    for start in range(0, len(contracts), PART):
        part = contracts[start : start + PART]
        await reconcile(session, part, today=today, by="system", at=now)
    await session.exec(update(ProvisioningOrder).values(status=OrderStatus.DONE, done_at=now))


def _past(standing: Standing, subject: Subject, today: date) -> list[dict[str, Any]]:
    days = nominal_days(standing.rungs)
    last = max((days[r.id] for r in standing.rungs if r.action in SUSPENSIONS), default=0)
    return [
        _row(standing, subject, rung, days[rung.id], is_behind=days[rung.id] > last)
        for rung in standing.rungs
        if is_on_ladder(rung)
        and subject.due_date + timedelta(days=days[rung.id]) < today
        and rung.id not in subject.facts.executed
    ]


def _row(
    standing: Standing, subject: Subject, rung: Rung, days: int, *, is_behind: bool
) -> dict[str, Any]:
    day = subject.due_date + timedelta(days=days)
    is_idle = rung.action in SUSPENSIONS and (
        subject.contract_id is None or subject.contract_stage in OVER
    )
    outcome = Outcome.NOT_APPLICABLE if is_behind or is_idle else Outcome.DONE
    is_proven = rung.is_legal_notice and outcome is Outcome.DONE
    return {
        "invoice_id": subject.invoice_id, "step_id": rung.id, "ladder_id": standing.id,
        "version": standing.version, "run_id": None, "customer_id": subject.customer_id,
        "contract_id": subject.contract_id, "action": rung.action, "outcome": outcome,
        "fell_on": day, "executed_on": day, "at": at_local_time(day, at=time(7, 30)),
        "contact": "", "is_legal_notice": rung.is_legal_notice,
        "proven_on": day if is_proven else None, "proof": PROOF if is_proven else "",
        "facts": {"due_date": subject.due_date.isoformat(),
                  "open_amount": str(subject.open_amount), "stage": None, "paused": []},
    }  # fmt: skip
