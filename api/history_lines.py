"""A line of history: a stored event as a sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from api import language
from api.language import N_, gettext
from models.cases import CaseEvent
from models.contracts import ContractEvent
from models.invoices import InvoiceEvent
from rules import (
    contestation_words,
    contract_words,
    customer_marks,
    ladder_words,
    service_words,
    words,
)
from rules.audit_words import RULES
from rules.cases import CUSTOMER, SYSTEM
from rules.coming import REACHING
from rules.history import CONTRACTS, INVOICES, part_of, sentence_of
from rules.history_words.entries import Part
from rules.message_templates import BY_CODE

ICONS = {
    Part.PEOPLE: "user",
    Part.SYSTEM: "settings",
    Part.MESSAGES: "mail",
    Part.MONEY: "coin",
}
OUTSIDERS = {SYSTEM: N_("Sistema"), CUSTOMER: N_("Cliente")}
AMOUNTS = {
    *("amount", "total", "left", "excess", "correction"),
    *("applied", "paid", "discount", "charges", "waived"),
}
#: Both ends of a due date that was moved, which other kinds of event use for stages and people.
DAYS = {"was", "now", "since"}
INSTANTS = {"until", "due_at"}
PEOPLE = {"to", "was", "told", "instead_of"}
PURPOSES = {code: purpose.label for code, purpose in BY_CODE.items()}
WORDS: dict[str, Mapping[str, str]] = {
    "channel": words.CHANNELS,
    "origin": words.ORIGINS,
    "clock": service_words.CLOCKS,
    "direction": words.DIRECTIONS,
    "reason": {**ladder_words.REASONS, **words.REASONS},
    "purpose": PURPOSES,
    "reminder": PURPOSES,
    "change": contract_words.CHANGES,
    "method": contract_words.BILLING,
    "method_was": contract_words.BILLING,
    "contestation_level": contestation_words.LEVEL_NAMES,
    "protocol_channel": contestation_words.CHANNELS,
    "audit_rule": RULES,
    "carries": ladder_words.CONNECTION_KINDS,
    "state_was": ladder_words.CONNECTION_STATES,
    "state_now": ladder_words.CONNECTION_STATES,
    "because": ladder_words.REASONS,
    "pause": ladder_words.PAUSES,
    "mark": customer_marks.NAMES,
    "refund_channel": contestation_words.REFUND_CHANNELS,
    "step": {kind: words.NEXT_STEPS[process][kind][0] for process, kind in REACHING.items()},
}


@dataclass(frozen=True)
class HistoryLine:
    """One event as people read it, and behind it what was stored."""

    id: int
    at: datetime
    by: str
    who: str
    sentence: str
    part: str
    icon: str
    kind: str
    about: str
    href: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Event:
    """An event of a case or an invoice, and what it is about."""

    stored: CaseEvent | InvoiceEvent | ContractEvent
    process: str
    about: str = ""
    href: str = ""


def line_of(event: Event, names: Mapping[str, str]) -> HistoryLine:
    """This will tell one event in the reader's language."""
    stored = event.stored
    told = {k: _shown(k, v, event, names) for k, v in _with_reason(stored.parameters).items()}
    if "after" in stored.parameters:
        changed = (gettext(words.TASK_FIELDS.get(k, k)) for k in stored.parameters["after"])
        told["fields"] = ", ".join(changed)
    sentence = sentence_of(event.process, stored.kind, told)
    part = part_of(event.process, stored.kind, by=stored.by)
    return HistoryLine(
        id=stored.id or 0,
        at=stored.at,
        by=stored.by,
        who=who_of(stored.by, names),
        sentence=gettext(sentence, **{**told, "kind": stored.kind}),
        part=part,
        icon=ICONS[part],
        kind=stored.kind,
        about=event.about,
        href=event.href,
        facts=tuple((name, str(value)) for name, value in sorted(told.items())),
    )


def _with_reason(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the ladder lifted is not said to be for want of payment."""
    ends = [("reason", "now"), ("because", "state_now")]
    lifted = {
        name: ladder_words.reason_of(parameters[name], state=parameters[state])
        for name, state in ends
        if isinstance(parameters.get(name), str) and isinstance(parameters.get(state), str)
    }
    return {**parameters, **lifted}


def who_of(by: str, names: Mapping[str, str]) -> str:
    """Who acted, as people call them; whoever is not of the house by what they are."""
    return gettext(OUTSIDERS[by]) if by in OUTSIDERS else names.get(by, by)


def tell(process: str, event: CaseEvent | InvoiceEvent, names: Mapping[str, str]) -> HistoryLine:
    """This will tell a stored event of a process."""
    return line_of(Event(event, process), names)


def _shown(name: str, value: Any, event: Event, names: Mapping[str, str]) -> Any:
    """A stored value as people write it; what is not known is shown as it is."""
    if isinstance(value, list):
        fields = contract_words.LABELS if name == "terms" else names if name in PEOPLE else {}
        return ", ".join(gettext(fields.get(str(each), str(each))) for each in value)
    if not isinstance(value, str):
        return value
    if name in {"stage", "now"} or (name == "was" and event.stored.kind == "stage"):
        stage = _stage(value, event.process)
        return _measured(name, value) if stage == value else stage
    if name in PEOPLE and value in names:
        return names[value]
    if name in WORDS:
        return gettext(WORDS[name].get(value, value))
    return _measured(name, value)


def _measured(name: str, value: str) -> str:
    """Amounts, days and instants; anything else as it is."""
    try:
        if name in AMOUNTS:
            return language.brl(Decimal(value))
        if name.endswith(("_on", "_date")) or name in DAYS:
            return language.day(date.fromisoformat(value))
        if name in INSTANTS:
            return language.moment(datetime.fromisoformat(value))
    except (ValueError, ArithmeticError):  # written by an older version: shown, not hidden
        return value
    return value


def _stage(stage: str, process: str) -> str:
    if process == CONTRACTS:
        return gettext(contract_words.CONTRACT_STAGES.get(stage, stage))
    if process == INVOICES:
        return gettext(words.INVOICE_STAGES.get(stage, stage))
    return gettext(words.stage_label(process, stage))
