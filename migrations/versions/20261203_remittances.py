"""Keep the remittances to banks, and what each told of which boleto.

Revision: 7d2b96e0f418, after c4a81e7d20b6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7d2b96e0f418"
down_revision = "c4a81e7d20b6"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ADDED = (
    ("variation", sa.String(length=3), ""),
    ("first_remittance", sa.Integer(), "1"),
)


def upgrade() -> None:
    op.create_table(
        "remittances",
        sa.Column("id", KEY, nullable=False),
        sa.Column("payment_profile_id", KEY, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("titles", sa.Integer(), nullable=False),
        sa.Column("instructions", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_profile_id"], ["payment_profiles.id"],
            name="fk_remittances_payment_profile_id_payment_profiles",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_remittances"),
        sa.UniqueConstraint(
            "payment_profile_id", "sequence", name="uq_remittances_payment_profile_id_sequence"
        ),
    )  # fmt: skip
    op.create_table(
        "remittance_titles",
        sa.Column("id", KEY, nullable=False),
        sa.Column("remittance_id", KEY, nullable=False),
        sa.Column("boleto_number_id", KEY, nullable=False),
        sa.Column("movement", sa.String(length=2), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("rebate", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["remittance_id"], ["remittances.id"],
            name="fk_remittance_titles_remittance_id_remittances",
        ),
        sa.ForeignKeyConstraint(
            ["boleto_number_id"], ["boleto_numbers.id"],
            name="fk_remittance_titles_boleto_number_id_boleto_numbers",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_remittance_titles"),
        sa.UniqueConstraint(
            "remittance_id", "boleto_number_id", "movement",
            name="uq_remittance_titles_remittance_id_boleto_number_id_movement",
        ),
    )  # fmt: skip
    op.create_index(
        "ix_remittance_titles_number", "remittance_titles", ["boleto_number_id", "movement"]
    )
    with op.batch_alter_table("payment_profiles", schema=None) as batch_op:
        for name, kind, default in ADDED:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    with op.batch_alter_table("payment_profiles", schema=None) as batch_op:
        for name, _, _ in ADDED:
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("payment_profiles", schema=None) as batch_op:
        for name, _, _ in reversed(ADDED):
            batch_op.drop_column(name)
    op.drop_index("ix_remittance_titles_number", "remittance_titles")
    op.drop_table("remittance_titles")
    op.drop_table("remittances")
