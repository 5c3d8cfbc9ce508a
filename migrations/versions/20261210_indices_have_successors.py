"""Keep which price index takes the place of one that is published no more.

Revision: e81c4f60a2d7, after 9b2f6d04c8e1
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e81c4f60a2d7"
down_revision = "9b2f6d04c8e1"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SUCCESSOR = "fk_price_indices_successor_id_price_indices"


def upgrade() -> None:
    with op.batch_alter_table("price_indices") as batch:
        batch.add_column(sa.Column("successor_id", BIG_ID, nullable=True))
        batch.create_foreign_key(SUCCESSOR, "price_indices", ["successor_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("price_indices") as batch:
        batch.drop_constraint(SUCCESSOR, type_="foreignkey")
        batch.drop_column("successor_id")
