"""The audit trail as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlmodel import col

from models.folding import any_holds, holds
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
        statement = statement.where(_about(search, *called))
    if only_sights is not None:
        is_sight = col(AuditEntry.action).endswith(".see") | (col(AuditEntry.action) == EXPORT)
        statement = statement.where(is_sight if only_sights else ~is_sight)
    if by:
        statement = statement.where(_done_by(by))
    if since:
        statement = statement.where(col(AuditEntry.at) >= since)
    if until:
        statement = statement.where(col(AuditEntry.at) < until)
    return statement


def _about(search: str, areas: Sequence[str], deeds: Sequence[str]) -> ColumnElement[bool]:
    action = col(AuditEntry.action)
    return or_(
        any_holds((action, col(AuditEntry.subject)), search),
        *(action.startswith(f"{area}.") for area in areas),
        *(action.endswith(f".{deed}") for deed in deeds),
    )


def _done_by(person: str) -> ColumnElement[bool]:
    called_so = select(col(User.login)).where(holds(User.name, person))
    return or_(col(AuditEntry.by) == person, col(AuditEntry.by).in_(called_so))
