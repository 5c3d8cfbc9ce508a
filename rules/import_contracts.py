"""What stands against a contract that a file brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.contracts import BillingMethod
from rules.refusals import Refusal


class ImportedEndNotAfterStart(Refusal):
    message = "O fim precisa ser posterior ao início."
    field = "ends_on"


class ChargedWithoutStart(Refusal):
    message = "Para cobrar deste contrato, informe o início e a regra de vencimento."
    field = "charged_from"


class ChargedBeforeStart(Refusal):
    message = "O primeiro dia a cobrar não pode vir antes do início."
    field = "charged_from"


def fault_of(told: Mapping[str, Any]) -> Refusal | None:
    """This will give what is wrong with the dates of a new contract; None when nothing is."""
    starts_on, ends_on, charged = told["starts_on"], told["ends_on"], told["charged_from"]
    if starts_on and ends_on and ends_on <= starts_on:
        return ImportedEndNotAfterStart()
    if charged is None or told["billing_method"] == BillingMethod.COURTESY:
        return None
    if starts_on is None or told["due_day_rule_id"] is None:
        return ChargedWithoutStart()
    return ChargedBeforeStart() if charged < starts_on else None
