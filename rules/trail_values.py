"""What stored words stand for in the details of the audit trail: stages, channels, results.

By the detail's name. A word that is not known is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from rules import contestation_words, contract_words, ladder_words, service_words, words
from rules.cases import Process
from rules.message_templates import BY_CODE
from rules.permissions import GROUPS
from rules.service_model_words import MODELS

#: The areas of the trail that are called otherwise than their process.
PROCESSES: Mapping[str, str] = {
    "ticket": Process.TICKETS,
    "task": Process.TASKS,
    "contract": Process.ACTIVATION,
    "renewals": Process.RENEWALS,
}
#: Details that are logins.
PEOPLE = frozenset({"to", "by", "owner", "assignee", "done_by", "executive", "login", "substitute"})
#: Details that are stages, or people, where something changed hands.
CHANGED = frozenset({"was", "now", "stage", "status", "instead_of"})

_STAGES: Mapping[str, str] = {
    stage: label for stages in words.STAGES.values() for stage, label in stages.items()
}
_CHANNELS = {**contestation_words.CHANNELS, **service_words.TICKET_CHANNELS, **words.CHANNELS}
VALUES: Mapping[str, Mapping[str, str]] = {
    "channel": _CHANNELS,
    "protocol_channel": contestation_words.CHANNELS,
    "origin": words.ORIGINS,
    "clock": service_words.CLOCKS,
    "direction": {**contestation_words.DIRECTIONS, **words.DIRECTIONS},
    "priority": {str(number): label for number, label in words.PRIORITIES.items()},
    "process": words.PROCESSES,
    "skills": words.PROCESSES,
    "result": words.TASK_RESULTS,
    "purpose": {code: purpose.label for code, purpose in BY_CODE.items()},
    "remedy": contestation_words.REMEDIES,
    "refund_channel": contestation_words.REFUND_CHANNELS,
    "bill_form": contestation_words.BILL_FORMS,
    "level": contestation_words.LEVEL_NAMES,
    "pause": ladder_words.PAUSES,
    "carries": ladder_words.CONNECTION_KINDS,
    "state": ladder_words.CONNECTION_STATES,
    "model": MODELS,
    "payment_method": contract_words.PAYMENT_METHODS,
    "billing_method": contract_words.BILLING,
    "renewal_price": contract_words.RENEWAL_PRICES,
    "plan_type": contract_words.PLAN_TYPES,
    "change": contract_words.CHANGES,
    "permissions": {each.name: each.label for group in GROUPS for each in group.permissions},
    "fields": words.TASK_FIELDS,
}


def word_of(name: str, value: str, *, area: str) -> str:
    """The message id of a detail's stored word in an area of the trail; the word itself if none."""
    if name in CHANGED:
        process = PROCESSES.get(area, area)
        stages = {**_STAGES, **words.STAGES.get(process, {})}
        return stages.get(value, value)
    return VALUES.get(name, {}).get(value, value)
