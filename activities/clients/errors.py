"""What a provider's refusal means for us: never again, or later."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """What a permanent refusal is about."""

    ADDRESS = "address"
    OPTED_OUT = "opted_out"
    MESSAGE = "message"


class PermanentlyRefused(Exception):  # noqa: N818 - an answer, not an error of ours
    """The provider will not take this message, however often it is asked."""

    def __init__(self, reason: str, *, fault: Fault) -> None:
        super().__init__(reason)
        self.fault = fault


class NotTaken(Exception):  # noqa: N818 - an answer, not an error of ours
    """The provider did not take it this time. `is_doubtful`: it may have, and could not say so."""

    def __init__(self, reason: str, *, is_doubtful: bool) -> None:
        super().__init__(reason)
        self.is_doubtful = is_doubtful
