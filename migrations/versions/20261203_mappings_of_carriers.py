"""Keep layouts of carriers' CSVs that are told in the browser, version by version.

Revision: 6be1f07d3c49, after 93f2a6c05be8
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "6be1f07d3c49"
down_revision = "93f2a6c05be8"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "carrier_mappings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("told", JSON, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_mappings")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_carrier_mappings_code_version")),
    )


def downgrade() -> None:
    op.drop_table("carrier_mappings")
