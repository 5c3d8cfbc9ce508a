"""The panels that show invoices by their stages in collections and at the bureau."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from rules.collection_stages import CollectionStage


class Tool(StrEnum):
    """What can be done with rows of a panel; the value is the last part of its address."""

    START = "inicio"
    CONFIRM = "confirmacao"
    REGISTER = "inclusao-no-spc"
    REMOVE = "remocao-do-spc"


class BureauStage(StrEnum):
    """Where an invoice stands at the credit bureau, beside its stage in collections."""

    NOTICED = "noticed"
    REGISTERED = "registered"
    CONFLICT = "conflict"
    REMOVED = "removed"


class InvoiceStatus(StrEnum):
    """What an invoice is in the books."""

    OPEN = "open"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"
    REPLACED = "replaced"


class Panel(IntEnum):
    """The panels of the collections manager; 1 to 3 list customers, 4 to 9 invoices."""

    CLASSIFIED = 1
    IN_CONTACT = 2
    NEGOTIATING = 3
    IN_AGREEMENT = 4
    FULFILLED = 5
    BROKEN = 6
    AT_BUREAU = 7
    BUREAU_CONFLICTS = 8
    LEFT_BUREAU = 9

    @property
    def lists_customers(self) -> bool:
        """Whether a row of the panel is a customer, not an invoice."""
        return self <= Panel.NEGOTIATING


BY_COLLECTION_STAGE = {
    CollectionStage.CLASSIFIED: Panel.CLASSIFIED,
    CollectionStage.IN_CONTACT: Panel.IN_CONTACT,
    CollectionStage.NEGOTIATING: Panel.NEGOTIATING,
    CollectionStage.IN_AGREEMENT: Panel.IN_AGREEMENT,
    CollectionStage.FULFILLED: Panel.FULFILLED,
    CollectionStage.BROKEN: Panel.BROKEN,
}

#: Panel 9 further asks that the invoice is settled: models/standings.py counts it so.
BY_BUREAU_STAGE = {
    BureauStage.REGISTERED: Panel.AT_BUREAU,
    BureauStage.CONFLICT: Panel.BUREAU_CONFLICTS,
    BureauStage.REMOVED: Panel.LEFT_BUREAU,
}
