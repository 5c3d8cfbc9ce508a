"""A case that moved while somebody looked at it: who was first, and whether it matters."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.cases import Case, CaseEvent, Command
from rules.business_days import local_time
from rules.cases import SYSTEM, CaseClosed, CaseClosedBy, ChangedBy, StaleVersion
from rules.refusals import Refusal, written_instant


async def who_was_first(session: AsyncSession, case: Case) -> Refusal:
    """This will tell that the case was closed or changed last: by whom and when, if by a person.

    What a person does and what follows from it by itself stand at one instant.
    """
    told = select(CaseEvent).where(CaseEvent.case_id == case.id)
    newest = (await session.exec(told.order_by(col(CaseEvent.id).desc()).limit(1))).first()
    at = case.closed_at or (newest.at if newest else None)
    deeds = told.where(CaseEvent.by != SYSTEM, CaseEvent.at == at)
    deed = (await session.exec(deeds.order_by(col(CaseEvent.id).desc()).limit(1))).first()
    if deed is None:
        return CaseClosed() if case.closed_at else StaleVersion()
    refusal = CaseClosedBy if case.closed_at else ChangedBy
    return refusal(by=deed.by, when=written_instant(local_time(deed.at)))


async def overtaken_since(
    session: AsyncSession, case: Case, *, seen_version: int
) -> Refusal | None:
    """This will tell who changed the case after an older version of it was seen.

    None where it only heard news since, such as a message that was delivered, and stands where it
    stood: whoever looks at it sees nothing else.
    """
    newer = select(Command.at).where(Command.case_id == case.id).order_by(col(Command.at).desc())
    instants = (await session.exec(newer.limit(max(case.version - seen_version, 1)))).all()
    since = min(instants, default=case.opened_at)
    deeds = select(CaseEvent).where(
        CaseEvent.case_id == case.id, CaseEvent.by != SYSTEM, CaseEvent.at >= since
    )
    deed = (await session.exec(deeds.order_by(col(CaseEvent.id).desc()).limit(1))).first()
    if deed is not None:
        return ChangedBy(by=deed.by, when=written_instant(local_time(deed.at)))
    return StaleVersion() if case.stage_since >= since or seen_version > case.version else None
