"""The audit trail as people read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlmodel import col

from models.people import AuditEntry


def select_entries(
    *,
    search: str | None = None,
    by: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Select[Any]:
    """Entries from `since` until before `until`; `search` looks at action and subject."""
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
        statement = statement.where(or_(*(p.icontains(search, autoescape=True) for p in places)))
    if by:
        statement = statement.where(col(AuditEntry.by) == by)
    if since:
        statement = statement.where(col(AuditEntry.at) >= since)
    if until:
        statement = statement.where(col(AuditEntry.at) < until)
    return statement
