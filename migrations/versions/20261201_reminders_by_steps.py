"""Reminders of tasks by any number of steps: how far each of a task's two clocks was told of.

Revision: 91c4e7a0d3b5, after a41c7f09d2e6
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "91c4e7a0d3b5"
down_revision = "a41c7f09d2e6"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
NEW = ("due_told", "free_since", "free_told")
POLICIES = sa.table(
    "policy_values",
    sa.column("name", sa.String),
    sa.column("value", JSON),
    sa.column("changed_at", INSTANT),
)
REMINDERS = "TaskPolicy.reminders"
#: The three settings of before: their defaults, and the step that each becomes.
OLD: dict[str, tuple[int, dict[str, Any]]] = {
    "TaskPolicy.remind_hours_before": (
        4, {"moment": "before_due", "unit": "hours", "to": "assignee"},
    ),
    "TaskPolicy.lead_after_business_days": (
        1, {"moment": "after_due", "unit": "days", "to": "lead"},
    ),
    "TaskPolicy.manager_after_business_days": (
        2, {"moment": "after_due", "unit": "days", "to": "manager"},
    ),
}  # fmt: skip
UNTAKEN = {"moment": "untaken", "amount": 8, "unit": "hours", "to": "lead"}


def upgrade() -> None:
    for name in NEW:
        op.add_column("tasks", sa.Column(name, INSTANT, nullable=True))
    # Whoever was told of the present due instant is not told again. What stood without an owner was
    # not counted, and is not now: everybody would hear of all of it at once.
    op.execute(
        "UPDATE tasks SET due_told = (SELECT max(case_events.at) FROM case_events"
        " JOIN cases ON cases.id = case_events.case_id"
        " WHERE cases.process = 'tasks' AND cases.subject_id = tasks.id"
        " AND case_events.kind IN ('remind', 'tell_lead', 'tell_manager'))"
        " WHERE finished_at IS NULL AND reminded_for = due_at"
    )
    op.drop_column("tasks", "reminded_for")
    op.drop_column("tasks", "escalation")
    _join_settings(op.get_bind())


def _join_settings(connection: sa.Connection) -> None:
    """What the house had set becomes the steps of one setting, under the hand that set it last."""
    wanted = sa.select(POLICIES).where(POLICIES.c.name.in_(OLD))
    rows = list(connection.execute(wanted.order_by(POLICIES.c.changed_at)))
    if not rows:
        return
    stored = {row.name: row.value for row in rows}
    steps = [UNTAKEN]
    for name, (default, step) in OLD.items():
        amount = stored.get(name, default)
        if amount or step["moment"] != "before_due":
            steps.append({**step, "amount": amount})
    newest = POLICIES.c.name == rows[-1].name
    connection.execute(sa.update(POLICIES).where(newest).values(name=REMINDERS, value=steps))
    connection.execute(sa.delete(POLICIES).where(POLICIES.c.name.in_(OLD)))


def downgrade() -> None:
    with op.batch_alter_table("tasks") as batch:
        batch.add_column(sa.Column("reminded_for", INSTANT, nullable=True))
        batch.add_column(sa.Column("escalation", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("tasks") as batch:
        batch.alter_column("escalation", server_default=None)
        for name in NEW:
            batch.drop_column(name)
    op.get_bind().execute(sa.delete(POLICIES).where(POLICIES.c.name == REMINDERS))
