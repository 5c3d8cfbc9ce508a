"""Keep each client's model of service, and whose own user somebody is.

Revision: 7d15ac3e08f4, after 4c7e20b9d1aa
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7d15ac3e08f4"
down_revision = "4c7e20b9d1aa"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "client_services",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=12), nullable=False),
        sa.Column("team_id", BIG, nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_client_services_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_client_services_team_id_teams")
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_client_services")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("company_id", BIG, nullable=True))
        batch_op.create_index(batch_op.f("ix_users_company_id"), ["company_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_users_company_id_customers"), "customers", ["company_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_users_company_id_customers"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_users_company_id"))
        batch_op.drop_column("company_id")
    op.drop_table("client_services")
