"""Keep steps and messages out of a day, or approve them; say why an invoice stays out.

Revision: c1d95e07ab38, after b8d20f6a91c4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c1d95e07ab38"
down_revision = "b8d20f6a91c4"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "coming_days",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=True),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_coming_days_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_coming_days_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coming_days")),
        sa.UniqueConstraint("case_id", "day", name=op.f("uq_coming_days_case_id_day")),
        sa.UniqueConstraint("message_id", "day", name=op.f("uq_coming_days_message_id_day")),
    )
    with op.batch_alter_table("coming_days", schema=None) as batch_op:
        batch_op.create_index("ix_coming_days_day", ["day", "verdict"], unique=False)
    with op.batch_alter_table("ladder_pauses", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("note", sa.String(length=300), server_default="", nullable=False)
        )
    with op.batch_alter_table("ladder_pauses", schema=None) as batch_op:
        batch_op.alter_column("note", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("ladder_pauses", schema=None) as batch_op:
        batch_op.drop_column("note")
    with op.batch_alter_table("coming_days", schema=None) as batch_op:
        batch_op.drop_index("ix_coming_days_day")
    op.drop_table("coming_days")
