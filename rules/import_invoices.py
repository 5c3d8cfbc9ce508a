"""What an import may change of an invoice: never what an agreement fixed, never what was paid.

A file tells what another system knows, which may be older than what stands here. So it may lower
what is owed and end an invoice, but it takes back no payment: for that, payments are reversed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from rules.collection_stages import CollectionStage
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.refusals import Refusal, written_amount, written_date

#: Fields that are written as the file tells them.
PLAIN = (
    "number",
    "contract_id",
    "issue_date",
    "due_date",
    "description",
    "amount",
    "fiscal_document_issued",
    "remittance_generated",
    "payment_profile_id",
    "pay_on_time_discount",
)
#: What a live or ended agreement has fixed.
_AGREED = ("amount", "due_date")
_DEFAULTS: dict[str, Any] = {
    "number": "",
    "contract_id": None,
    "issue_date": None,
    "description": "",
    "fiscal_document_issued": False,
    "remittance_generated": False,
    "payment_profile_id": None,
    "pay_on_time_discount": ZERO,
    "settled_on": None,
    "collection_stage": None,
    "stage_since": None,
    "agreement_id": None,
    "bureau_stage": None,
}


class InvoiceOfAnotherCustomer(Refusal):
    message = "A fatura %(invoice)s pertence a outro cliente. Confira o código."
    field = "customer"


class InvoiceInAgreement(Refusal):
    message = "A fatura %(invoice)s está em um acordo: valor, vencimento e situação não mudam."


class SettledAmountFixed(Refusal):
    message = (
        "A fatura %(invoice)s já está quitada: o valor não aumenta. Estorne o pagamento antes."
    )
    field = "amount"


class SettledInvoiceKept(Refusal):
    message = "A fatura %(invoice)s já está quitada e não pode ser cancelada nem suspensa."
    field = "status"


class SettledWithoutDate(Refusal):
    message = "A fatura está quitada: informe a data em quitada_em."
    field = "settled_on"


class SettledInTheFuture(Refusal):
    message = "A data de quitação, %(day)s, está no futuro."
    field = "settled_on"


class OpenAboveAmount(Refusal):
    message = "O saldo é maior que o valor da fatura, R$ %(amount)s."
    field = "open_amount"


class StageOfClosedInvoice(Refusal):
    message = "Só uma fatura aberta tem estágio de cobrança."
    field = "collection_stage"


class StageInTheFuture(Refusal):
    message = "A data do estágio, %(day)s, está no futuro."
    field = "stage_since"


class StageBeforeDue(Refusal):
    message = "Uma fatura que vence em %(day)s ainda não está em cobrança."
    field = "collection_stage"


def new_invoice(told: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """This will make a whole invoice of what a row tells; `stage_since` stays a date.

    Refuses SettledWithoutDate, OpenAboveAmount, StageOfClosedInvoice, StageBeforeDue and dates in
    the future.
    """
    invoice = _DEFAULTS | {field: told[field] for field in PLAIN if field in told}
    invoice |= {"code": told["code"], "customer_id": told["customer_id"]}
    opened = {"status": InvoiceStatus.OPEN, "open_amount": told["amount"]}
    invoice |= opened | _standing(told, owed=told["amount"], today=today)
    if told.get("collection_stage"):
        invoice |= adoption(told, status=invoice["status"], today=today)
    return invoice | _at_bureau(invoice, told)


def changed_invoice(
    kept: Mapping[str, Any], told: Mapping[str, Any], *, today: date
) -> dict[str, Any]:
    """This will give the fields that a row changes of the invoice kept; none: it is unchanged.

    Refuses InvoiceOfAnotherCustomer, InvoiceInAgreement, SettledAmountFixed, SettledInvoiceKept
    and what new_invoice refuses.
    """
    check_owner(kept, told)
    check_agreed(kept, told)
    changed = _changes(kept, told)
    owed = _owed(kept, changed)
    changed |= _status_changes(kept, told, owed=owed, today=today)
    if kept["collection_stage"] is None and told.get("collection_stage"):
        changed |= adoption(told, status=changed.get("status", kept["status"]), today=today)
    if kept["bureau_stage"] is None and told.get("bureau"):
        changed |= _at_bureau({**kept, **changed}, told)
    return {field: value for field, value in changed.items() if value != kept[field]}


def adoption(told: Mapping[str, Any], *, status: str, today: date) -> dict[str, Any]:
    """This will give the stage at which the invoice is taken over, and since when it is there."""
    if status != InvoiceStatus.OPEN:
        raise StageOfClosedInvoice
    check_overdue(told, today)
    since = check_since(told, today)
    return {"collection_stage": CollectionStage(told["collection_stage"]), "stage_since": since}


def _at_bureau(invoice: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Where it stands at the bureau; what is in no stage of collections is there since then."""
    if not told.get("bureau"):
        return {}
    since = told.get("bureau_registered_on") or told.get("bureau_noticed_on")
    stage_since = {} if invoice["stage_since"] else {"stage_since": since}
    return {"bureau_stage": told["bureau"], **stage_since}


def check_since(told: Mapping[str, Any], today: date) -> date:
    """This will give since when the invoice is at its stage. Refuses StageInTheFuture."""
    since: date = told.get("stage_since") or today
    if told.get("collection_stage") and since > today:
        raise StageInTheFuture(day=written_date(since))
    return since


def check_overdue(told: Mapping[str, Any], today: date) -> None:
    """Refuses a stage of what is not overdue (StageBeforeDue)."""
    if told.get("collection_stage") and told["due_date"] >= today:
        raise StageBeforeDue(day=written_date(told["due_date"]))


def check_stage(told: Mapping[str, Any], status: str) -> None:
    """Refuses a stage of what is not open (StageOfClosedInvoice)."""
    is_closed = status != InvoiceStatus.OPEN or _says_settled(told)
    if told.get("collection_stage") and is_closed:
        raise StageOfClosedInvoice


def check_owner(kept: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Refuses an invoice of another customer (InvoiceOfAnotherCustomer)."""
    if told["customer_id"] != kept["customer_id"]:
        raise InvoiceOfAnotherCustomer(invoice=kept["code"])


def _changes(kept: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    return {f: told[f] for f in PLAIN if f in told and told[f] != kept[f]}


def check_agreed(kept: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Refuses a change of what an agreement fixed (InvoiceInAgreement)."""
    changed = _changes(kept, told)
    if kept["agreement_id"] is None and kept["status"] != InvoiceStatus.REPLACED:
        return
    is_so_already = told.get("status") in {kept["status"], _as_elsewhere(kept)}
    ends = _ends(told) and not is_so_already
    field = next((field for field in _AGREED if field in changed), "status" if ends else None)
    if field is not None:
        raise InvoiceInAgreement(invoice=kept["code"], field=field)


def _owed(kept: Mapping[str, Any], changed: Mapping[str, Any]) -> Decimal:
    """What is left to pay once the amount is the new one: what was paid stays paid."""
    if kept["status"] == InvoiceStatus.CANCELLED:
        return Decimal(changed.get("amount", kept["amount"]))
    paid: Decimal = kept["amount"] - kept["open_amount"]
    return max(ZERO, Decimal(changed.get("amount", kept["amount"])) - paid)


def _status_changes(
    kept: Mapping[str, Any], told: Mapping[str, Any], *, owed: Decimal, today: date
) -> dict[str, Any]:
    wanted = told.get("status")
    if kept["status"] == InvoiceStatus.SETTLED or _is_set_aside(kept):
        check_settled_kept(kept, told)
        return {}
    if wanted is None and kept["status"] != InvoiceStatus.OPEN:
        return {}
    changed: dict[str, Any] = {"status": InvoiceStatus.OPEN, "open_amount": owed}
    changed |= _standing(told, owed=owed, today=today)
    if kept["status"] == InvoiceStatus.CANCELLED and changed["status"] == InvoiceStatus.OPEN:
        changed |= {"collection_stage": None}
    return changed


def _standing(told: Mapping[str, Any], *, owed: Decimal, today: date) -> dict[str, Any]:
    """What the row says of status and open amount; nothing that would raise what is owed."""
    status, left = told.get("status"), told.get("open_amount")
    check_open(told)
    if _says_settled(told):
        return {"status": InvoiceStatus.SETTLED, "open_amount": ZERO} | _settled_on(told, today)
    if status == InvoiceStatus.CANCELLED:
        return {"status": status, "open_amount": ZERO}
    owed = owed if left is None else min(left, owed)
    return {"open_amount": owed} | ({"status": status} if status else {})


def check_settled_kept(kept: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Refuses to end what was settled in another way (SettledInvoiceKept), or to make it dearer
    (SettledAmountFixed)."""
    if kept["status"] != InvoiceStatus.SETTLED:
        return
    if _ends(told):
        raise SettledInvoiceKept(invoice=kept["code"])
    if _owed(kept, _changes(kept, told)):
        raise SettledAmountFixed(invoice=kept["code"])


def check_open(told: Mapping[str, Any]) -> None:
    """Refuses more to be open than the invoice is of (OpenAboveAmount)."""
    left = told.get("open_amount")
    if left is not None and left > told["amount"]:
        raise OpenAboveAmount(amount=written_amount(told["amount"]))


def check_settled(told: Mapping[str, Any], today: date) -> None:
    """Refuses what is settled on no day, or on one to come."""
    if _says_settled(told):
        _settled_on(told, today)


def _ends(told: Mapping[str, Any]) -> bool:
    return told.get("status") in {InvoiceStatus.CANCELLED, InvoiceStatus.SUSPENDED}


def _is_set_aside(kept: Mapping[str, Any]) -> bool:
    """An agreement took its place, or its agreement was undone: whatever another system calls it,
    it owes nothing here."""
    is_undone = kept["status"] == InvoiceStatus.CANCELLED and kept["agreement_id"] is not None
    return is_undone or _is_replaced(kept)


def _is_replaced(kept: Mapping[str, Any]) -> bool:
    replaced = kept["collection_stage"] == CollectionStage.REPLACED
    return bool(replaced or kept["status"] == InvoiceStatus.REPLACED)


def _as_elsewhere(kept: Mapping[str, Any]) -> str:
    """What other systems call an original whose place an agreement's invoices took."""
    return InvoiceStatus.SUSPENDED if _is_replaced(kept) else kept["status"]


def _says_settled(told: Mapping[str, Any]) -> bool:
    status, left = told.get("status"), told.get("open_amount")
    is_left_out = status in {None, InvoiceStatus.OPEN}
    return status == InvoiceStatus.SETTLED or (left == ZERO and is_left_out)


def _settled_on(told: Mapping[str, Any], today: date) -> dict[str, Any]:
    day = told.get("settled_on")
    if day is None:
        raise SettledWithoutDate
    if day > today:
        raise SettledInTheFuture(day=written_date(day))
    return {"settled_on": day}
