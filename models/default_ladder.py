"""The ladder that a new house begins with: the regulator's chain, and friendly words before it.

Offsets outside the legal minima are the house's own suggestion; docs/decisions tells why.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.ladder_tables import Ladder, LadderStep
from rules.ladder_steps import Action

#: Calendar days after the due date on which the first ladder forwards to collections.
FORWARD_AFTER_DAYS = 10


@dataclass(frozen=True)
class First:
    """A step of the first ladder; `after` is the place of the step that it follows."""

    name: str
    action: Action
    offset_days: int
    purpose: str = ""
    channels: str = ""
    after: int | None = None


STEPS = (
    First("Lembrete", Action.MESSAGE, -5, "ladder_reminder", "email"),
    First("Véspera do vencimento", Action.MESSAGE, -1, "ladder_reminder", "sms"),
    First("Dia do vencimento", Action.MESSAGE, 0, "ladder_due", "sms"),
    First("Aviso de atraso", Action.MESSAGE, 1, "ladder_overdue", "email,sms"),
    First("Notificação de suspensão", Action.MESSAGE, 5, "ladder_suspension_notice", "email,sms"),
    First("Encaminhar para a cobrança", Action.FORWARD, FORWARD_AFTER_DAYS),
    First("Suspensão próxima", Action.MESSAGE, 13, "ladder_suspension_warning", "sms", after=4),
    First("Suspensão", Action.BLOCK, 15, after=4),
    First(
        "Notificação de rescisão", Action.MESSAGE, 50, "ladder_termination_notice", "email,sms",
        after=7,
    ),
    First("Rescisão", Action.TERMINATE, 60, after=7),
    First("Propor registro no SPC", Action.PROPOSE_BUREAU, 1, after=9),
)  # fmt: skip


async def ensure_default_ladder(session: AsyncSession) -> Ladder:
    """This will add the default ladder where there is none; an existing one stays as it is."""
    defaults = select(Ladder).where(Ladder.is_default).order_by(col(Ladder.id))
    found = (await session.exec(defaults)).first()
    if found:
        return found
    ladder = Ladder(code="padrao", name="Régua padrão", is_default=True)
    session.add(ladder)
    await session.flush()
    await add_first_steps(session, ladder)
    return ladder


async def add_first_steps(session: AsyncSession, ladder: Ladder) -> list[LadderStep]:
    """This will give a ladder the steps that a new one begins with."""
    steps: list[LadderStep] = []
    for place, first in enumerate(STEPS):
        step = LadderStep(
            ladder_id=ladder.key, action=first.action, offset_days=first.offset_days,
            after_id=None if first.after is None else steps[first.after].id, name=first.name,
            purpose=first.purpose, channels=first.channels, position=place + 1,
        )  # fmt: skip
        session.add(step)
        await session.flush()
        steps.append(step)
    return steps
