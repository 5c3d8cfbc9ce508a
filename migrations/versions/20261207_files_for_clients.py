"""Say of a file whether a client's own people find it.

Revision: a3d8e05f7c14, after e1f6a0c35b97
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a3d8e05f7c14"
down_revision = "e1f6a0c35b97"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attachments") as batch:
        batch.add_column(
            sa.Column("is_for_client", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("attachments") as batch:
        batch.alter_column("is_for_client", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("attachments") as batch:
        batch.drop_column("is_for_client")
