"""Every process is entered wherever all of them are: a new one fails here by name."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from docs import generate_processes as generator
from docs.journeys import JOURNEYS as DRAWN
from models.outbox import JOURNEYS
from rules.case_sight import SEE
from rules.cases import SUBJECTS, Process
from rules.permissions import ALL
from rules.words import CASES
from workflows.worker import WORKFLOWS

pytestmark = pytest.mark.once

ENTERED: dict[str, Collection[str | None]] = {
    "SEE of rules/case_sight.py": SEE,
    "CASES of rules/words.py": CASES,
    "SUBJECTS of rules/cases.py": SUBJECTS,
    "JOURNEYS of models/outbox.py": JOURNEYS,
    "JOURNEYS of docs/journeys": {journey.process for journey in DRAWN},
    "COMMANDS of docs/generate_processes.py": generator.COMMANDS,
    "NAMES of docs/generate_processes.py": generator.NAMES,
}


@pytest.mark.parametrize("process", Process)
def test_a_process_is_entered_wherever_all_of_them_are(process: Process) -> None:
    lacking = [place for place, entered in ENTERED.items() if process not in entered]

    assert lacking == []
    assert SEE[process] in ALL
    assert JOURNEYS[process] in {each.__name__ for each in WORKFLOWS}
