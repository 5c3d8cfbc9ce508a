"""The stages of an invoice in collections."""

from __future__ import annotations

from enum import StrEnum


class CollectionStage(StrEnum):
    """Where an invoice stands in collections; none of these: it is not in collections."""

    CLASSIFIED = "classified"
    IN_CONTACT = "in_contact"
    NEGOTIATING = "negotiating"
    IN_AGREEMENT = "in_agreement"
    FULFILLED = "fulfilled"
    BROKEN = "broken"
    RECOVERED = "recovered"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
