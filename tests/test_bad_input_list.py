"""docs/bad-input.md names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = sorted(
    set(re.findall(r"`(tests/\S+?\.py)::(\w+)`", (ROOT / "docs" / "bad-input.md").read_text()))
)


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_what_is_named_is_a_test(path: str, name: str) -> None:
    text = (ROOT / path).read_text()

    assert re.search(rf"^(async )?def {name}\(", text, re.MULTILINE), f"{path} has no {name}"


def test_the_list_is_there() -> None:
    assert len(NAMED) > 40
