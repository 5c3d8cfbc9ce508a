"""Find open tasks without the finished ones.

Revision: dc634285a3d6, after 5b1c0e7d4a92
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "dc634285a3d6"
down_revision = "5b1c0e7d4a92"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_tasks_open_due"), sqlite_where=sa.text("finished_at IS NULL")
        )
        batch_op.create_index(
            "ix_tasks_open_due",
            ["due_at", "id", "assignee", "team_id", "snoozed_until", "finished_at"],
            unique=False,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )
        batch_op.create_index(
            "ix_tasks_open_priority",
            ["priority", "id"],
            unique=False,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )

        # Alembic does not compare what an index is limited to.
        batch_op.drop_index("ix_tasks_finished")
        batch_op.create_index(
            "ix_tasks_finished",
            ["finished_at", "id"],
            unique=False,
            sqlite_where=sa.text("finished_at IS NOT NULL"),
            postgresql_where=sa.text("finished_at IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index("ix_tasks_finished")
        batch_op.create_index("ix_tasks_finished", ["finished_at", "id"], unique=False)
        batch_op.drop_index(
            "ix_tasks_open_priority",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_tasks_open_due",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_tasks_open_due"),
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("finished_at IS NULL"),
        )
