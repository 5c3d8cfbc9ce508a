"""The cells of agreements in portfolio files: their kind, where they stand, codes of invoices."""

from __future__ import annotations

from rules.agreement_terms import AgreementKind
from rules.agreements import AgreementStatus
from rules.import_cells import Decimals, text
from rules.refusals import Refusal

SEPARATOR = "|"
LONGEST_CODE = 40

_KINDS = {
    "sem alteração": AgreementKind.UNCHANGED,
    "sem alteracao": AgreementKind.UNCHANGED,
    "nova proposta": AgreementKind.PROPOSAL,
    **{str(each): each for each in AgreementKind},
}
#: What an agreement may be taken over as; its later ends are its own journey's.
_STANDINGS = {
    "em andamento": AgreementStatus.IN_PROGRESS,
    "não cumprido": AgreementStatus.BROKEN,
    "nao cumprido": AgreementStatus.BROKEN,
    "cumprido": AgreementStatus.FULFILLED,
    "in progress": AgreementStatus.IN_PROGRESS,
    "broken": AgreementStatus.BROKEN,
    "fulfilled": AgreementStatus.FULFILLED,
}


class AgreementKindNotValid(Refusal):
    message = "O tipo “%(kind)s” não existe: use sem alteração ou nova proposta."


class StandingNotValid(Refusal):
    message = (
        "A situação “%(standing)s” não existe: use em andamento, não cumprido ou cumprido, "
        "ou deixe em branco."
    )


class InvoiceNamedTwice(Refusal):
    message = "A fatura %(invoice)s está mais de uma vez na linha."


def read_kind(cell: str, _decimals: Decimals) -> AgreementKind:
    """This will read whether an agreement left its invoices as they were."""
    kind = _KINDS.get(_word(cell))
    if kind is None:
        raise AgreementKindNotValid(kind=cell[:40])
    return kind


def read_standing(cell: str, _decimals: Decimals) -> AgreementStatus:
    """This will read where an agreement stands in the system that it comes from."""
    standing = _STANDINGS.get(_word(cell))
    if standing is None:
        raise StandingNotValid(standing=cell[:40])
    return standing


def read_codes(cell: str, decimals: Decimals) -> tuple[str, ...]:
    """This will read the codes of invoices: F1|F2|F3, each of them once."""
    read = text(LONGEST_CODE)
    codes = [read(code.strip(), decimals) for code in cell.split(SEPARATOR) if code.strip()]
    for place, code in enumerate(codes):
        if code in codes[:place]:
            raise InvoiceNamedTwice(invoice=code)
    return tuple(codes)


def _word(cell: str) -> str:
    return cell.casefold().replace("_", " ")
