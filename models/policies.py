"""Policies: settings that operators change, kept as rows over the defaults that rules declare."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import JsonColumn, instant

Policy = TypeVar("Policy")


class PolicyValue(SQLModel, table=True):
    """A value that differs from the default of its policy, e.g. collections.followup_days."""

    __tablename__ = "policy_values"

    name: str = Field(primary_key=True, max_length=80)
    value: Any = Field(sa_type=JsonColumn, nullable=False)
    version: int = 1
    changed_at: datetime = instant()
    changed_by: str = Field(max_length=60)


async def load_policy(session: AsyncSession, defaults: Policy) -> Policy:
    """The policy as it stands: the frozen dataclass `defaults` with the stored values over it."""
    prefix = type(defaults).__name__
    statement = select(PolicyValue).where(PolicyValue.name.startswith(f"{prefix}."))
    stored = {
        row.name.removeprefix(f"{prefix}."): row.value for row in await session.exec(statement)
    }
    known = {f.name: getattr(defaults, f.name) for f in fields(defaults)}  # type: ignore[arg-type]
    changes = {name: _as(known[name], value) for name, value in stored.items() if name in known}
    return replace(defaults, **changes)  # type: ignore[type-var]


def _as(default: Any, value: Any) -> Any:
    """A stored JSON value in the type of its default."""
    return Decimal(str(value)) if isinstance(default, Decimal) else type(default)(value)
