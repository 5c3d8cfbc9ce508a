"""What the engine keeps of each journey stays near the least possible, and within its budget."""

from __future__ import annotations

import pytest

from bench.budgets import HISTORIES, KINDS, Kind, cost_of, typical
from workflows.worker import WORKFLOWS

#: Search attributes cost an event for each stage, and a waking that comes late a workflow task.
MOST_ABOVE_PAPER = 1.3


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_typical_journey_is_within_its_budget(kind: Kind) -> None:
    cost = typical(kind)

    assert cost.events <= kind.events
    assert cost.bytes <= kind.bytes
    assert kind.events <= cost.events * 1.25 + 2, "the budget is no budget any more: lower it"


def test_no_journey_writes_much_more_than_a_bare_workflow_would() -> None:
    costs = {file.stem: cost_of(file.read_text()) for file in HISTORIES.glob("*.json")}

    above = {name: cost for name, cost in costs.items() if cost.ratio > MOST_ABOVE_PAPER}
    assert above == {}
    assert sum(cost.events for cost in costs.values()) <= 1.06 * sum(
        cost.paper for cost in costs.values()
    )


def test_every_journey_of_a_case_has_a_budget() -> None:
    budgeted = {kind.workflow for kind in KINDS}

    assert budgeted <= {workflow.__name__ for workflow in WORKFLOWS}
    journeys = {each.__name__ for each in WORKFLOWS if hasattr(each, "live")}
    assert journeys <= budgeted
