"""Bring answers by mail to the case that they answer.

Revision: b61e9c2f40d8, after 7d0e4b93fa26
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b61e9c2f40d8"
down_revision = "7d0e4b93fa26"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("inbound_mails", schema=None) as batch_op:
        batch_op.add_column(sa.Column("case_id", KEY, nullable=True))
        batch_op.create_index("ix_inbound_mails_case_id", ["case_id"])
        batch_op.create_foreign_key("fk_inbound_mails_case_id_cases", "cases", ["case_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("inbound_mails", schema=None) as batch_op:
        batch_op.drop_constraint("fk_inbound_mails_case_id_cases", type_="foreignkey")
        batch_op.drop_index("ix_inbound_mails_case_id")
        batch_op.drop_column("case_id")
