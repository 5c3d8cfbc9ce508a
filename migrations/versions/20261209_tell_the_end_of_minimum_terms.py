"""Know which end of a minimum term a customer was told of.

Revision: 9b2f6d04c8e1, after c57d1e92b640
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9b2f6d04c8e1"
down_revision = "c57d1e92b640"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("minimum_term_told", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_column("minimum_term_told")
