"""Policies: settings that operators change, kept as rows over the defaults that rules declare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import JsonColumn, instant
from models.memory import forget_when_written, kept_by
from models.observed_chances import chances_of
from models.people import AuditEntry, Deed, Role, Team, User, record
from models.worklist_kept import follow_chances
from rules.business_days import Window
from rules.policies import CHANNEL_HOURS, CONTACT_HOURS, check_order
from rules.policy_hours import check_hours
from rules.policy_values import (
    REMINDER_SCOPES,
    Kind,
    PolicyChoiceRefused,
    Setting,
    as_json,
    checked,
    windows_of,
)
from rules.refusals import Refusal
from rules.reminders import logins_in, roles_in
from rules.worklist import WorklistPolicy

Policy = TypeVar("Policy")
CHANGE = "policy.change"


class PolicyChanged(Refusal):
    message = "Este valor mudou enquanto isso (por %(by)s). Veja o novo antes de gravar o seu."


class PolicyValue(SQLModel, table=True):
    """A value that differs from the default of its policy, e.g. collections.followup_days."""

    __tablename__ = "policy_values"

    name: str = Field(primary_key=True, max_length=80)
    value: Any = Field(sa_type=JsonColumn, nullable=False)
    version: int = 1
    changed_at: datetime = instant()
    changed_by: str = Field(max_length=60)


forget_when_written(PolicyValue)


async def load_policy(session: AsyncSession, defaults: Policy) -> Policy:
    """The policy as it stands: the frozen dataclass `defaults` with the stored values over it."""
    stored = await _stored_of(session, type(defaults).__name__)
    known = {f.name: getattr(defaults, f.name) for f in fields(defaults)}  # type: ignore[arg-type]
    changes = {name: _as(known[name], value) for name, value in stored.items() if name in known}
    return replace(defaults, **changes)  # type: ignore[type-var]


def _as(default: Any, value: Any) -> Any:
    """A stored JSON value in the type of its default."""
    if isinstance(default, tuple) and default and is_dataclass(default[0]):
        kind: Any = type(default[0])
        return tuple(kind(**each) for each in value)
    if isinstance(default, date):
        return date.fromisoformat(value)
    return Decimal(str(value)) if isinstance(default, Decimal) else type(default)(value)


async def load_contact_hours(session: AsyncSession) -> Mapping[str, tuple[Window, ...]]:
    """The company's own contact hours, by state; the law's stand where it has none."""
    stored = await _stored_of(session, CONTACT_HOURS)
    return {uf: windows_of(value) for uf, value in stored.items()}


async def load_channel_hours(session: AsyncSession, channel: str) -> tuple[Window, ...]:
    """The hours of a channel, within those of the customer's state; none where it has no own."""
    stored = (await _stored_of(session, CHANNEL_HOURS)).get(channel)
    return windows_of(stored) if stored else ()


async def flagged_states(session: AsyncSession, prefix: str) -> frozenset[str]:
    """The states for which a flag is set; the default of every one is not."""
    return frozenset(uf for uf, value in (await _stored_of(session, prefix)).items() if value)


async def _stored_of(session: AsyncSession, prefix: str) -> dict[str, Any]:
    kept = kept_by(session)
    if "policies" not in kept:  # there are few, and a transition asks for several
        kept["policies"] = dict(
            (await session.exec(select(PolicyValue.name, PolicyValue.value))).all()
        )
    begin = f"{prefix}."
    return {
        name.removeprefix(begin): value
        for name, value in kept["policies"].items()
        if name.startswith(begin)
    }


async def rules_as_they_are(session: AsyncSession, defaults: Any, *names: str) -> dict[str, str]:
    """Settings of a policy with their values and versions, for whoever asks later why.

    Version 0: nobody ever changed it.
    """
    policy = await load_policy(session, defaults)
    keys = {name: f"{type(defaults).__name__}.{name}" for name in names}
    versions = dict(
        (
            await session.exec(
                select(PolicyValue.name, PolicyValue.version).where(
                    col(PolicyValue.name).in_(keys.values())
                )
            )
        ).all()
    )
    return {
        key: f"{as_json(getattr(policy, name))} · v{versions.get(key, 0)}"
        for name, key in keys.items()
    }


async def stored_values(session: AsyncSession) -> Mapping[str, PolicyValue]:
    """What differs from its default, by name."""
    return {row.name: row for row in await session.exec(select(PolicyValue))}


async def changes_of(
    session: AsyncSession, setting: Setting, *, most: int = 50
) -> Sequence[AuditEntry]:
    """The newest changes of a setting, from the audit trail."""
    statement = (
        select(AuditEntry)
        .where(AuditEntry.subject == _subject(setting), AuditEntry.action == CHANGE)
        .order_by(col(AuditEntry.id).desc())
        .limit(most)
    )
    return (await session.exec(statement)).all()


async def change_value(
    session: AsyncSession, setting: Setting, value: Any, *, deed: Deed, seen: Any = None
) -> Any:
    """This will change a setting from now on; its default again means that no row is kept.

    `seen` is the value that whoever asks had before them, None when they saw none. Refuses what
    the setting does not allow, and a value that changed meanwhile (PolicyChanged). The value
    stored already changes nothing.
    """
    new = checked(setting, value)
    await _check_team(session, setting, new)
    await _check_hearers(session, setting, new)
    stored = await stored_values(session)
    known = {name: row.value for name, row in stored.items()}
    check_order(setting.name, new, stored=known)
    check_hours(setting.name, new, stored=known)
    row = stored.get(setting.name)
    before = row.value if row else setting.default
    if seen is not None and seen != before:
        raise PolicyChanged(by=row.changed_by if row else await _last_hand(session, setting))
    if new != before:
        await _keep(session, row, setting, new, deed)
        record(session, deed, CHANGE, subject=_subject(setting), before=before, after=new)
        await _take_effect(session, setting)
    return new


async def _take_effect(session: AsyncSession, setting: Setting) -> None:
    """What is kept as counted by a policy is counted anew."""
    if setting.name.startswith(f"{WorklistPolicy.__name__}."):
        await session.flush()
        set_now = await load_policy(session, WorklistPolicy())
        await follow_chances(session, (await chances_of(session, set_now)).policy)


async def _keep(
    session: AsyncSession, row: PolicyValue | None, setting: Setting, value: Any, deed: Deed
) -> None:
    if row is not None and value == setting.default:
        await session.delete(row)
        return
    row = row or PolicyValue(
        name=setting.name, version=0, value=value, changed_at=deed.at, changed_by=""
    )
    row.value, row.version = value, row.version + 1
    row.changed_at, row.changed_by = deed.at, deed.by
    session.add(row)
    try:
        await session.flush()
    except IntegrityError:  # two first changes at once: the other one was first
        raise PolicyChanged(by="—") from None


async def _last_hand(session: AsyncSession, setting: Setting) -> str:
    changes = await changes_of(session, setting, most=1)
    return changes[0].by if changes else "—"


async def _check_team(session: AsyncSession, setting: Setting, value: Any) -> None:
    if setting.kind is not Kind.TEAM:
        return
    if (await session.exec(select(Team.id).where(Team.code == value))).first() is None:
        raise PolicyChoiceRefused


async def _check_hearers(session: AsyncSession, setting: Setting, value: Any) -> None:
    """This will refuse reminders to a role or a person that is not here."""
    if setting.kind not in REMINDER_SCOPES:
        return
    roles = set(await session.exec(select(Role.code)))
    people = set(await session.exec(select(User.login).where(col(User.is_active))))
    if roles_in(value) - roles or logins_in(value) - people:
        raise PolicyChoiceRefused


def _subject(setting: Setting) -> str:
    return f"policy/{setting.name}"
