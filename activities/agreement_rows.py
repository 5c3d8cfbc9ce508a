"""The rows of an agreement that is taken over: itself, its links, its invoices, their histories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from activities.import_pages import PageContext
from models.agreements import Agreement, Role
from rules.agreement_terms import AgreementKind
from rules.agreements import AgreementPolicy, AgreementReason, AgreementStatus
from rules.business_days import at_local_time
from rules.collection_stages import CollectionStage
from rules.import_agreements import Brought, broken_on
from rules.money import ZERO
from rules.panels import InvoiceStatus

OFFICE_OPENS = time(9)
#: Why an invoice left the agreement's own stage, by itself.
REASONS = {
    CollectionStage.FULFILLED: AgreementReason.SETTLED,
    CollectionStage.BROKEN: AgreementReason.BROKEN,
}
#: What an imported instalment is made of, where nobody told its parts.
WHOLE = "principal"


@dataclass(frozen=True)
class Adopted:
    """An agreement as it is taken over. `broken_at`: when it was broken, None while it is kept."""

    code: str
    brought: Brought
    made_at: datetime
    made_by: str
    broken_at: datetime | None

    @property
    def status(self) -> AgreementStatus:
        """Where it stands; that all is paid is its own journey's to find."""
        return AgreementStatus.BROKEN if self.broken_at else AgreementStatus.IN_PROGRESS

    @property
    def stage(self) -> CollectionStage:
        """Where the invoices stand by which it is kept."""
        return CollectionStage.BROKEN if self.broken_at else CollectionStage.IN_AGREEMENT

    @property
    def since(self) -> datetime:
        """When it came to stand there."""
        return self.broken_at or self.made_at

    @property
    def kept_by(self) -> list[Mapping[str, Any]]:
        """The invoices that must be paid, those due first before the others."""
        return _by_due_date(self.brought.kept_by)

    @property
    def originals(self) -> list[Mapping[str, Any]]:
        """The invoices whose place others took; none of an unchanged agreement."""
        return _by_due_date(self.brought.originals)


def take_over(code: str, brought: Brought, policy: AgreementPolicy, page: PageContext) -> Adopted:
    """This will say how a row's agreement is taken over: as broken, if it is so by now."""
    told, ends = brought.told, broken_on(brought, page.today, policy)
    made_on = told.get("made_on")
    is_broken = ends is not None and ends <= page.today
    return Adopted(
        code=code,
        brought=brought,
        made_at=min(at_local_time(made_on, at=OFFICE_OPENS), page.at) if made_on else page.at,
        made_by=told.get("made_by") or page.by,
        broken_at=min(policy.instant_on(ends), page.at) if ends and is_broken else None,
    )


def row_of(adopted: Adopted, page: PageContext) -> dict[str, Any]:
    """The agreement itself, reminded of until today."""
    brought, told = adopted.brought, adopted.brought.told
    agreement = Agreement(
        code=adopted.code, customer_id=told["customer_id"], kind=told["kind"],
        status=adopted.status, category_id=told["category_id"],
        tolerance_date=told["tolerance_date"], principal=brought.principal, total=brought.total,
        components=brought.components, description=told.get("description") or "",
        made_at=adopted.made_at, made_by=adopted.made_by, reminded_until=page.today,
    )  # fmt: skip
    return agreement.model_dump(exclude={"id"})


def links_of(adopted: Adopted, agreement_id: int) -> Iterator[dict[str, Any]]:
    """Its invoices, each with what it is to the agreement."""
    is_unchanged = adopted.brought.told["kind"] == AgreementKind.UNCHANGED
    roles = {
        Role.ORIGINAL: adopted.kept_by if is_unchanged else adopted.originals,
        Role.INSTALMENT: [] if is_unchanged else adopted.kept_by,
    }
    for role, invoices in roles.items():
        for ordinal, invoice in enumerate(invoices, start=1):
            yield {
                "agreement_id": agreement_id, "invoice_id": invoice["id"], "role": role,
                "ordinal": ordinal, "parts": _parts(role, invoice),
            }  # fmt: skip


def _parts(role: Role, invoice: Mapping[str, Any]) -> dict[str, str]:
    """What was open of an original stands here alone: restoring reads it."""
    if role is Role.INSTALMENT:
        return {WHOLE: str(invoice["amount"])}
    is_paid = invoice["status"] == InvoiceStatus.SETTLED
    return {"open_amount": str(invoice["amount"] if is_paid else invoice["open_amount"])}


def moved_invoices(
    adopted: Adopted, ids: Mapping[str, int], policy: AgreementPolicy
) -> Iterator[tuple[int, dict[str, Any]]]:
    """What changes of its invoices, by their ids; originals owe nothing any more."""
    own = {"agreement_id": ids[adopted.code], "ladder_next_on": None}
    for invoice in adopted.kept_by:
        *_, (stage, since) = _stages(adopted, invoice)
        yield invoice["id"], {**own, "collection_stage": stage, "stage_since": since}
    status = InvoiceStatus.SUSPENDED if policy.suspend_originals else InvoiceStatus.REPLACED
    aside = {"collection_stage": CollectionStage.REPLACED, "stage_since": adopted.made_at}
    for invoice in adopted.originals:
        yield invoice["id"], {**own, **aside, "status": status, "open_amount": ZERO}


def _stages(adopted: Adopted, invoice: Mapping[str, Any]) -> list[tuple[CollectionStage, datetime]]:
    """Where an invoice by which it is kept has been since it was made, and from when on."""
    stages = [(CollectionStage.IN_AGREEMENT, adopted.made_at)]
    if invoice["status"] == InvoiceStatus.SETTLED:
        paid_at = at_local_time(invoice["settled_on"] or invoice["due_date"], at=OFFICE_OPENS)
        stages.append((CollectionStage.FULFILLED, max(paid_at, adopted.made_at)))
    elif adopted.broken_at:
        stages.append((CollectionStage.BROKEN, adopted.broken_at))
    return stages


def lines_of_invoices(adopted: Adopted, agreement_id: int) -> Iterator[dict[str, Any]]:
    """The lines that making and breaking it here would have written, with their own dates.

    From when on an invoice stood still is counted by them (models/ladder_stops.py).
    """
    made, replaced = adopted.kept_by, adopted.originals
    lineage = {"originals": [i["code"] for i in replaced]} if replaced else {}
    is_proposal = adopted.brought.is_proposal
    for invoice in made:
        if is_proposal:
            yield _line(adopted, invoice, "made_by_agreement", agreement_id=agreement_id, **lineage)
        yield from _moves(adopted, invoice, _stages(adopted, invoice))
    codes = [invoice["code"] for invoice in made]
    for invoice in replaced:
        yield _line(
            adopted, invoice, "replaced_by_agreement", agreement_id=agreement_id, invoices=codes
        )
        yield from _moves(adopted, invoice, [(CollectionStage.REPLACED, adopted.made_at)])


def _line(
    adopted: Adopted, invoice: Mapping[str, Any], kind: str, **parameters: Any
) -> dict[str, Any]:
    return {
        "invoice_id": invoice["id"], "at": adopted.made_at, "by": adopted.made_by, "kind": kind,
        "parameters": parameters,
    }  # fmt: skip


def _moves(
    adopted: Adopted, invoice: Mapping[str, Any], stages: Iterable[tuple[CollectionStage, datetime]]
) -> Iterator[dict[str, Any]]:
    was = invoice["collection_stage"]
    for now, at in stages:
        reason = REASONS.get(now, AgreementReason.MADE)
        moved = _line(adopted, invoice, "stage", was=was, now=str(now), reason=str(reason))
        yield {**moved, "at": at, "by": "system" if now in REASONS else adopted.made_by}
        was = str(now)


def taken_over(adopted: Iterable[Adopted]) -> list[dict[str, Any]]:
    """The invoices for whose customers the account stands as the agreement does."""
    return [
        {**invoice, "collection_stage": each.stage, "stage_since": each.since}
        for each in adopted
        for invoice in each.kept_by
    ]


def _by_due_date(invoices: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(invoices, key=lambda each: (each["due_date"], each["code"]))
