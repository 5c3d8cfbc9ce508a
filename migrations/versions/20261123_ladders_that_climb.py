"""Ladders with steps of every kind, what each did, pauses, exceptions, orders to the network.

Revision: dbec90e62d12, after 5b0c7e19d2a4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "dbec90e62d12"
down_revision = "5b0c7e19d2a4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ladder_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "ladder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "steps", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("override_reason", sa.String(length=300), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["ladder_id"], ["ladders.id"], name=op.f("fk_ladder_versions_ladder_id_ladders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_versions")),
        sa.UniqueConstraint(
            "ladder_id", "version", name=op.f("uq_ladder_versions_ladder_id_version")
        ),
    )
    op.create_table(
        "ladder_exceptions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contracts.id"],
            name=op.f("fk_ladder_exceptions_contract_id_contracts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_exceptions")),
    )
    with op.batch_alter_table("ladder_exceptions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ladder_exceptions_contract", ["contract_id", "until"], unique=False
        )

    op.create_table(
        "ladder_executions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("step_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "ladder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("fell_on", sa.Date(), nullable=False),
        sa.Column("executed_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact", sa.String(length=160), nullable=False),
        sa.Column("is_legal_notice", sa.Boolean(), nullable=False),
        sa.Column("proven_on", sa.Date(), nullable=True),
        sa.Column("proof", sa.String(length=300), nullable=False),
        sa.Column(
            "facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contracts.id"],
            name=op.f("fk_ladder_executions_contract_id_contracts"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_ladder_executions_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_ladder_executions_invoice_id_invoices")
        ),
        sa.ForeignKeyConstraint(
            ["ladder_id"], ["ladders.id"], name=op.f("fk_ladder_executions_ladder_id_ladders")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["bulk_runs.id"], name=op.f("fk_ladder_executions_run_id_bulk_runs")
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["ladder_steps.id"], name=op.f("fk_ladder_executions_step_id_ladder_steps")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_executions")),
        sa.UniqueConstraint(
            "invoice_id", "step_id", name=op.f("uq_ladder_executions_invoice_id_step_id")
        ),
    )
    with op.batch_alter_table("ladder_executions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ladder_executions_action", ["action", "contract_id"], unique=False
        )
        batch_op.create_index("ix_ladder_executions_contact", ["contact"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_ladder_executions_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index("ix_ladder_executions_run", ["run_id", "action", "id"], unique=False)

    op.create_table(
        "ladder_pauses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_ladder_pauses_invoice_id_invoices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_pauses")),
        sa.UniqueConstraint(
            "invoice_id",
            "reason",
            "reference",
            name=op.f("uq_ladder_pauses_invoice_id_reason_reference"),
        ),
    )
    op.create_table(
        "provisioning_orders",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "connection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("was", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("due_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connections.id"],
            name=op.f("fk_provisioning_orders_connection_id_connections"),
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contracts.id"],
            name=op.f("fk_provisioning_orders_contract_id_contracts"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_provisioning_orders_customer_id_customers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provisioning_orders")),
    )
    with op.batch_alter_table("provisioning_orders", schema=None) as batch_op:
        batch_op.create_index(
            "ix_provisioning_orders_connection", ["connection_id", "id"], unique=False
        )
        batch_op.create_index(
            "ix_provisioning_orders_status", ["status", "due_by", "id"], unique=False
        )

    with op.batch_alter_table("connections", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("invoices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ladder_next_on", sa.Date(), nullable=True))
        batch_op.create_index(
            "ix_invoices_ladder",
            ["ladder_next_on", "customer_id"],
            unique=False,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    with op.batch_alter_table("ladder_steps", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "after_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(
            sa.Column("name", sa.String(length=80), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("purpose", sa.String(length=40), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("channels", sa.String(length=40), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(
            sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("since", sa.Date(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_ladder_steps_ladder_id_action"), type_="unique")
        batch_op.create_foreign_key(
            batch_op.f("fk_ladder_steps_after_id_ladder_steps"),
            "ladder_steps",
            ["after_id"],
            ["id"],
        )

    with op.batch_alter_table("ladders", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("for_telecom", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(
            sa.Column("override_reason", sa.String(length=300), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(
            sa.Column("planned_version", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("saved_by", sa.String(length=60), nullable=False, server_default="")
        )


def downgrade() -> None:
    with op.batch_alter_table("ladders", schema=None) as batch_op:
        batch_op.drop_column("saved_by")
        batch_op.drop_column("saved_at")
        batch_op.drop_column("planned_version")
        batch_op.drop_column("version")
        batch_op.drop_column("override_reason")
        batch_op.drop_column("for_telecom")

    # Older houses know one step of each action, and none that is out of use.
    op.execute("UPDATE ladder_steps SET after_id = NULL")
    op.execute("DELETE FROM ladder_steps WHERE action <> 'forward_to_collections' OR NOT is_active")
    with op.batch_alter_table("ladder_steps", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_ladder_steps_after_id_ladder_steps"), type_="foreignkey"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_ladder_steps_ladder_id_action"), ["ladder_id", "action"]
        )
        batch_op.drop_column("since")
        batch_op.drop_column("is_active")
        batch_op.drop_column("position")
        batch_op.drop_column("channels")
        batch_op.drop_column("purpose")
        batch_op.drop_column("name")
        batch_op.drop_column("after_id")

    with op.batch_alter_table("invoices", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_invoices_ladder",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.drop_column("ladder_next_on")

    with op.batch_alter_table("connections", schema=None) as batch_op:
        batch_op.drop_column("by_hand")

    with op.batch_alter_table("provisioning_orders", schema=None) as batch_op:
        batch_op.drop_index("ix_provisioning_orders_status")
        batch_op.drop_index("ix_provisioning_orders_connection")

    op.drop_table("provisioning_orders")
    op.drop_table("ladder_pauses")
    with op.batch_alter_table("ladder_executions", schema=None) as batch_op:
        batch_op.drop_index("ix_ladder_executions_run")
        batch_op.drop_index(batch_op.f("ix_ladder_executions_customer_id"))
        batch_op.drop_index("ix_ladder_executions_contact")
        batch_op.drop_index("ix_ladder_executions_action")

    op.drop_table("ladder_executions")
    with op.batch_alter_table("ladder_exceptions", schema=None) as batch_op:
        batch_op.drop_index("ix_ladder_exceptions_contract")

    op.drop_table("ladder_exceptions")
    op.drop_table("ladder_versions")
