"""Correct refunds until they are given, retire boletos, and say which ticket a contestation is of.

Revision: 4c7e20b9d1aa, after c2e94d6b1f70
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4c7e20b9d1aa"
down_revision = "c2e94d6b1f70"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IN_USE = sa.text("retired_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("boleto_numbers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(
            batch_op.f("uq_boleto_numbers_invoice_id_payment_profile_id"), type_="unique"
        )
        batch_op.create_index(
            "uq_boleto_numbers_in_use",
            ["invoice_id", "payment_profile_id"],
            unique=True,
            sqlite_where=IN_USE,
            postgresql_where=IN_USE,
        )
    with op.batch_alter_table("received_contestations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ticket_id", BIG, nullable=True))
        batch_op.add_column(sa.Column("paid_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("times", sa.Integer(), server_default="2", nullable=False))
        batch_op.add_column(
            sa.Column("correction", sa.BigInteger(), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("refund_on", sa.Date(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_received_contestations_ticket_id"), ["ticket_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_received_contestations_ticket_id_tickets"),
            "tickets",
            ["ticket_id"],
            ["id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("received_contestations", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_received_contestations_ticket_id_tickets"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_received_contestations_ticket_id"))
        for name in ("refund_on", "correction", "times", "paid_on", "ticket_id"):
            batch_op.drop_column(name)
    with op.batch_alter_table("boleto_numbers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_boleto_numbers_in_use", sqlite_where=IN_USE, postgresql_where=IN_USE
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_boleto_numbers_invoice_id_payment_profile_id"),
            ["invoice_id", "payment_profile_id"],
        )
        batch_op.drop_column("retired_at")
