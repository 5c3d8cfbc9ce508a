"""Reading a PDF back: its words, and the codes that a camera would see on its pages."""

from __future__ import annotations

import pypdfium2
import zxingcpp

DOTS_PER_INCH = 200
POINTS_PER_INCH = 72


def words_of(pdf: bytes) -> str:
    """The text of all pages, in one line."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).split())


def codes_seen(pdf: bytes) -> dict[str, str]:
    """What a camera reads off the first page, by kind of code: "QR Code", "ITF"."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=DOTS_PER_INCH / POINTS_PER_INCH).to_numpy()
    return {str(code.format): code.text for code in zxingcpp.read_barcodes(picture)}


def is_accessible(pdf: bytes) -> bool:
    """Whether the PDF says that it keeps to PDF/UA, and names its language."""
    return b"<pdfuaid:part>1<" in pdf and b"/Lang(pt-BR)" in pdf
