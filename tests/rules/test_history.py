"""History in words: every kind that the program writes has a sentence, and fills its places."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.agreements import AgreementReason, AgreementStatus, AgreementStep
from rules.bureau import BureauStep, RecordStage
from rules.cases import Process
from rules.collections import AccountEvent, AccountStage, AccountStep
from rules.history import INVOICES, UNKNOWN, is_known, part_of, sentence_of
from rules.history_words.entries import Part
from rules.messages import MessageStatus
from rules.task_reminders import TaskStep
from rules.tasks import TaskStatus
from rules.words import NEXT_STEPS, STAGES

ROOT = Path(__file__).parent.parent.parent
RECORDERS = {"record_event", "record_invoice_event", "_record"}

KINDS = [
    *((Process.TASKS, step) for step in TaskStep),
    *((Process.COLLECTIONS, kind) for kind in (*AccountStep, *AccountEvent)),
    (Process.COLLECTIONS, AgreementReason.MADE),
    *((Process.COLLECTIONS, f"agreement_{status}") for status in AgreementStatus),
    *((Process.AGREEMENTS, step) for step in AgreementStep),
    *((Process.BUREAU, step) for step in BureauStep),
    *((process, f"bureau_{stage}") for stage in RecordStage
      for process in (Process.COLLECTIONS, INVOICES)),
    *((Process.COLLECTIONS, f"message_{status}") for status in MessageStatus
      if status is not MessageStatus.SENDING),
]  # fmt: skip


@pytest.mark.parametrize(("process", "kind"), KINDS)
def test_every_kind_has_a_sentence(process, kind):
    assert is_known(process, kind)


def literal_kinds() -> Iterator[str]:
    """The kinds that are written into calls as they are stored."""
    for folder in ("models", "activities"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    yield from _kind_of(node)


def _kind_of(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    for word in call.keywords:
        if name in RECORDERS and word.arg == "kind" and isinstance(word.value, ast.Constant):
            yield str(word.value.value)


def test_kinds_written_out_in_the_code_have_a_sentence():
    unknown = {
        kind for kind in literal_kinds()
        if not any(is_known(process, kind) for process in (*Process, INVOICES))
    }  # fmt: skip

    assert unknown == set()


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"to": "Bia", "instead_of": "Ana"}, "Encaminhou a %(to)s, que substitui %(instead_of)s."),
        ({"to": "Bia", "instead_of": ""}, "Encaminhou a %(to)s."),
        ({"to": "Bia"}, "Encaminhou a %(to)s."),
        ({}, UNKNOWN),
    ],
)
def test_the_most_telling_sentence_that_can_be_filled_is_shown(parameters, sentence):
    assert sentence_of(Process.TASKS, "delegated", parameters) == sentence


def test_a_kind_without_a_sentence_is_shown_as_it_is_stored():
    assert sentence_of(Process.TASKS, "teleported", {"to": "x"}) == UNKNOWN


@pytest.mark.parametrize(
    ("process", "kind", "by", "part"),
    [
        (Process.TASKS, "claimed", "ana", Part.PEOPLE),
        (Process.TASKS, "remind", "system", Part.SYSTEM),
        (Process.COLLECTIONS, "message_sent", "system", Part.MESSAGES),
        (INVOICES, "payment", "ana", Part.MONEY),
        (INVOICES, "teleported", "system", Part.SYSTEM),
    ],
)
def test_history_can_be_narrowed_to_its_parts(process, kind, by, part):
    assert part_of(process, kind, by=by) is part


@pytest.mark.parametrize(
    ("process", "stages", "steps"),
    [
        (Process.TASKS, TaskStatus, TaskStep),
        (Process.COLLECTIONS, AccountStage, AccountStep),
        (Process.AGREEMENTS, AgreementStatus, AgreementStep),
        (Process.BUREAU, RecordStage, BureauStep),
    ],
)
def test_every_stage_and_every_next_step_has_words(process, stages, steps):
    assert set(stages) <= set(STAGES[process])
    assert set(steps) <= set(NEXT_STEPS[process])
