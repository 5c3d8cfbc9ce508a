"""A task."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.cases import Process
from rules.task_reminders import TaskStep
from rules.tasks import CancelTask, ConcludeTask, TaskStatus

S = TaskStatus

JOURNEY = Journey(
    title="A task",
    words=(
        "Claiming, releasing, delegating and snoozing change the task's row, not its stage. Whoever"
        " asked for the task hears of its end."
    ),
    stages=TaskStatus,
    arrows=(
        Arrow(None, S.OPEN, "asked for by a person or a process"),
        Arrow(S.OPEN, S.OPEN, TaskStep.UNTAKEN),
        Arrow(S.OPEN, S.OPEN, TaskStep.REMIND),
        Arrow(S.OPEN, S.OPEN, TaskStep.TELL),
        Arrow(S.OPEN, S.OPEN, TaskStep.TELL_LEAD),
        Arrow(S.OPEN, S.OPEN, TaskStep.TELL_MANAGER),
        Arrow(S.OPEN, S.CONCLUDED, ConcludeTask),
        Arrow(S.OPEN, S.CANCELLED, CancelTask),
        Arrow(S.OPEN, S.CANCELLED, "no longer needed"),
    ),
    final=(S.CONCLUDED, S.CANCELLED),
    process=Process.TASKS,
    steps=TaskStep,
)
