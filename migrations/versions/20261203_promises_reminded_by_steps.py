"""Promises of tickets, kickoffs and activations are reminded of by any number of steps.

Revision: c5d81e9f3a27, after 6be1f07d3c49
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c5d81e9f3a27"
down_revision = "6be1f07d3c49"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
BREACH = "breach"
POLICIES = sa.table(
    "policy_values",
    sa.column("name", sa.String),
    sa.column("value", JSON),
    sa.column("version", sa.Integer),
    sa.column("changed_at", INSTANT),
    sa.column("changed_by", sa.String),
)
CASES = sa.table(
    "cases",
    sa.column("id", sa.Integer),
    sa.column("process", sa.String),
    sa.column("next_kind", sa.String),
)
CLOCKS = sa.table(
    "service_clocks",
    sa.column("id", sa.Integer),
    sa.column("case_id", sa.Integer),
    sa.column("ended_at", INSTANT),
    sa.column("marks_passed", sa.Integer),
    sa.column("taken", JSON),
)
#: Steps of before and the present ones that do the same.
RENAMED = {
    "kickoff": {"half_meeting": "warn_meeting", "half_installation": "warn_installation"},
    "activation": {"remind_again": "remind"},
}


def _part(percent: int, *posts: str) -> list[dict[str, Any]]:
    return [_step("elapsed", percent, "percent", post) for post in posts]


def _after(hours: int, *posts: str) -> list[dict[str, Any]]:
    return [_step("after_due", hours, "hours", post) for post in posts]


def _step(moment: str, amount: int, unit: str, to: str) -> dict[str, Any]:
    return {"moment": moment, "amount": amount, "unit": unit, "to": to}


class Before(NamedTuple):
    """What a process had: settings with their defaults, and what they become, mark by mark."""

    policy: str
    defaults: Mapping[str, int]
    lists: tuple[str, ...]

    def marks(self, stored: Mapping[str, int]) -> list[list[dict[str, Any]]]:
        """The steps of each mark that a clock could pass, in their order."""
        values = [stored.get(name, default) for name, default in self.defaults.items()]
        match self.policy:
            case "TicketPolicy":
                warn, escalate = values
                return [
                    _part(warn, "assignee"),
                    _after(0, "assignee", "lead", "executive"),
                    _after(escalate, "manager"),
                ]
            case "KickoffPolicy":
                remind, warn, escalate = values
                return [
                    _part(remind, "assignee", "executive"),
                    _part(warn, "assignee", "executive"),
                    _after(0, "assignee", "executive", "lead"),
                    _after(escalate, "manager"),
                ]
        remind, again = values
        return [_part(remind, "assignee"), _part(again, "assignee"), _after(0, "manager")]


BEFORE = {
    "tickets": Before(
        "TicketPolicy", {"warn_percent": 80, "escalate_after_hours": 4},
        ("response_reminders", "resolution_reminders"),
    ),
    "kickoff": Before(
        "KickoffPolicy",
        {"remind_at_percent": 50, "warn_at_percent": 80, "escalate_after_hours": 8},
        ("meeting_reminders", "installation_reminders"),
    ),
    "activation": Before(
        "ContractPolicy", {"remind_at_percent": 50, "remind_again_at_percent": 80},
        ("activation_reminders",),
    ),
}  # fmt: skip


def upgrade() -> None:
    op.add_column("service_clocks", sa.Column("taken", JSON, nullable=True))
    connection = op.get_bind()
    connection.execute(sa.update(CLOCKS).values(taken=[]))
    for process, before in BEFORE.items():
        stored = _join_settings(connection, before)
        _keep_taken(connection, process, before.marks(stored))
        for old, new in RENAMED.get(process, {}).items():
            is_planned = (CASES.c.process == process) & (CASES.c.next_kind == old)
            connection.execute(sa.update(CASES).where(is_planned).values(next_kind=new))
    with op.batch_alter_table("service_clocks") as batch:
        batch.alter_column("taken", existing_type=JSON, nullable=False)
        batch.drop_column("marks_passed")


def _join_settings(connection: sa.Connection, before: Before) -> dict[str, int]:
    """What the house had set becomes lists of steps, under the hand that set it last."""
    names = [f"{before.policy}.{name}" for name in before.defaults]
    is_old = POLICIES.c.name.in_(names)
    rows = list(
        connection.execute(sa.select(POLICIES).where(is_old).order_by(POLICIES.c.changed_at))
    )
    stored = {row.name.partition(".")[2]: row.value for row in rows}
    if rows:
        steps = _distinct([step for mark in before.marks(stored) for step in mark])
        connection.execute(sa.delete(POLICIES).where(is_old))
        for name in before.lists:
            connection.execute(
                sa.insert(POLICIES).values(
                    name=f"{before.policy}.{name}", value=steps, version=1,
                    changed_at=rows[-1].changed_at, changed_by=rows[-1].changed_by,
                )
            )  # fmt: skip
    return stored


def _distinct(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two settings may have had the same value; the same step stands once."""
    return [step for place, step in enumerate(steps) if step not in steps[:place]]


def _keep_taken(connection: sa.Connection, process: str, marks: list[list[dict[str, Any]]]) -> None:
    """What a running clock has behind it is not told again."""
    of_process = sa.select(CASES.c.id).where(CASES.c.process == process)
    behind: list[str] = []
    for passed, mark in enumerate(marks, start=1):
        behind += [BREACH] if mark[0]["moment"] == "after_due" and not mark[0]["amount"] else []
        behind += [
            f"{step['moment']}/{step['amount']}{step['unit']}/{step['to']}" for step in mark
        ]  # fmt: skip
        connection.execute(
            sa.update(CLOCKS)
            .where(
                CLOCKS.c.case_id.in_(of_process),
                CLOCKS.c.marks_passed == passed,
                CLOCKS.c.ended_at.is_(None),
            )
            .values(taken=list(dict.fromkeys(behind)))
        )


def downgrade() -> None:
    with op.batch_alter_table("service_clocks") as batch:
        batch.add_column(
            sa.Column("marks_passed", sa.Integer(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("service_clocks") as batch:
        batch.alter_column("marks_passed", server_default=None)
        batch.drop_column("taken")
    lists = [f"{each.policy}.{name}" for each in BEFORE.values() for name in each.lists]
    op.get_bind().execute(sa.delete(POLICIES).where(POLICIES.c.name.in_(lists)))
