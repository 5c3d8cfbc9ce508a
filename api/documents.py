"""CPF and CNPJ as whoever looks may see them: decided here, for every page and answer."""

from __future__ import annotations

from api.dependencies import Principal
from api.sights import saw_document
from rules.documents import format_document, mask_document

WHOLE = "documents:whole"


def shown_document(document: str, *, by: Principal | None) -> str:
    """A CPF or CNPJ whole for whoever may see it so, and masked for everybody else."""
    if by is None or not by.may(WHOLE):
        return mask_document(document)
    saw_document()
    return format_document(document)
