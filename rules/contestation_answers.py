"""Answers to contestations: what was accepted of each item, and the barcode that follows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules import arrecadacao, boleto
from rules.contestation import ContestationStage
from rules.contestation_commands import ItemAnswer, RecordAnswer
from rules.money import ZERO, parse_not_negative
from rules.refusals import Refusal, written_amount, written_date


class AnswerItemUnknown(Refusal):
    message = "Um dos itens não é desta contestação."
    field = "items"


class AcceptedTooMuch(Refusal):
    message = "O aceito de um item não pode passar do contestado, que é R$ %(claimed)s."
    field = "items"


class AcceptedBelowCredited(Refusal):
    message = "Deste item já veio R$ %(credited)s de crédito: o aceito não pode ser menor."
    field = "items"


class RefusalReasonRequired(Refusal):
    message = "Diga com que razão a operadora recusou, no todo ou em parte."
    field = "reason"


class AnsweredInFuture(Refusal):
    message = "A resposta não pode estar no futuro."
    field = "answered_on"


class AnsweredBeforeAsked(Refusal):
    message = "A resposta não pode ser anterior ao primeiro contato com a operadora, em %(since)s."
    field = "answered_on"


class NewBarcodeAmountWrong(Refusal):
    message = "O código é de R$ %(found)s, e o valor corrigido é de R$ %(expected)s."
    field = "code"


class NewBarcodeWithoutAmount(Refusal):
    message = "O código não traz o valor: peça à operadora um com o valor corrigido."
    field = "code"


class NewBarcodeNotReadable(Refusal):
    message = "O código deve ter 44, 47 ou 48 dígitos. Confira e digite de novo."
    field = "code"


class AnswerContradictsItself(Refusal):
    message = "Desmarque “Aceita por inteiro” para dizer quanto de cada item foi aceito."
    field = "accepts_all"


@dataclass(frozen=True)
class ClaimedItem:
    """An item as the answer finds it. `granted`: of it, where the letter asks for no more."""

    item_id: int
    claimed: Decimal
    credited: Decimal = ZERO
    granted: Decimal | None = None

    @property
    def asked(self) -> Decimal:
        """What the carrier was asked to accept: in a later round what it had accepted before."""
        return self.claimed if self.granted is None else self.granted


def check_answered_on(answered_on: date, *, since: date | None, today: date) -> None:
    """Refuses a day that is yet to come, and one before the carrier knew of the contestation.

    The answer's day says how what is accepted comes back, and how long the carrier took.
    """
    if answered_on > today:
        raise AnsweredInFuture
    if since is not None and answered_on < since:
        raise AnsweredBeforeAsked(since=written_date(since))


def accepted_amounts(items: Sequence[ClaimedItem], command: RecordAnswer) -> Mapping[int, Decimal]:
    """How much of each item was accepted; what the answer does not name was refused.

    Refuses unknown items, more than was claimed, less than already came as credit,
    anything short of what was asked without a reason, and everything with less of an item.
    Everything is what was asked: a carrier that gives in to a letter about a credit which did not
    come takes back nothing that it had refused.
    """
    known = {each.item_id: each for each in items}
    if command.accepts_all:
        _check_whole(known, command.items)
        return {each.item_id: each.asked for each in items}
    told = {each.item_id: _checked(each, known) for each in command.items}
    amounts = {each.item_id: told.get(each.item_id, each.credited) for each in items}
    reasons = {each.item_id: each.reason.strip() for each in command.items}
    for each in items:
        is_short = amounts[each.item_id] < each.asked
        if is_short and not (command.reason.strip() or reasons.get(each.item_id)):
            raise RefusalReasonRequired
    return amounts


def _check_whole(known: Mapping[int, ClaimedItem], told: Sequence[ItemAnswer]) -> None:
    """Refuses an amount that was typed beside the word that everything was accepted."""
    for each in told:
        if _checked(each, known) != known[each.item_id].asked:
            raise AnswerContradictsItself


def _checked(answer: ItemAnswer, known: Mapping[int, ClaimedItem]) -> Decimal:
    item = known.get(answer.item_id)
    if item is None:
        raise AnswerItemUnknown
    accepted = parse_not_negative(answer.accepted, field="items")
    if accepted > item.claimed:
        raise AcceptedTooMuch(claimed=written_amount(item.claimed))
    if accepted < item.credited:
        raise AcceptedBelowCredited(credited=written_amount(item.credited))
    return accepted


def stage_after(*, claimed: Decimal, accepted: Decimal) -> ContestationStage:
    """What the answer makes of the contestation."""
    if accepted <= 0:
        return ContestationStage.REFUSED
    if accepted < claimed:
        return ContestationStage.PARTLY_ACCEPTED
    return ContestationStage.ACCEPTED


def read_new_barcode(code: str, *, expected: Decimal, today: date) -> str:
    """This will read the code of a corrected bill and give its digits.

    A code that begins with 8 is of arrecadação, any other a boleto's. Refuses wrong check digits,
    a code without amount, and an amount other than expected (NewBarcodeAmountWrong).
    """
    digits = re.sub(r"[\s.-]", "", code)
    found = _amount_of(digits, today=today)
    if not found:
        raise NewBarcodeWithoutAmount
    if found != expected:
        raise NewBarcodeAmountWrong(found=written_amount(found), expected=written_amount(expected))
    return digits


def _amount_of(digits: str, *, today: date) -> Decimal | None:
    try:
        if digits.startswith(arrecadacao.PRODUCT) and len(digits) in {44, 48}:
            return arrecadacao.read_line(digits).amount
        if len(digits) == 47:
            digits = boleto.read_typed_line(digits)
        if len(digits) != 44:
            raise NewBarcodeNotReadable
        return boleto.read_barcode(digits, today=today).amount
    except (
        arrecadacao.ArrecadacaoDigitWrong,
        boleto.BoletoDigitWrong,
        boleto.BoletoFactorNotReadable,
    ) as wrong:
        wrong.field = "code"
        raise
