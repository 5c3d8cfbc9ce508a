"""What the columns of portfolio files mean, each with an example."""

from __future__ import annotations

from collections.abc import Mapping

from rules.import_columns import ImportKind
from rules.import_help import agreements, contracts, customers, invoices, payments
from rules.import_help.entries import ColumnHelp

HELP: Mapping[ImportKind, Mapping[str, ColumnHelp]] = {
    ImportKind.CUSTOMERS: customers.COLUMNS,
    ImportKind.CONTRACTS: contracts.COLUMNS,
    ImportKind.INVOICES: invoices.COLUMNS,
    ImportKind.AGREEMENTS: agreements.COLUMNS,
    ImportKind.PAYMENTS: payments.COLUMNS,
}
