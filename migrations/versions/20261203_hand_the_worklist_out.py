"""Hand the worklist out to one person at a time; keep who is aside and what chances were seen.

What is kept of the worklist is reckoned anew by the next daily run.

Revision: 9f24c6d1be70, after c1d95e07ab38
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9f24c6d1be70"
down_revision = "c1d95e07ab38"
branch_labels = None
depends_on = None

ASIDE = sa.text("place IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "worklist_holds",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_worklist_holds_customer_id_customers"),
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_worklist_holds")),
    )
    with op.batch_alter_table("worklist_holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_worklist_holds_by"), ["by"], unique=False)
    op.create_table(
        "observed_chances",
        sa.Column("from_days", sa.Integer(), nullable=False),
        sa.Column("invoices", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("from_days", name=op.f("pk_observed_chances")),
    )
    op.execute("DELETE FROM worklist_accounts")
    op.execute("DELETE FROM worklist_days")
    with op.batch_alter_table("worklist_accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=True))
        batch_op.create_index(
            "ix_worklist_accounts_aside", ["amount", "customer_id"], unique=False,
            sqlite_where=ASIDE, postgresql_where=ASIDE,
        )  # fmt: skip


def downgrade() -> None:
    with op.batch_alter_table("worklist_accounts", schema=None) as batch_op:
        batch_op.drop_index("ix_worklist_accounts_aside")
        batch_op.drop_column("place")
    op.drop_table("observed_chances")
    with op.batch_alter_table("worklist_holds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_worklist_holds_by"))
    op.drop_table("worklist_holds")
