"""Mail that came in: what it says, whether anybody wrote it, and which thread it belongs to.

Whatever the bytes are, they can be read: what cannot be understood is told as such (`is_broken`),
so that no mail is lost for its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from email import errors, policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parseaddr
from enum import StrEnum
from html.parser import HTMLParser

from rules.bounces import Bounce, read_bounce
from rules.mail_weight import is_too_heavy

#: What the standard library raises on headers and parts that are not what they say.
UNREADABLE = (
    *(LookupError, ValueError, TypeError, AttributeError, RecursionError),
    errors.MessageError,
)
#: Defects after which parts may be missing.
BROKEN = (
    errors.NoBoundaryInMultipartDefect,
    errors.StartBoundaryNotFoundDefect,
    errors.MultipartInvariantViolationDefect,
)
MESSAGE_ID = re.compile(r"<[^<>\s]+>")
LONGEST_TEXT = 50_000
MOST_FILES = 20
AUTOMATIC_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply"})
#: Where an answer begins to quote what it answers. Mail programs break the line that says who wrote
#: what is quoted, and some write its sender and date on lines of their own: two are read together.
QUOTED = re.compile(
    r"^(>|-{2,} ?(mensagem original|original message)|_{10,}( |$)"
    r"|em .{0,60}\d{4}.{0,160} escreveu:|on .{0,60}\d{4}.{0,160} wrote:"
    r"|(de|from): .{3,160} (enviad[oa]( em)?|sent|data|date):)",
    re.IGNORECASE,
)


class AsideReason(StrEnum):
    """Why a mail is set aside for a person instead of becoming a ticket."""

    LOOP = "loop"
    BROKEN = "broken"
    TOO_MANY = "too_many"
    NO_SENDER = "no_sender"


@dataclass(frozen=True)
class InboundFile:
    """A file that came along."""

    name: str
    content: bytes


@dataclass(frozen=True)
class ReadMail:
    """A mail as it was understood; `quoted` are the Message-IDs that it answers, the newest first.

    `is_automatic`: no person wrote it, so answering it might never end.
    """

    mail_id: str
    sender: str
    name: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    quoted: tuple[str, ...]
    files: tuple[InboundFile, ...]
    is_automatic: bool
    is_broken: bool
    bounce: Bounce | None = None


#: What is known of a mail that could not be read at all.
NOTHING = ReadMail(
    mail_id="", sender="", name="", recipients=(), subject="", text="", quoted=(), files=(),
    is_automatic=False, is_broken=True,
)  # fmt: skip


def read_mail(raw: bytes, *, envelope_sender: str = "") -> ReadMail:
    """This will read a mail, whatever it is; nothing is raised, and no mail takes minutes."""
    if not is_too_heavy(raw):
        with suppress(*UNREADABLE):
            return _read(BytesParser(policy=policy.default).parsebytes(raw), envelope_sender)
    return replace(NOTHING, sender=envelope_sender.lower(), subject=_first_line(raw))


def is_own(mail: ReadMail, *, own_addresses: frozenset[str]) -> bool:
    """Whether it came from one of our own addresses: then it goes round in a circle."""
    return mail.sender in own_addresses


def without_quotes(text: str) -> str:
    """The new words of an answer, without what it quotes below them; all where nothing is new."""
    lines = text.splitlines()
    for number, both in enumerate(zip(lines, [*lines[1:], ""], strict=True)):
        if QUOTED.match(" ".join(line.strip() for line in both)):
            kept = "\n".join(lines[:number]).strip()
            return kept or text.strip()
    return text.strip()


def _read(message: EmailMessage, envelope_sender: str) -> ReadMail:
    name, sender = parseaddr(_header(message, "From"))
    text, is_whole = _text_of(message)
    files, are_whole = _files_of(message)
    has_defects = any(isinstance(each, BROKEN) for part in _parts(message) for each in part.defects)
    return ReadMail(
        mail_id=next(iter(MESSAGE_ID.findall(_header(message, "Message-ID"))), "")[:250],
        sender=(sender or envelope_sender).strip().lower()[:200],
        name=_clean(name)[:160],
        recipients=_recipients(message),
        subject=_clean(" ".join(_header(message, "Subject").split()))[:300],
        text=text[:LONGEST_TEXT],
        quoted=_quoted(message),
        files=files,
        is_automatic=_is_automatic(message, envelope_sender),
        is_broken=has_defects or not is_whole or not are_whole or "@" not in (sender or ""),
        bounce=read_bounce(message),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        value = message[name]
    except UNREADABLE:
        return ""
    return _clean(str(value)) if value is not None else ""


def _recipients(message: EmailMessage) -> tuple[str, ...]:
    fields = [_header(message, name) for name in ("To", "Cc", "Delivered-To")]
    return tuple(address.lower() for _, address in getaddresses(fields) if address)


def _quoted(message: EmailMessage) -> tuple[str, ...]:
    """In-Reply-To first, then References from the newest."""
    answered = MESSAGE_ID.findall(_header(message, "In-Reply-To"))
    references = MESSAGE_ID.findall(_header(message, "References"))
    return tuple(dict.fromkeys([*answered, *reversed(references)]))[:50]


def _is_automatic(message: EmailMessage, envelope_sender: str) -> bool:
    """RFC 3834 and what mail programs did before it."""
    submitted = _header(message, "Auto-Submitted").split(";")[0].strip().lower()
    precedence = _header(message, "Precedence").strip().lower()
    return (
        submitted not in {"", "no"}
        or precedence in AUTOMATIC_PRECEDENCE
        or envelope_sender == "<>"
        or bool(_header(message, "List-Id") or _header(message, "X-Autoreply"))
        or message.get_content_type() in {"multipart/report", "message/delivery-status"}
    )


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    for part in message.walk():
        if isinstance(part, EmailMessage):
            yield part


def _text_of(message: EmailMessage) -> tuple[str, bool]:
    """The words, and whether they could be read; HTML alone is told as text."""
    body = message.get_body(("plain", "html"))
    if body is None:
        return "", True
    try:
        content = str(body.get_content())
        is_whole = True
    except UNREADABLE:
        payload = body.get_payload(decode=True)
        content = payload.decode("latin-1") if isinstance(payload, bytes) else ""
        is_whole = bool(content)
    if body.get_content_type() == "text/html":
        content = _as_text(content)
    return _clean(content).replace("\r\n", "\n").strip(), is_whole


def _files_of(message: EmailMessage) -> tuple[tuple[InboundFile, ...], bool]:
    found: list[InboundFile] = []
    is_whole = True
    for part in message.iter_attachments() if message.is_multipart() else ():
        try:
            payload = part.get_payload(decode=True)
            name = part.get_filename() or ""
        except UNREADABLE:
            payload, name, is_whole = None, "", False
        if isinstance(payload, bytes) and payload and name:
            found.append(InboundFile(_clean(name), payload))
    return tuple(found[:MOST_FILES]), is_whole


def _clean(text: str) -> str:
    """Without what no database and no page takes: NUL, and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _first_line(raw: bytes) -> str:
    return _clean(raw[:200].decode("latin-1").split("\n")[0].strip())


class _Words(HTMLParser):
    """The words of a page, a line a block."""

    BLOCKS = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3", "blockquote"})
    HIDDEN = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in self.HIDDEN
        if tag in self.BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in self.HIDDEN))

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(" ".join(data.split()) + " " if data.strip() else "")


def _as_text(html: str) -> str:
    words = _Words()
    words.feed(html)
    lines = (line.strip() for line in "".join(words.words).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
