"""History in plain words: which sentence tells an event, and to which part of history it belongs.

Events are stored as kind and parameters. A kind has one or more sentences, the most telling first:
the first whose places can all be filled is the one shown. What has no sentence is shown as stored.
The sentences of a process stand in rules/history_words/<process>.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.cases import Process
from rules.history_words import (
    activation,
    agreements,
    bureau,
    collections,
    contestation,
    contracts,
    everywhere,
    invoices,
    kickoff,
    renewals,
    tasks,
    tickets,
)
from rules.history_words.entries import Part, Told
from rules.sentences import N_, PLACE

UNKNOWN = N_("Evento registrado como “%(kind)s”.")
INVOICES = "invoices"
CONTRACTS = "contracts"
SENTENCES: Mapping[str, Mapping[str, Told]] = {
    Process.TASKS: tasks.SENTENCES,
    Process.COLLECTIONS: collections.SENTENCES,
    Process.AGREEMENTS: agreements.SENTENCES,
    Process.BUREAU: bureau.SENTENCES,
    Process.CONTESTATION: contestation.SENTENCES,
    Process.TICKETS: tickets.SENTENCES,
    Process.KICKOFF: kickoff.SENTENCES,
    INVOICES: invoices.SENTENCES,
    CONTRACTS: contracts.SENTENCES,
    Process.ACTIVATION: activation.SENTENCES,
    Process.RENEWALS: renewals.SENTENCES,
}


def is_known(process: str, kind: str) -> bool:
    """Whether the kind has a sentence of its own."""
    return _told(process, kind) is not None


def sentence_of(process: str, kind: str, parameters: Mapping[str, Any]) -> str:
    """The message id that tells the event; its places are in `parameters`, or %(kind)s."""
    told = _told(process, kind)
    if told is None:
        return UNKNOWN
    filled = {name for name, value in parameters.items() if value not in (None, "", [], {})}
    fitting = (each for each in told.sentences if set(PLACE.findall(each)) <= filled)
    return next(fitting, UNKNOWN)


def part_of(process: str, kind: str, *, by: str) -> Part:
    """The part of history that an event belongs to."""
    told = _told(process, kind)
    if told is not None and told.part is not None:
        return told.part
    return Part.SYSTEM if by == "system" else Part.PEOPLE


def _told(process: str, kind: str) -> Told | None:
    """The process's own word for the kind wins over everybody's."""
    return SENTENCES.get(process, {}).get(kind) or everywhere.SENTENCES.get(kind)
