"""What the commands on a contract are asked with: the same fields in pages and JSON."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from api.forms import Amount, Day, Submitted, blank
from api.inputs import Input
from models.contracts import Contract
from models.renewals import ContractRenewal
from rules.bureau_notices import LONGEST_PROOF
from rules.charges import Recurrence, ServiceKind
from rules.contract_changes import ChangeKind
from rules.contracts import Periodicity, RenewalForm


class ChangeInput(Input):
    """A dated change; without a day it begins today. `version` is the contract's as it was seen."""

    kind: ChangeKind
    starts_on: Day | None = None
    until: Day | None = None
    plan_id: int | None = None
    months: Periodicity | None = Field(default=None, description="of a period, from then on")
    reason: str = Field(default="", max_length=300)
    street: str = Field(default="", max_length=200, description="of the new address")
    city: str = Field(default="", max_length=80)
    uf: str = Field(default="", max_length=2)
    postal_code: str = Field(default="", max_length=9)
    to_customer: str = Field(
        default="", max_length=80, description="code, CPF or CNPJ of the new owner"
    )
    owner_seen: int | None = Field(default=None, exclude=True, description="of the page alone")
    version: int | None = None


class ServiceInput(Input):
    """An additional service; what is left out is the product's."""

    kind: ServiceKind | None = None
    product_id: int | None = None
    description: str = Field(default="", max_length=160)
    unit: str = Field(default="", max_length=20)
    amount: Amount | None = None
    recurrence: Recurrence = Recurrence.UNTIL_REMOVED
    periods: int | None = Field(default=None, ge=1, le=120)
    starts_on: Day | None = None
    ledger_account_id: int | None = None


class RemovalInput(Input):
    """From which day on a service is removed; without one, from today."""

    until: Day | None = None


class BillingInput(Input):
    """Up to which due date charges are invoiced."""

    until: Day


class RenewalInput(Input):
    """The proposal of the next term; `form` None: the contract's own choice.

    `version` is its case's as it was seen.
    """

    amount: Amount = Decimal(0)
    months: int = 12
    form: RenewalForm | None = None
    version: int | None = None


class RenewInput(Input):
    """Renewing now; `form` None: as was proposed."""

    form: RenewalForm | None = None


class DecisionInput(Input):
    """Whether a price falls with its index."""

    reduce: bool = False


class ToldInput(Input):
    """How a customer was told by other means than messages, and on which day."""

    proven_on: Day
    proof: str = Field(default="", max_length=LONGEST_PROOF)


class Nothing(BaseModel):
    """A command that is a button: whoever presses it says nothing else."""


#: A change's form on the contract's page; a plan for a time is asked for where plans are changed.
CHANGE_FORMS = {kind: str(kind) for kind in ChangeKind} | {
    ChangeKind.UPGRADE: str(ChangeKind.PLAN_CHANGE)
}


def form_of(sent: Submitted[ChangeInput]) -> str:
    """The name of the form that was sent; "" when nothing of the page sends that."""
    names = {str(kind): name for kind, name in CHANGE_FORMS.items()}
    return names.get(str(sent.raw["kind"]), "")


def blank_forms(
    contract: Contract,
    renewal: ContractRenewal | None,
    *,
    today: date,
    next_due: date | None = None,
    renewal_version: int | None = None,
) -> dict[str, Submitted[Any]]:
    """The forms of the contract's page as they are first shown, by name."""
    begins = {"starts_on": today, "version": contract.version}
    forms: dict[str, Submitted[Any]] = {
        name: blank(ChangeInput, kind=name, **begins) for name in CHANGE_FORMS.values()
    }
    forms["service"] = blank(ServiceInput, starts_on=today)
    forms["bill"] = blank(BillingInput, until=next_due)
    for name in ("readjustment_told", "renewal_told"):
        forms[name] = blank(ToldInput, proven_on=today)
    if renewal is not None:
        forms["renewal"] = blank(
            RenewalInput, amount=renewal.amount, months=renewal.months, version=renewal_version,
            form=renewal.form or contract.renewal_form,
        )  # fmt: skip
    return {name: form.within(name) for name, form in forms.items()}
