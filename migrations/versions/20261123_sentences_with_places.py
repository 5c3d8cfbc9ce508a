"""Keep apart what fills the places of tasks' and import errors' sentences.

Revision: 5b0c7e19d2a4, after ac3ba494acb7
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5b0c7e19d2a4"
down_revision = "ac3ba494acb7"
branch_labels = None
depends_on = None

TABLES = ("tasks", "bulk_errors")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    for table in TABLES:
        # What was stored before is its own sentence: it has no places.
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("places", JSON, nullable=False, server_default="{}"))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("places", server_default=None)


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("places")
