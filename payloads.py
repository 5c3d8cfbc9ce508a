"""How values become the JSON that the workflow engine stores."""

from __future__ import annotations

from typing import Self

from temporalio.contrib.pydantic import PydanticPayloadConverter


class SharedPayloadConverter(PydanticPayloadConverter):
    """One for the whole process, whoever asks for one.

    The engine's library makes a converter for every execution of a workflow, and each would learn
    to read its types anew: milliseconds of every journey's first command.
    """

    _only: SharedPayloadConverter | None = None

    def __new__(cls) -> Self:
        """The one there is."""
        if cls._only is None:
            cls._only = super().__new__(cls)
            PydanticPayloadConverter.__init__(cls._only)
        return cls._only  # type: ignore[return-value]

    def __init__(self) -> None:
        """What `__new__` made is kept as it is."""
