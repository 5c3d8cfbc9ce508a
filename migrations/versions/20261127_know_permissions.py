"""Know the permissions that this deployment has met.

Revision: 3f8d2a6c91be, after 1c027439a94d
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3f8d2a6c91be"
down_revision = "1c027439a94d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_permissions",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_known_permissions")),
    )
    # What nobody has yet came with a version after the roles were made: the start grants it.
    op.execute(
        "INSERT INTO known_permissions (name)"
        " SELECT DISTINCT permission FROM role_permissions WHERE permission <> '*'"
    )


def downgrade() -> None:
    op.drop_table("known_permissions")
