"""Sales leads: who may buy what, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rules.refusals import Refusal


class LeadStage(StrEnum):
    """Where a lead stands."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class LeadNotFound(Refusal):
    message = "Esta oportunidade não existe."
    field = "origin_ref"


class LeadNotOpen(Refusal):
    message = "A oportunidade %(code)s já foi encerrada."
    field = "origin_ref"


class LeadOfAnother(Refusal):
    message = "A oportunidade %(code)s é de outro cliente."
    field = "origin_ref"


class LeadReasonRequired(Refusal):
    message = "Informe por que a venda não aconteceu."
    field = "reason"


class LeadDocumentRequired(Refusal):
    message = "Informe o CPF ou CNPJ: sem ele não se faz um contrato."
    field = "document"


@dataclass(frozen=True)
class LeadTerms:
    """What is said of a lead; a customer already, or whoever is to become one."""

    customer_id: int | None
    name: str
    document: str
    email: str
    mobile: str
    city: str
    uf: str
    plan_id: int | None
    setup_fee: Decimal | None
    setup_instalments: int | None
    consultant_id: int | None
    notes: str


def check_open(stage: str, *, code: str) -> None:
    """This will refuse a lead that was won or lost (LeadNotOpen)."""
    if stage != LeadStage.OPEN:
        raise LeadNotOpen(code=code)
