"""What nobody does to a contested invoice before its customer was answered (RGC, 765/2023)."""

from __future__ import annotations

from collections.abc import Iterable

from rules.refusals import Refusal


class InvoiceUnderContestation(Refusal):
    message = "A fatura %(invoice)s está em contestação: responda antes ao cliente."
    field = "invoice_ids"


def check_uncontested(labels: Iterable[str]) -> None:
    """This will refuse when any invoice is contested; `labels` name those that are."""
    for label in labels:
        raise InvoiceUnderContestation(invoice=label)
