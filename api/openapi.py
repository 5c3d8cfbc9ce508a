"""What every route has in common in the contract at /openapi.json: how it refuses."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}

#: The members of api.problems.Problem.as_json().
PROBLEM = {
    "title": "Problem",
    "type": "object",
    "required": [
        *("type", "title", "title_en", "status", "detail", "detail_en", "code", "field", "errors"),
    ],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "title_en": _TEXT,
        "status": {"type": "integer"},
        "detail": {**_TEXT, "description": "what to do, in Portuguese"},
        "detail_en": {**_TEXT, "description": "the same in English"},
        "code": {**_TEXT, "description": "stays the same when the words change"},
        "field": {**_TEXT_OR_NULL, "description": "which field is meant, if one is"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail", "detail_en"],
                "properties": {"field": _TEXT_OR_NULL, "detail": _TEXT, "detail_en": _TEXT},
            },
        },
    },
}

#: Every answer that is no success; stands in place of the framework's own 422.
RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "Refused, or not possible now",
        "content": {"application/problem+json": {"schema": PROBLEM}},
    }
}
