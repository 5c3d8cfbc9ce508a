"""The cells of portfolio files that say one of a few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from rules.collection_stages import CollectionStage
from rules.contracts import BillingMethod, PaymentMethod, Periodicity, TermMonths
from rules.import_cells import Decimals
from rules.panels import InvoiceStatus
from rules.refusals import Refusal

Choice = TypeVar("Choice")

_STATUSES = {
    "aberta": InvoiceStatus.OPEN,
    "em aberto": InvoiceStatus.OPEN,
    "vencida": InvoiceStatus.OPEN,
    "quitada": InvoiceStatus.SETTLED,
    "paga": InvoiceStatus.SETTLED,
    "paid": InvoiceStatus.SETTLED,
    "cancelada": InvoiceStatus.CANCELLED,
    "suspensa": InvoiceStatus.SUSPENDED,
    "open": InvoiceStatus.OPEN,
    "settled": InvoiceStatus.SETTLED,
    "cancelled": InvoiceStatus.CANCELLED,
    "suspended": InvoiceStatus.SUSPENDED,
}
_STAGES = {
    "classificado": CollectionStage.CLASSIFIED,
    "classificada": CollectionStage.CLASSIFIED,
    "em contato": CollectionStage.IN_CONTACT,
    "em negociação": CollectionStage.NEGOTIATING,
    "em negociacao": CollectionStage.NEGOTIATING,
    "aguardando negociação": CollectionStage.NEGOTIATING,
    "aguardando negociacao": CollectionStage.NEGOTIATING,
    "classified": CollectionStage.CLASSIFIED,
    "in contact": CollectionStage.IN_CONTACT,
    "negotiating": CollectionStage.NEGOTIATING,
}


_BILLING = {
    "agrupada": BillingMethod.GROUPED,
    "agrupado": BillingMethod.GROUPED,
    "por conta": BillingMethod.PER_CHARGE,
    "cortesia": BillingMethod.COURTESY,
    **{str(each): each for each in BillingMethod},
}


_PERIODS = {
    "mensal": Periodicity.MONTH,
    "bimestral": Periodicity.TWO_MONTHS,
    "trimestral": Periodicity.QUARTER,
    "semestral": Periodicity.HALF_YEAR,
    "anual": Periodicity.YEAR,
    **{str(int(each)): each for each in Periodicity},
}
_TERMS = {str(int(each)): each for each in TermMonths}
_PAYMENT = {
    "boleto com pix": PaymentMethod.BOLETO_PIX,
    "pix automático": PaymentMethod.PIX_AUTOMATIC,
    "pix automatico": PaymentMethod.PIX_AUTOMATIC,
    "débito automático": PaymentMethod.DEBIT,
    "debito automatico": PaymentMethod.DEBIT,
    "cartão": PaymentMethod.CARD,
    "cartao": PaymentMethod.CARD,
    "balcão": PaymentMethod.COUNTER,
    "balcao": PaymentMethod.COUNTER,
    **{str(each): each for each in PaymentMethod},
}


class StatusNotValid(Refusal):
    message = "A situação “%(status)s” não existe: use aberta, quitada, cancelada ou suspensa."


class BillingNotValid(Refusal):
    message = "O método “%(method)s” não existe: use agrupada, por conta ou cortesia."


class PeriodNotValid(Refusal):
    message = "A periodicidade “%(period)s” não existe: use 1, 2, 3, 6 ou 12 meses."


class TermNotValid(Refusal):
    message = "Um prazo de “%(months)s” meses não existe: use 12, 24 ou 36, ou 0 para nenhum."


class PaymentMethodNotValid(Refusal):
    message = (
        "A forma de pagamento “%(method)s” não existe: use boleto com pix, boleto, pix, pix"
        " automático, débito automático, cartão ou balcão."
    )


class StageNotValid(Refusal):
    message = "O estágio “%(stage)s” não existe: use classificado, em contato ou em negociação."


def read_choice(
    words: Mapping[str, Choice], refusal: type[Refusal], *, told: str
) -> Callable[[str, Decimals], Choice]:
    """This will make a reader of one of some words, whatever the case; `_` stands for a space.

    Refuses any other by the refusal given, which names the cell as `told`.
    """
    known = {_plain(word): meant for word, meant in words.items()}

    def read(cell: str, _decimals: Decimals) -> Choice:
        found = known.get(_plain(cell))
        if found is None:
            raise refusal(**{told: cell[:40]})
        return found

    return read


def _plain(word: str) -> str:
    return word.casefold().replace("_", " ")


#: What an invoice is in the books.
read_status = read_choice(_STATUSES, StatusNotValid, told="status")
#: How a contract's charges become invoices.
read_billing = read_choice(_BILLING, BillingNotValid, told="method")
#: How many months a period lasts, as a number or by its name.
read_period = read_choice(_PERIODS, PeriodNotValid, told="period")
#: How many months a minimum term lasts.
read_term = read_choice(_TERMS, TermNotValid, told="months")
#: How a contract's invoices are paid.
read_payment_method = read_choice(_PAYMENT, PaymentMethodNotValid, told="method")
#: The stage at which an invoice is taken over from another system.
read_stage = read_choice(_STAGES, StageNotValid, told="stage")
