"""The permissions as a page shows them: by group, only those that the person may hand out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.dependencies import Principal
from api.language import gettext
from rules.permissions import GROUPS


@dataclass(frozen=True)
class MatrixGroup:
    """A group's name, and (permission, label, may be handed out) of each of its permissions."""

    label: str
    permissions: tuple[tuple[str, str, bool], ...]


def matrix(by: Principal) -> tuple[MatrixGroup, ...]:
    """This will list every permission in its group."""
    return tuple(
        MatrixGroup(
            gettext(group.label),
            tuple(
                (each.name, gettext(each.label), by.may(each.name)) for each in group.permissions
            ),
        )
        for group in GROUPS
    )


def in_words(names: Iterable[str]) -> str:
    """What these permissions allow, as the matrix calls it; one of another version as it is."""
    labels = {
        each.name: f"{gettext(group.label)}: {gettext(each.label)}"
        for group in GROUPS
        for each in group.permissions
    }
    return "; ".join(labels.get(name, name) for name in names)
