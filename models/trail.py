"""The audit trail as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlmodel import col

from models.folding import holds
from models.people import AuditEntry, User

#: A list that was taken away as a file.
EXPORT = "export.download"


def select_entries(
    *,
    search: str | None = None,
    called: tuple[Sequence[str], Sequence[str]] = ((), ()),
    by: str | None = None,
    only_sights: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Select[Any]:
    """Entries from `since` until before `until`, `by` a log-in or part of a name.

    `search` looks at action and subject; `only_sights` wants what was seen, or, False, what was
    done. `called` are areas and deeds whose entries are found as well: what people call them
    matches.
    """
    statement: Select[Any] = select(
        col(AuditEntry.id),
        col(AuditEntry.at),
        col(AuditEntry.by),
        col(AuditEntry.action),
        col(AuditEntry.subject),
        col(AuditEntry.details),
        col(AuditEntry.ip),
    )
    if search:
        places = (col(AuditEntry.action), col(AuditEntry.subject))
        found = [place.icontains(search, autoescape=True) for place in places]
        found += [col(AuditEntry.action).startswith(f"{area}.") for area in called[0]]
        found += [col(AuditEntry.action).endswith(f".{deed}") for deed in called[1]]
        statement = statement.where(or_(*found))
    if only_sights is not None:
        is_sight = col(AuditEntry.action).endswith(".see") | (col(AuditEntry.action) == EXPORT)
        statement = statement.where(is_sight if only_sights else ~is_sight)
    if by:
        called_so = select(col(User.login)).where(holds(col(User.name), by))
        statement = statement.where(
            or_(col(AuditEntry.by) == by, col(AuditEntry.by).in_(called_so))
        )
    if since:
        statement = statement.where(col(AuditEntry.at) >= since)
    if until:
        statement = statement.where(col(AuditEntry.at) < until)
    return statement
