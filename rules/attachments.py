"""Attachments: which files are taken in, and under which name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath

import puremagic

from rules.refusals import Refusal

MOST_BYTES = 20 * 1024 * 1024
#: So much of a file's beginning tells what it is.
HEAD_BYTES = 8192
LONGEST_NAME = 120
OFFICE = "application/vnd.openxmlformats-officedocument"

TYPES: Mapping[str, str] = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".docx": f"{OFFICE}.wordprocessingml.document",
    ".xlsx": f"{OFFICE}.spreadsheetml.sheet",
    ".zip": "application/zip",
}
PLAIN_TEXT = frozenset({".txt", ".csv"})
#: What the content may look like; elsewhere it must be of the extension itself.
LOOKS_LIKE: Mapping[str, frozenset[str]] = {
    ".jpg": frozenset({".jpg", ".jpeg", ".jfif"}),
    ".jpeg": frozenset({".jpg", ".jpeg", ".jfif"}),
    ".docx": frozenset({".docx", ".zip"}),
    ".xlsx": frozenset({".xlsx", ".zip"}),
}
NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')


class _FileRefused(Refusal):
    field = "file"


class AttachmentTypeRefused(_FileRefused):
    message = "Tipo de arquivo não aceito: envie %(types)s."


class AttachmentContentRefused(_FileRefused):
    message = "O conteúdo do arquivo não corresponde à extensão %(extension)s."


class AttachmentTooLarge(_FileRefused):
    message = "O arquivo passa de %(megabytes)s MB. Divida-o ou reduza-o."


class AttachmentEmpty(_FileRefused):
    message = "Escolha um arquivo que não esteja vazio."


class StorageFull(_FileRefused):
    message = (
        "Não há espaço em disco para guardar o arquivo, e nada foi guardado. Avise quem administra "
        "o sistema."
    )


class AttachmentReasonRequired(Refusal):
    message = "Diga por que o anexo é excluído."
    field = "reason"


def clean_name(name: str) -> str:
    """This will give a file's own name: no folders, nothing that systems or readers stumble over.

    Marks that turn the direction of writing go too: they hide an extension ("fdp.exe").
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    cleaned = PurePosixPath(NOT_IN_NAMES.sub("", last).strip(" .") or "arquivo")
    stem = cleaned.stem[: LONGEST_NAME - len(cleaned.suffix)]
    return f"{stem}{cleaned.suffix}"[:LONGEST_NAME]


def check_size(size: int) -> None:
    """This will refuse an empty file (AttachmentEmpty) and one too large (AttachmentTooLarge)."""
    if size == 0:
        raise AttachmentEmpty
    if size > MOST_BYTES:
        raise AttachmentTooLarge(megabytes=MOST_BYTES >> 20)


def media_type_of(name: str, head: bytes) -> str:
    """This will give the media type of a file by its extension, once its beginning agrees.

    Refuses other extensions (AttachmentTypeRefused) and a content that is something else
    (AttachmentContentRefused). Text is whatever has no NUL.
    """
    extension = PurePosixPath(name).suffix.lower()
    if extension not in TYPES:
        raise AttachmentTypeRefused(types=", ".join(each[1:] for each in TYPES))
    is_right = b"\0" not in head if extension in PLAIN_TEXT else _looks_like(extension, head)
    if not is_right:
        raise AttachmentContentRefused(extension=extension)
    return TYPES[extension]


def check_reason(reason: str) -> None:
    """This will refuse to delete without a reason."""
    if not reason.strip():
        raise AttachmentReasonRequired


def _looks_like(extension: str, head: bytes) -> bool:
    try:
        found = {match.extension for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return False
    return bool(found & LOOKS_LIKE.get(extension, frozenset({extension})))
