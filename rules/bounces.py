"""Mail that came back: what a server's report says of a message of ours (RFC 3464)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from rules.messages import Channel

MESSAGE_ID = re.compile(r"<[^<>\s]+>")
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
#: The parts in which a report encloses the mail that came back, whole or only its head.
ENCLOSED = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})
LONGEST_WORDS = 240
#: How the words of a failure begin that no later try mends: a report's code (RFC 3463; 4 was tried
#: long enough), or what a server answered of the address itself, which it then names.
PERMANENT_MAIL = re.compile(r"5\.|5\d\d \S+@\S+: ")
#: Twilio's codes of a number that is none, or takes no SMS; 30003, a telephone that is off, is not
#: one of them. https://www.twilio.com/docs/api/errors
PERMANENT_SMS = re.compile(r"(Twilio )?(21211|21214|21217|21421|21614|30005|30006)\b")


@dataclass(frozen=True)
class Bounce:
    """A mail that a server gave up: its Message-ID, the address, the code and the words."""

    mail_id: str
    address: str
    status: str
    words: str

    @property
    def told(self) -> str:
        """Code and words in a line, the code first: by it the permanent are known."""
        return f"{self.status} {self.words}".strip()


def is_for_ever(channel: str, reason: str) -> bool:
    """Whether a message was lost because its address takes none, by the words of the failure."""
    if channel == Channel.SMS:
        return PERMANENT_SMS.match(reason) is not None
    return channel == Channel.EMAIL and PERMANENT_MAIL.match(reason) is not None


def read_bounce(mail: Message) -> Bounce | None:
    """This will read a report of a failed delivery; None for anything else, also for a mere delay.

    One that names no mail of ours by its Message-ID tells nothing either.
    """
    if mail.get_content_type() != "multipart/report":
        return None
    parts = list(mail.walk())
    failed = next((each for part in parts for each in _recipients(part) if _has_failed(each)), None)
    mail_id = next((found for part in parts if (found := _enclosed_id(part))), "")
    if failed is None or not mail_id:
        return None
    status = STATUS.search(str(failed.get("Status", "")))
    words = " ".join(_value(failed, "Diagnostic-Code").split())[:LONGEST_WORDS]
    recipient = _value(failed, "Final-Recipient") or _value(failed, "Original-Recipient")
    return Bounce(mail_id[:250], recipient.lower(), status[0] if status else "", words)


def _recipients(part: Message) -> list[Message]:
    """The blocks of a delivery status: one of the mail, then one for each recipient."""
    payload = part.get_payload()
    if part.get_content_type() != "message/delivery-status" or not isinstance(payload, list):
        return []
    return [each for each in payload if isinstance(each, Message)]


def _has_failed(block: Message) -> bool:
    return str(block.get("Action", "")).strip().lower() == "failed"


def _value(block: Message, name: str) -> str:
    """What stands behind the kind of address or of code: rfc822; smtp;"""
    text = str(block.get(name, ""))
    clean = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return clean.partition(";")[2].strip()


def _enclosed_id(part: Message) -> str:
    if part.get_content_type() not in ENCLOSED:
        return ""
    payload = part.get_payload()
    if isinstance(payload, list):
        heads = " ".join(str(m.get("Message-ID", "")) for m in payload if isinstance(m, Message))
    else:
        lines = re.search(r"^message-id:\s*(\S+)", str(payload), re.IGNORECASE | re.MULTILINE)
        heads = lines[1] if lines else ""
    found = MESSAGE_ID.search(heads)
    return found[0] if found else ""
