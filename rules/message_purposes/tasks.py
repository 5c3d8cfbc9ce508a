"""The reasons to write to whoever has a task."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from rules.message_purposes.entries import MAIL, STANDARD, USER, Purpose
from rules.sentences import N_

TASK: dict[str, Any] = {
    **USER,
    "task": {
        "title": "Ligar para o cliente",
        "due_at": datetime(2026, 10, 27, 18, tzinfo=UTC),
        "assignee": "Ana Souza",
        "consequence": "A cobrança segue para o líder da equipe.",
        "link": "https://acerto.example/tarefas/7",
    },
}

PURPOSES: tuple[Purpose, ...] = (
    Purpose("task_reminder", N_("Tarefa: lembrete"), MAIL, {**STANDARD, **TASK}),
    Purpose(
        "task_digest", N_("Tarefas e prazos: vários lembretes em um"), MAIL,
        {**STANDARD, **USER, "tasks": [TASK["task"], TASK["task"]], "count": 2},
    ),
    Purpose(
        "weekly_figures", N_("Gestão: números da semana"), MAIL,
        {
            **STANDARD, **USER, "link": "https://acerto.example/gestao",
            "since": date(2026, 10, 19), "until": date(2026, 10, 25),
            "rows": [
                {
                    "process": "Cobrança", "opened": 31, "closed": 28, "cases": 412,
                    "breached": 3, "overdue": 9, "due_week": 17,
                }
            ],
        },
    ),
    Purpose("task_untaken", N_("Tarefa: sem responsável"), MAIL, {**STANDARD, **TASK}),
    Purpose("task_escalated", N_("Tarefa: atrasada"), MAIL, {**STANDARD, **TASK}),
)  # fmt: skip
