"""Keep on which days a customer paid what was not due.

Revision: c57d1e92b640, after a3d8e05f7c14
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c57d1e92b640"
down_revision = "a3d8e05f7c14"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("received_contestations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paid_by_day", JSON, nullable=False, server_default="{}"))
    with op.batch_alter_table("received_contestations", schema=None) as batch_op:
        batch_op.alter_column("paid_by_day", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("received_contestations", schema=None) as batch_op:
        batch_op.drop_column("paid_by_day")
