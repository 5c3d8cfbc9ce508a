"""Gather reminders of every case, not of tasks alone, into one e-mail.

Revision: f3b7d2a81c59, after 2f9d84b6e1a7
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "f3b7d2a81c59"
down_revision = "2f9d84b6e1a7"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _turn("case_id", "cases", "SELECT cases.id FROM cases WHERE cases.process = 'tasks'"
          " AND cases.subject_id = task_reminders.task_id", drops="task_id")  # fmt: skip


def downgrade() -> None:
    _turn("task_id", "tasks", "SELECT cases.subject_id FROM cases WHERE cases.process = 'tasks'"
          " AND cases.id = task_reminders.case_id", drops="case_id")  # fmt: skip


def _turn(name: str, table: str, found: str, *, drops: str) -> None:
    """One reference gives way to another; what has none of the new kind goes."""
    op.add_column("task_reminders", sa.Column(name, KEY, nullable=True))
    op.execute(f"UPDATE task_reminders SET {name} = ({found})")  # noqa: S608 - no words of people
    op.execute(f"DELETE FROM task_reminders WHERE {name} IS NULL")  # noqa: S608
    dropped = "tasks" if drops == "task_id" else "cases"
    with op.batch_alter_table("task_reminders") as batch:
        batch.alter_column(name, existing_type=KEY, nullable=False)
        batch.drop_constraint(f"fk_task_reminders_{drops}_{dropped}", type_="foreignkey")
        batch.drop_column(drops)
        batch.create_foreign_key(f"fk_task_reminders_{name}_{table}", table, [name], ["id"])
