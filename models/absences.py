"""Absences: from when until when a user is away, and who stands in."""

from __future__ import annotations

from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Deed, User, record
from models.users import get_user
from rules.business_days import local_date
from rules.refusals import Refusal


class AbsenceBackwards(Refusal):
    message = "O último dia fora não pode ser anterior ao primeiro."
    field = "absent_until"


class AbsenceOver(Refusal):
    message = "O último dia fora já passou. Deixe em branco para quem está presente."
    field = "absent_until"


class SubstituteNotValid(Refusal):
    message = "Escolha como substituto outra pessoa, ativa e presente."
    field = "substitute_id"


class SubstituteOfOthers(Refusal):
    message = "O substituto é de outra empresa e não pode ver as tarefas desta pessoa."
    field = "substitute_id"


async def set_absence(
    session: AsyncSession,
    user_id: int,
    *,
    until: date | None,
    substitute_id: int | None,
    deed: Deed,
    since: date | None = None,
) -> None:
    """This will note from when until when the user is away, and who stands in; None: from now.

    None for `until` ends the absence. Refuses oneself, people who left, are away themselves or of
    another company (SubstituteOfOthers), a last day before the first (AbsenceBackwards), and
    one that has passed (AbsenceOver).
    """
    user = await get_user(session, user_id)
    if until is not None and since is not None and until < since:
        raise AbsenceBackwards
    if until is not None and until < local_date(deed.at):
        raise AbsenceOver
    if until is not None and substitute_id is not None:
        substitute = await session.get(User, substitute_id)
        if substitute is None or not substitute.is_active or substitute_id == user_id:
            raise SubstituteNotValid
        if substitute.company_id != user.company_id:
            raise SubstituteOfOthers
        if _is_away(substitute, since or local_date(deed.at), until):
            raise SubstituteNotValid
    user.absent_until = until
    user.absent_from = since if until is not None else None
    user.substitute_id = substitute_id if until is not None else None
    record(
        session,
        deed,
        "user.absence",
        subject=f"user/{user.login}",
        since=since.isoformat() if since else None,
        until=until.isoformat() if until else None,
    )


def _is_away(user: User, since: date, until: date) -> bool:
    """Whether a user is away on any of these days."""
    if user.absent_until is None or user.absent_until < since:
        return False
    return user.absent_from is None or user.absent_from <= until
