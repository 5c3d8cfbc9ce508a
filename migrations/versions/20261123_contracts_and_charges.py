"""Plans, contracts with what was agreed, their charges, services, connections and history.

Revision: a476370e6a9b, after 406315b7ebab
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a476370e6a9b"
down_revision = "406315b7ebab"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consultants",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultants")),
        sa.UniqueConstraint("code", name=op.f("uq_consultants_code")),
    )
    op.create_table(
        "discount_tables",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("pay_on_time", sa.BigInteger(), nullable=False),
        sa.Column("on_invoice", sa.BigInteger(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount_tables")),
        sa.UniqueConstraint("code", name=op.f("uq_discount_tables_code")),
    )
    op.create_table(
        "due_day_rules",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("due_day", sa.Integer(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("for_telephony", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_day_rules")),
        sa.UniqueConstraint("code", name=op.f("uq_due_day_rules_code")),
    )
    op.create_table(
        "price_indices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("series", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_indices")),
        sa.UniqueConstraint("code", name=op.f("uq_price_indices_code")),
    )
    op.create_table(
        "sla_tables",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("calendar", sa.String(length=12), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_tables")),
        sa.UniqueConstraint("code", name=op.f("uq_sla_tables_code")),
    )
    op.create_table(
        "billing_groups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "due_day_rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_billing_groups_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["due_day_rule_id"],
            ["due_day_rules.id"],
            name=op.f("fk_billing_groups_due_day_rule_id_due_day_rules"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_groups")),
        sa.UniqueConstraint("code", name=op.f("uq_billing_groups_code")),
    )
    with op.batch_alter_table("billing_groups", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_billing_groups_customer_id"), ["customer_id"], unique=False
        )

    op.create_table(
        "plans",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("plan_type", sa.String(length=12), nullable=False),
        sa.Column("telecom_service", sa.Boolean(), nullable=False),
        sa.Column("periodicity_months", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("setup_fee", sa.BigInteger(), nullable=False),
        sa.Column("setup_instalments", sa.Integer(), nullable=False),
        sa.Column("minimum_term_months", sa.Integer(), nullable=False),
        sa.Column("minimum_term_fee", sa.BigInteger(), nullable=False),
        sa.Column(
            "due_day_rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "sla_table_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("ladder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "ledger_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "payment_profile_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "price_index_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["due_day_rule_id"],
            ["due_day_rules.id"],
            name=op.f("fk_plans_due_day_rule_id_due_day_rules"),
        ),
        sa.ForeignKeyConstraint(
            ["ladder_id"], ["ladders.id"], name=op.f("fk_plans_ladder_id_ladders")
        ),
        sa.ForeignKeyConstraint(
            ["ledger_account_id"],
            ["ledger_accounts.id"],
            name=op.f("fk_plans_ledger_account_id_ledger_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_profile_id"],
            ["payment_profiles.id"],
            name=op.f("fk_plans_payment_profile_id_payment_profiles"),
        ),
        sa.ForeignKeyConstraint(
            ["price_index_id"],
            ["price_indices.id"],
            name=op.f("fk_plans_price_index_id_price_indices"),
        ),
        sa.ForeignKeyConstraint(
            ["sla_table_id"], ["sla_tables.id"], name=op.f("fk_plans_sla_table_id_sla_tables")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("code", name=op.f("uq_plans_code")),
    )
    op.create_table(
        "price_index_months",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "price_index_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=10), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["price_index_id"],
            ["price_indices.id"],
            name=op.f("fk_price_index_months_price_index_id_price_indices"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_index_months")),
        sa.UniqueConstraint(
            "price_index_id",
            "kind",
            "month",
            name=op.f("uq_price_index_months_price_index_id_kind_month"),
        ),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "ledger_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ledger_account_id"],
            ["ledger_accounts.id"],
            name=op.f("fk_products_ledger_account_id_ledger_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("code", name=op.f("uq_products_code")),
    )
    op.create_table(
        "sla_targets",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "sla_table_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["sla_table_id"], ["sla_tables.id"], name=op.f("fk_sla_targets_sla_table_id_sla_tables")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_targets")),
        sa.UniqueConstraint(
            "sla_table_id",
            "event",
            "priority",
            name=op.f("uq_sla_targets_sla_table_id_event_priority"),
        ),
    )
    op.create_table(
        "connections",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("exception_until", sa.Date(), nullable=True),
        sa.Column("exception_reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_connections_contract_id_contracts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
        sa.UniqueConstraint("contract_id", "kind", name=op.f("uq_connections_contract_id_kind")),
    )
    op.create_table(
        "contract_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "parameters", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_contract_events_contract_id_contracts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_events")),
    )
    with op.batch_alter_table("contract_events", schema=None) as batch_op:
        batch_op.create_index("ix_contract_events_contract", ["contract_id", "id"], unique=False)

    op.create_table(
        "contract_services",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("description", sa.String(length=160), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "ledger_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("recurrence", sa.String(length=14), nullable=False),
        sa.Column("periods", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contracts.id"],
            name=op.f("fk_contract_services_contract_id_contracts"),
        ),
        sa.ForeignKeyConstraint(
            ["ledger_account_id"],
            ["ledger_accounts.id"],
            name=op.f("fk_contract_services_ledger_account_id_ledger_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_contract_services_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_services")),
    )
    with op.batch_alter_table("contract_services", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contract_services_contract_id"), ["contract_id"], unique=False
        )

    op.create_table(
        "charges",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "service_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.Column("issue_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("pay_on_time_discount", sa.BigInteger(), nullable=False),
        sa.Column(
            "ledger_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_charges_contract_id_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_charges_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_charges_invoice_id_invoices")
        ),
        sa.ForeignKeyConstraint(
            ["ledger_account_id"],
            ["ledger_accounts.id"],
            name=op.f("fk_charges_ledger_account_id_ledger_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["contract_services.id"],
            name=op.f("fk_charges_service_id_contract_services"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charges")),
        sa.UniqueConstraint("key", name=op.f("uq_charges_key")),
    )
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.create_index(
            "ix_charges_contract", ["contract_id", "due_date", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_charges_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_charges_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index(
            "ix_charges_to_bill",
            ["issue_date", "customer_id", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("stage", sa.String(length=20), nullable=False, server_default="active")
        )
        batch_op.add_column(
            sa.Column(
                "plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(
            sa.Column("plan_type", sa.String(length=12), nullable=False, server_default="internet")
        )
        batch_op.add_column(sa.Column("adhesion_date", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("term", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(
            sa.Column("periodicity_months", sa.Integer(), nullable=False, server_default="1")
        )
        batch_op.add_column(
            sa.Column(
                "due_day_rule_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "sla_table_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(
            sa.Column(
                "inactivity_discount", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
        batch_op.add_column(
            sa.Column(
                "payment_profile_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "billing_method", sa.String(length=12), nullable=False, server_default="grouped"
            )
        )
        batch_op.add_column(
            sa.Column(
                "billing_group_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "discount_table_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("invoice_discount", sa.BigInteger(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("fiscal_document", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("notes", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("fiscal_note", sa.String(length=300), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("setup_fee", sa.BigInteger(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("setup_instalments", sa.Integer(), nullable=False, server_default="1")
        )
        batch_op.add_column(
            sa.Column(
                "setup_account_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("setup_composition", sa.String(length=60), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("generate_setup_now", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("phone_terminal", sa.String(length=20), nullable=True))
        batch_op.add_column(
            sa.Column(
                "consultant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(
            sa.Column(
                "renewal_price", sa.String(length=10), nullable=False, server_default="by_plan"
            )
        )
        batch_op.add_column(sa.Column("suggested_amount", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("charges_suggested", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column(
                "ignore_automatic_renewal", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
        batch_op.add_column(
            sa.Column("wait_for_activation", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(
            sa.Column("review_charges", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column(
                "ledger_account_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("minimum_term_months", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("minimum_term_fee", sa.BigInteger(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column(
                "price_index_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "readjustment_method",
                sa.String(length=16),
                nullable=False,
                server_default="number_indices",
            )
        )
        batch_op.add_column(sa.Column("readjustment_decimals", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "negative_readjustment", sa.String(length=8), nullable=False, server_default="ask"
            )
        )
        batch_op.add_column(sa.Column("data_base_month", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("readjusted_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("origin", sa.String(length=12), nullable=False, server_default="customer")
        )
        batch_op.add_column(
            sa.Column("origin_ref", sa.String(length=40), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("suspended_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("suspended_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("cancelled_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("end_reason", sa.String(length=300), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("created_by", sa.String(length=60), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.drop_index(batch_op.f("ix_contracts_customer_id"))
        batch_op.create_index(
            batch_op.f("ix_contracts_billing_group_id"), ["billing_group_id"], unique=False
        )
        batch_op.create_index("ix_contracts_customer", ["customer_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contracts_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index("ix_contracts_stage", ["stage", "ends_on", "id"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_contracts_phone_terminal"), ["phone_terminal"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contracts_payment_profile_id_payment_profiles"),
            "payment_profiles",
            ["payment_profile_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contracts_consultant_id_consultants"),
            "consultants",
            ["consultant_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contracts_discount_table_id_discount_tables"),
            "discount_tables",
            ["discount_table_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contracts_plan_id_plans"), "plans", ["plan_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contracts_due_day_rule_id_due_day_rules"),
            "due_day_rules",
            ["due_day_rule_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contracts_ledger_account_id_ledger_accounts"),
            "ledger_accounts",
            ["ledger_account_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contracts_price_index_id_price_indices"),
            "price_indices",
            ["price_index_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contracts_setup_account_id_ledger_accounts"),
            "ledger_accounts",
            ["setup_account_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contracts_billing_group_id_billing_groups"),
            "billing_groups",
            ["billing_group_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contracts_sla_table_id_sla_tables"),
            "sla_tables",
            ["sla_table_id"],
            ["id"],
        )

    contracts = sa.table("contracts", sa.column("stage"), sa.column("terminated_on"))
    ended = contracts.c.terminated_on.is_not(None)
    op.execute(sa.update(contracts).where(ended).values(stage="terminated"))


def downgrade() -> None:
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_contracts_sla_table_id_sla_tables"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_contracts_billing_group_id_billing_groups"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_contracts_setup_account_id_ledger_accounts"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_contracts_price_index_id_price_indices"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_contracts_ledger_account_id_ledger_accounts"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_contracts_due_day_rule_id_due_day_rules"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("fk_contracts_plan_id_plans"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("fk_contracts_discount_table_id_discount_tables"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_contracts_consultant_id_consultants"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_contracts_payment_profile_id_payment_profiles"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("uq_contracts_phone_terminal"), type_="unique")
        batch_op.drop_index("ix_contracts_stage")
        batch_op.drop_index(batch_op.f("ix_contracts_plan_id"))
        batch_op.drop_index("ix_contracts_customer")
        batch_op.drop_index(batch_op.f("ix_contracts_billing_group_id"))
        batch_op.create_index(batch_op.f("ix_contracts_customer_id"), ["customer_id"], unique=False)
        batch_op.drop_column("version")
        batch_op.drop_column("created_by")
        batch_op.drop_column("created_at")
        batch_op.drop_column("end_reason")
        batch_op.drop_column("cancelled_on")
        batch_op.drop_column("suspended_until")
        batch_op.drop_column("suspended_from")
        batch_op.drop_column("activated_at")
        batch_op.drop_column("origin_ref")
        batch_op.drop_column("origin")
        batch_op.drop_column("readjusted_on")
        batch_op.drop_column("data_base_month")
        batch_op.drop_column("negative_readjustment")
        batch_op.drop_column("readjustment_decimals")
        batch_op.drop_column("readjustment_method")
        batch_op.drop_column("price_index_id")
        batch_op.drop_column("minimum_term_fee")
        batch_op.drop_column("minimum_term_months")
        batch_op.drop_column("ledger_account_id")
        batch_op.drop_column("review_charges")
        batch_op.drop_column("wait_for_activation")
        batch_op.drop_column("ignore_automatic_renewal")
        batch_op.drop_column("charges_suggested")
        batch_op.drop_column("suggested_amount")
        batch_op.drop_column("renewal_price")
        batch_op.drop_column("consultant_id")
        batch_op.drop_column("phone_terminal")
        batch_op.drop_column("generate_setup_now")
        batch_op.drop_column("setup_composition")
        batch_op.drop_column("setup_account_id")
        batch_op.drop_column("setup_instalments")
        batch_op.drop_column("setup_fee")
        batch_op.drop_column("fiscal_note")
        batch_op.drop_column("notes")
        batch_op.drop_column("fiscal_document")
        batch_op.drop_column("invoice_discount")
        batch_op.drop_column("discount_table_id")
        batch_op.drop_column("billing_group_id")
        batch_op.drop_column("billing_method")
        batch_op.drop_column("payment_profile_id")
        batch_op.drop_column("inactivity_discount")
        batch_op.drop_column("sla_table_id")
        batch_op.drop_column("due_day_rule_id")
        batch_op.drop_column("periodicity_months")
        batch_op.drop_column("term")
        batch_op.drop_column("ends_on")
        batch_op.drop_column("starts_on")
        batch_op.drop_column("adhesion_date")
        batch_op.drop_column("plan_type")
        batch_op.drop_column("plan_id")
        batch_op.drop_column("stage")

    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_charges_to_bill",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_charges_invoice_id"))
        batch_op.drop_index(batch_op.f("ix_charges_customer_id"))
        batch_op.drop_index("ix_charges_contract")

    op.drop_table("charges")
    with op.batch_alter_table("contract_services", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_services_contract_id"))

    op.drop_table("contract_services")
    with op.batch_alter_table("contract_events", schema=None) as batch_op:
        batch_op.drop_index("ix_contract_events_contract")

    op.drop_table("contract_events")
    op.drop_table("connections")
    op.drop_table("sla_targets")
    op.drop_table("products")
    op.drop_table("price_index_months")
    op.drop_table("plans")
    with op.batch_alter_table("billing_groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_billing_groups_customer_id"))

    op.drop_table("billing_groups")
    op.drop_table("sla_tables")
    op.drop_table("price_indices")
    op.drop_table("due_day_rules")
    op.drop_table("discount_tables")
    op.drop_table("consultants")
