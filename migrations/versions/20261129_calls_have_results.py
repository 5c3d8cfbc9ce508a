"""Calls have results.

Revision: c2e94d6b1f70, after 7a31f0c8e5d6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c2e94d6b1f70"
down_revision = "7a31f0c8e5d6"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "contact_results",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("in_business_days", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_results")),
        sa.UniqueConstraint("code", name=op.f("uq_contact_results_code")),
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("result_id", BIG, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_contacts_result_id_contact_results"),
            "contact_results",
            ["result_id"],
            ["id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_contacts_result_id_contact_results"), type_="foreignkey"
        )
        batch_op.drop_column("result_id")

    op.drop_table("contact_results")
