"""Agreements that a file brings from another system: what stands against one, and what it becomes.

Its invoices must be here already. What it comes to is told by them; what the file says of it beside
them must agree. An agreement that is known changes in its tolerance date, category and description
alone: its invoices and amounts were agreed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rules.agreement_terms import AgreementKind
from rules.agreements import (
    LIVE,
    AgreedInvoice,
    AgreementFacts,
    AgreementPolicy,
    AgreementStatus,
    breaks_on,
)
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.proposals import ToleranceBeforeLastDue
from rules.refusals import Refusal, written_date

#: The invoices that a row names, as they stand here.
Named = Sequence[Mapping[str, Any]]
#: What may change of an agreement that is known.
CHANGEABLE = ("tolerance_date", "category_id", "description")
#: What a row must tell as it was, where it tells it.
FIXED = ("customer_id", "kind", "invoices", "originals", "total", "made_on", "made_by")


class AgreementPastTolerance(Refusal):
    message = (
        "Com estas faturas, o acordo deixou de ser cumprido em %(day)s. Se é isso, escreva "
        "não cumprido na situação; senão, corrija a tolerância ou as faturas."
    )
    field = "standing"


class AgreementFixed(Refusal):
    message = (
        "O acordo %(agreement)s já está aqui: mudam por arquivo só tolerância, categoria e "
        "descrição. Cancele-o e faça outro."
    )


class AgreementOver(Refusal):
    message = "O acordo %(agreement)s já não está em andamento aqui: nada dele muda por arquivo."
    field = "code"


@dataclass(frozen=True)
class Brought:
    """A row beside the invoices that it names; `is_whole` says that all of these stand here.

    In a dry run some may be what an earlier file would bring: then only the others are judged.
    """

    told: Mapping[str, Any]
    kept_by: Named = ()
    originals: Named = ()
    contested: Collection[int] = ()
    is_whole: bool = True

    @property
    def is_proposal(self) -> bool:
        """Whether new invoices took the place of others."""
        return bool(self.told["kind"] == AgreementKind.PROPOSAL)

    @property
    def total(self) -> Decimal:
        """What was agreed on: what its instalments come to, or what was owed of its invoices."""
        if self.is_proposal:
            return sum_of(self.kept_by, "amount")
        told: Decimal | None = self.told.get("total")
        return sum((_agreed(each) for each in self.kept_by), ZERO) if told is None else told

    @property
    def principal(self) -> Decimal:
        """What was owed of the invoices that it took in; of unknown ones, what was agreed."""
        return sum_of(self.originals, "open_amount") if self.originals else self.total

    @property
    def components(self) -> dict[str, str]:
        """What came to the principal or went off it, without the parts that nobody told."""
        added = self.total - self.principal
        return {"charges": str(added)} if added > 0 else {"discount": str(-added)}


def changed_agreement(
    kept: Mapping[str, Any], brought: Brought, *, today: date, policy: AgreementPolicy
) -> dict[str, Any]:
    """This will give the fields that a row changes of the agreement kept; none: it is unchanged.

    `kept` holds the codes of its invoices too. Refuses AgreementFixed, AgreementOver, and a
    tolerance date by which it would be broken already.
    """
    told = brought.told
    for field in FIXED:
        if told.get(field) and told[field] != kept[field]:
            raise AgreementFixed(agreement=kept["code"], field=field)
    changed = {name: told[name] for name in CHANGEABLE if name in told and told[name] != kept[name]}
    if changed and kept["status"] not in LIVE:
        raise AgreementOver(agreement=kept["code"])
    if "tolerance_date" in changed:
        if kept["status"] != AgreementStatus.IN_PROGRESS:
            raise AgreementOver(agreement=kept["code"])
        check_last_due(brought)
        day = broken_on(brought, today, policy)
        if day is not None and day <= today:
            raise AgreementPastTolerance(day=written_date(day), field="tolerance_date")
    return changed


def broken_on(brought: Brought, today: date, policy: AgreementPolicy) -> date | None:
    """The first day on which it is broken if nothing more is paid; None: all is paid."""
    invoices = tuple(
        AgreedInvoice(each["id"], each["due_date"], each["settled_on"] or each["due_date"])
        if each["status"] == InvoiceStatus.SETTLED
        else AgreedInvoice(each["id"], each["due_date"])
        for each in brought.kept_by
    )
    facts = AgreementFacts(
        status=AgreementStatus.IN_PROGRESS, kind=brought.told["kind"],
        tolerance_date=brought.told["tolerance_date"], reminded_until=today,
        is_promise_checked=False, invoices=invoices,
    )  # fmt: skip
    return breaks_on(facts, policy)


def sum_of(invoices: Named, field: str) -> Decimal:
    """What an amount of these invoices comes to."""
    return sum((each[field] for each in invoices), ZERO)


def _agreed(invoice: Mapping[str, Any]) -> Decimal:
    is_paid = invoice["status"] == InvoiceStatus.SETTLED
    return Decimal(invoice["amount"] if is_paid else invoice["open_amount"])


def check_last_due(brought: Brought) -> None:
    """Refuses a new proposal's tolerance before its last due date (ToleranceBeforeLastDue)."""
    if not brought.is_proposal:
        return
    last_due = max((each["due_date"] for each in brought.kept_by), default=None)
    if last_due is not None and brought.told["tolerance_date"] < last_due:
        raise ToleranceBeforeLastDue(last_due=written_date(last_due))
