"""Which stage leads where, a module for each process: the words of the generated pages.

The stages, steps and commands are the code's own; docs/generate_processes.py refuses to write a
page that leaves one out.
"""

from __future__ import annotations

from docs.journeys import (
    activation,
    agreements,
    anonymisation,
    bureau,
    collections,
    contestation,
    contract_changes,
    contracts,
    kickoff,
    messages,
    readjustments,
    renewals,
    tasks,
    tickets,
)

JOURNEYS = (
    collections.JOURNEY,
    agreements.JOURNEY,
    bureau.JOURNEY,
    tasks.JOURNEY,
    kickoff.JOURNEY,
    tickets.JOURNEY,
    contestation.JOURNEY,
    contestation.RECEIVED,
    messages.JOURNEY,
    contracts.JOURNEY,
    activation.JOURNEY,
    contract_changes.JOURNEY,
    renewals.JOURNEY,
    readjustments.JOURNEY,
    anonymisation.JOURNEY,
)
