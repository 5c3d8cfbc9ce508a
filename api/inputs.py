"""What programs send: every field of it is one that there is."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Input(BaseModel):
    """The body of a request. A field that nobody asked for is refused by name.

    Ignored, a misspelt `customer` would open a ticket that is nobody's.
    """

    model_config = ConfigDict(extra="forbid")
