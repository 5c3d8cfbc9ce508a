"""Documents on paper: PDFs from the templates of templates/documents, by Typst.

A template gets its values as JSON and can reach nothing else. Fonts are those that came with the
assets, so a document looks the same wherever it is made; PDF/UA-1, so that it can be read aloud.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import segno
import structlog
import typst

from rules.itf import svg

log = structlog.get_logger("acerto.documents")

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates" / "documents"
FONTS = ROOT / "api" / "static" / "vendor" / "fonts" / "ttf"

ACCESSIBLE: Literal["ua-1"] = "ua-1"

#: A compiler keeps what it read, and works on one document at a time.
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Document:
    """A document that is not drawn yet: its template, its file's name, and its values as JSON.

    What `qr` and `bars` say is drawn as QR Code and as ITF-25; the template has both as `pictures`.
    """

    template: str
    name: str
    values: Mapping[str, Any]
    qr: str | None = None
    bars: str | None = None


@dataclass(frozen=True)
class Drawn:
    """A document as PDF, under the name of its file."""

    name: str
    content: bytes


def draw(document: Document) -> bytes:
    """This will give the document as a PDF. The same values give the same bytes.

    It takes some milliseconds of a processor: call it in a thread, outside any transaction. A name
    with letters that our fonts lack, an emoji say, makes a PDF that does not claim to be PDF/UA.
    """
    inputs = {"document": json.dumps({**document.values, "pictures": pictures(document)})}
    with _one_at_a_time:
        try:
            return _drawn(document.template, inputs, standard=ACCESSIBLE)
        except typst.TypstError as error:
            if not str(error).startswith("PDF/UA"):
                raise
            log.warning("document not accessible", document=document.name, reason=str(error))
            return _drawn(document.template, inputs, standard=None)


def qr_code(text: str) -> str:
    """This will draw a QR Code as SVG, with the quiet zone that readers need."""
    picture = io.BytesIO()
    # Readers take any of the eight masks; looking for the best one takes five times as long.
    code = segno.make(text, error="m", micro=False, mask=2)
    code.save(picture, kind="svg", border=4, xmldecl=False)
    return picture.getvalue().decode()


def pictures(document: Document) -> dict[str, str]:
    """This will draw as SVG what the document's template has as `pictures`."""
    drawn = {}
    if document.qr is not None:
        drawn["qr"] = qr_code(document.qr)
    if document.bars is not None:
        drawn["bars"] = svg(document.bars)
    return drawn


def _drawn(template: str, inputs: dict[str, str], *, standard: Literal["ua-1"] | None) -> bytes:
    drawn = _compiler(template).compile(sys_inputs=inputs, format="pdf", pdf_standards=standard)
    assert isinstance(drawn, bytes)  # noqa: S101 - a PDF is one file, whatever its pages
    return drawn


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(
        TEMPLATES / f"{template}.typ", font_paths=[FONTS], ignore_system_fonts=True
    )
