"""Files that leave as an answer: what a browser calls them, whatever is in the name."""

from __future__ import annotations

from urllib.parse import quote


def saved_as(name: str) -> dict[str, str]:
    """The headers of a file that is saved and never shown in the browser's window."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


def shown_as(name: str) -> dict[str, str]:
    """The headers of a file that the browser may show, and saves under this name."""
    return {"Content-Disposition": f"inline; filename*=UTF-8''{quote(name, safe='')}"}
