"""No column that may tell who a customer is was overlooked."""

from __future__ import annotations

import pytest
from sqlalchemy import JSON, LargeBinary, String
from sqlmodel import AutoString, SQLModel

import models.tables  # noqa: F401 - brings in every table
from activities.personal_data import CARD, FORGOTTEN
from models.personal_places import PLACES

#: Tables without customers: the house's own lists, people, runs, and what points at other rows.
APART = {
    *("agreement_categories", "api_tokens", "bulk_errors", "bulk_runs", "calendar_feeds"),
    *("calendar_windows", "canned_answers", "carrier_agreement_rules", "carrier_agreements"),
    *("carrier_mappings", "carrier_tariffs", "carrier_unread_lines", "carriers", "closures"),
    *("consultants", "contact_categories", "contestation_desks", "discount_tables"),
    "due_day_rules",
    *("kickoff_template_items", "known_permissions", "ladder_steps", "ladder_versions", "ladders"),
    *("ledger_accounts", "message_templates", "outbox", "payment_profiles", "plans"),
    "plan_products",
    *("policy_values", "price_index_months", "price_indices", "products", "role_permissions"),
    *("roles", "saved_filters", "service_calendars", "sla_tables", "sla_targets", "teams"),
    *("ticket_categories", "users", "user_sessions", "webhook_endpoints", "webhook_deliveries"),
    *("bank_return_files", "sender_accounts", "fiscal_series", "agreement_limits"),
    *("agreement_offers", "contact_results", "task_list_items", "task_reminders"),
    "worklist_days",
    "sent_forms",  # goes with the first form that is sent an hour later
}
#: Tables that activities/personal_data.py goes through by name.
BY_NAME = {
    *("customers", "standings", "cost_centres", "line_limits", "ticket_priority_rules", "lines"),
    *("carrier_invoices", "carrier_invoice_items", "findings", "finding_rows", "corrections"),
    "worklist_accounts",
}
#: Codes, stages, kinds and logins, which tell nobody apart; and what the law has kept.
TOLD_ALREADY = {
    *("code", "key", "kind", "stage", "status", "source", "outcome", "channel", "direction"),
    *("process", "by", "owner", "next_kind", "plan_type", "protocol", "remedy", "barcode"),
    *("our_number", "your_number", "movement", "batch", "process", "reference", "action"),
    *("assignee", "executive", "result", "unit", "recurrence", "carries", "calendar", "round"),
    *("calendar_version", "purpose", "provider_id", "contact", "media_type", "sha256", "digest"),
    *("mail_id", "basis", "state", "was", "role", "bill_form", "refund_channel", "layout"),
    *("content_type", "line_id", "told_invoice", "event_id", "places", "message", "ip", "number"),
    *("description", "title", "consequence", "waited_in", "cancel_protocol", "cancel_channel"),
    *("readjustment_method", "negative_readjustment", "billing_method", "renewal_price"),
    *("payment_method", "taken", "due_calendar", "due_version", "renewal_form"),
    *("setup_composition", "origin", "told_how", "cost_centre", "plan_code", "shared_by"),
    *(
        "uf",
        "lines",
        "percents",
        "next_prices",
        "parts",
        "components",
        "invoices",
        "callback_url",
        "account",
        "deleted_reason",
    ),
}

#: Columns of a name that people write into elsewhere, and that hold a code here.
CODES = {
    *(("audit_entries", "subject"), ("business_events", "subject"), ("ticket_links", "subject")),
    *(("client_services", "model"), ("commands", "id"), ("fiscal_documents", "access_key")),
    ("contract_renewals", "form"),
    *(("inbound_mails", "reason"), ("ladder_pauses", "reason")),
    *(("invoices", "bureau_stage"), ("invoices", "collection_stage")),
    ("coming_days", "verdict"),
    ("received_contestations", "paid_by_day"),  # days and amounts
}


def people_wrote(column) -> bool:
    kind = column.type
    free = isinstance(kind, AutoString | String | JSON | LargeBinary)
    is_code = column.name in TOLD_ALREADY or (column.table.name, column.name) in CODES
    return free and not is_code and not column.name.endswith("_by")


@pytest.mark.parametrize("table", sorted(SQLModel.metadata.tables))
def test_every_column_that_people_write_into_is_gone_through(table: str) -> None:
    if table in APART | BY_NAME:
        return
    places = [place for place in PLACES if place.name == table]
    if any(place.is_forgotten for place in places):
        return
    handled = {name for place in places for name in (*place.replaced, *place.scrubbed)}

    written = {c.name for c in SQLModel.metadata.tables[table].columns if people_wrote(c)}

    assert written - handled == set(), table


def test_every_column_of_the_customer_s_own_row_is_told_and_forgotten() -> None:
    written = {c.name for c in SQLModel.metadata.tables["customers"].columns if people_wrote(c)}

    assert written <= set(CARD)
    assert written == {*FORGOTTEN, "name"}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_what_is_named_are_columns(place) -> None:
    columns = set(place.table.model_fields)

    assert {*place.replaced, *place.scrubbed, *place.told} <= columns
