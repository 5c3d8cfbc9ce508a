"""Every table of the database, imported in one place for migrations and tests."""

from models import (
    agreements,
    bulk,
    bureau,
    calendars,
    cases,
    collections,
    contracts,
    customers,
    invoices,
    messages,
    outbox,
    payments,
    people,
    policies,
    registries,
    tasks,
)

__all__ = [
    "agreements",
    "bulk",
    "bureau",
    "calendars",
    "cases",
    "collections",
    "contracts",
    "customers",
    "invoices",
    "messages",
    "outbox",
    "payments",
    "people",
    "policies",
    "registries",
    "tasks",
]
