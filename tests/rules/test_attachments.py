"""Attachments: what is taken in, and under which name."""

from __future__ import annotations

import io
import zipfile

import pytest

from rules.attachments import (
    MOST_BYTES,
    AttachmentContentRefused,
    AttachmentEmpty,
    AttachmentReasonRequired,
    AttachmentTooLarge,
    AttachmentTypeRefused,
    check_reason,
    check_size,
    clean_name,
    media_type_of,
)

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
JPG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb")


def zipped() -> bytes:
    """A small archive, which is also what a document or a spreadsheet is."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("contrato.pdf", "contrato.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ana\\nota.PDF", "nota.PDF"),
        ("a\x00b\x1f<>.csv", "ab.csv"),
        ("fatura\u202egpj.pdf", "faturagpj.pdf"),
        ("Cobran\u0063\u0327a.pdf", "Cobrança.pdf"),
        ("...", "arquivo"),
        ("", "arquivo"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_loses_what_is_no_name(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.pdf", PDF), ("a.PDF", PDF), ("a.png", PNG), ("a.jpg", JPG), ("a.jpeg", JPG),
        ("a.txt", "olá".encode()), ("a.csv", b"a;b\n1;2\n"),
        ("a.zip", zipped()), ("a.docx", zipped()), ("a.xlsx", zipped()),
    ],
)  # fmt: skip
def test_a_file_is_what_its_extension_says(name: str, head: bytes) -> None:
    assert "/" in media_type_of(name, head)


@pytest.mark.parametrize(
    ("name", "head"),
    [("a.pdf", PNG), ("a.png", PDF), ("a.pdf", b"MZ\x90\x00"), ("a.txt", PNG), ("a.docx", PDF),
     ("a.pdf", b"<html><script>")],
)  # fmt: skip
def test_another_content_is_refused(name: str, head: bytes) -> None:
    with pytest.raises(AttachmentContentRefused):
        media_type_of(name, head)


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.svg", "a.pdf.js", "arquivo", ".pdf"])
def test_other_kinds_of_files_are_refused(name: str) -> None:
    with pytest.raises(AttachmentTypeRefused):
        media_type_of(name, PDF)


def test_a_file_is_neither_empty_nor_too_large() -> None:
    check_size(MOST_BYTES)
    with pytest.raises(AttachmentEmpty):
        check_size(0)
    with pytest.raises(AttachmentTooLarge):
        check_size(MOST_BYTES + 1)


def test_nothing_is_deleted_without_a_reason() -> None:
    with pytest.raises(AttachmentReasonRequired):
        check_reason("  ")
