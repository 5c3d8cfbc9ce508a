"""The check-list of a task: what may be said of its items, and what they keep from happening."""

from __future__ import annotations

from collections.abc import Collection

from rules.refusals import Refusal

MOST_ITEMS = 50
LONGEST_ITEM = 200
#: How a task ended that was done; whoever says another thing leaves items open on purpose.
DONE = "done"


class TaskItemRequired(Refusal):
    message = "Escreva o item da lista."
    field = "text"


class TaskItemTooLong(Refusal):
    message = "O item passa de %(most)s caracteres. Divida-o em dois."
    field = "text"


class TooManyTaskItems(Refusal):
    message = "A lista já tem %(most)s itens."
    field = "text"


class TaskItemNotFound(Refusal):
    message = "Este item não está na lista da tarefa."


class TaskItemsOpen(Refusal):
    message = (
        "A lista ainda tem %(count)s item(ns) por fazer. Marque-os, ou escolha outro resultado."
    )
    field = "result"


def check_item(text: str, *, items: int) -> str:
    """This will tidy an item's text. Refuses an empty or long one, and one too many."""
    tidy = " ".join(text.split())
    if not tidy:
        raise TaskItemRequired
    if len(tidy) > LONGEST_ITEM:
        raise TaskItemTooLong(most=LONGEST_ITEM)
    if items >= MOST_ITEMS:
        raise TooManyTaskItems(most=MOST_ITEMS)
    return tidy


def check_done(result: str, *, are_done: Collection[bool]) -> None:
    """This will refuse to call a task done while items of its list are not (TaskItemsOpen)."""
    left = len(are_done) - sum(are_done)
    if result == DONE and left:
        raise TaskItemsOpen(count=left)


def lines_of(text: str) -> tuple[str, ...]:
    """The items that somebody typed, one a line; blank lines are none."""
    return tuple(line for line in text.splitlines() if line.strip())
