"""The registry of the check-lists that tasks begin with."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from api.language import N_
from api.registry import (
    ACTIVE,
    CODE,
    CodeAndName,
    Registry,
    RegistryField,
    choice,
    number,
)
from models.task_lists import TaskListItem
from rules.task_lists import KINDS

TaskKind = StrEnum("TaskKind", {each: each for each in KINDS})  # type: ignore[misc]


class ListItemAsked(CodeAndName):
    """What is said of an item of a check-list."""

    name: str = Field(min_length=1, max_length=160)
    task_kind: TaskKind
    position: int = Field(default=1, ge=1, le=999)


REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "listas-de-tarefas",
        N_("Listas de tarefas"),
        N_("O que conferir em cada tipo de tarefa: as novas já nascem com a lista."),
        TaskListItem,
        ListItemAsked,
        (
            choice("task_kind", N_("Tipo de tarefa"), KINDS),
            number("position", N_("Ordem"), is_required=True),
            RegistryField("name", N_("Item"), is_required=True),
            CODE,
            ACTIVE,
        ),
        default_sort="task_kind",
    ),
)
