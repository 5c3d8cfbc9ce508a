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


class LeadReasonTooLong(Refusal):
    message = "O motivo pode ter no máximo %(most)s caracteres."
    field = "reason"


class LeadForgotten(Refusal):
    message = "Os dados pessoais da oportunidade %(code)s já foram apagados."


class LeadStands(Refusal):
    message = "A oportunidade %(code)s está em aberto: encerre-a antes de apagar os dados."


class LeadOfCustomer(Refusal):
    message = "A oportunidade %(code)s é de um cliente: peça a anonimização do cliente."


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


#: As long as the books have room for.
LONGEST_REASON = 300


def check_loss(reason: str) -> str:
    """This will give why a sale did not come about. Refuses no reason, and one too long."""
    told = reason.strip()
    if not told:
        raise LeadReasonRequired
    if len(told) > LONGEST_REASON:
        raise LeadReasonTooLong(most=LONGEST_REASON)
    return told


def check_forgettable(stage: str, *, code: str, is_customers: bool, is_forgotten: bool) -> None:
    """This will refuse to forget a lead that is open, a customer's, or forgotten already."""
    if is_customers:
        raise LeadOfCustomer(code=code)
    if stage == LeadStage.OPEN:
        raise LeadStands(code=code)
    if is_forgotten:
        raise LeadForgotten(code=code)


def check_open(stage: str, *, code: str) -> None:
    """This will refuse a lead that was won or lost (LeadNotOpen)."""
    if stage != LeadStage.OPEN:
        raise LeadNotOpen(code=code)
