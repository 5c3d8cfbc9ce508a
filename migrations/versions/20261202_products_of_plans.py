"""Keep the products that plans are made of, and what each charge is of them.

Revision: e17b90c4d35a, after c83e5a17d40b
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "e17b90c4d35a"
down_revision = "c83e5a17d40b"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "plan_products",
        sa.Column("id", BIG, nullable=False),
        sa.Column("plan_id", BIG, nullable=False),
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_products_plan_id_plans")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_plan_products_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_products")),
        sa.UniqueConstraint(
            "plan_id", "product_id", name=op.f("uq_plan_products_plan_id_product_id")
        ),
    )
    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("fiscal_kind", sa.String(length=12), nullable=False, server_default="")
        )
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parts", JSON, nullable=False, server_default="{}"))
    for table, column in (("products", "fiscal_kind"), ("charges", "parts")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.drop_column("parts")
    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.drop_column("fiscal_kind")
    op.drop_table("plan_products")
