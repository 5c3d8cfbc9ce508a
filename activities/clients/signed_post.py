"""Telling another system something over HTTP, signed: one attempt, judged.

Signed like most webhooks: HMAC-SHA256 over the timestamp, a full stop and the body, in hex, so that
the receiver can refuse what is forged or old. The key makes a repetition harmless.

Whoever is told answers as they like. Of a good answer the status is all that counts; of another its
first words are kept, as plain text. Nothing is unpacked, and nobody is waited for beyond our
patience: one address that floods or dawdles would hold up every other.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2

from activities.clients.certificates import trusted
from activities.clients.errors import Fault, NotTaken, PermanentlyRefused

PATIENCE_SECONDS = 15
#: Answers that say "later": time-out, too early, too many.
LATER = frozenset({408, 425, 429})
MOST_WORDS = 200


@dataclass(frozen=True)
class Answer:
    """What the other side said: its status, and the first words of one that is not good."""

    status: int
    words: str


async def post_signed(
    address: str, body: bytes, *, secret: str, key: str, timestamp: int
) -> Answer:
    """This will post a JSON body once; gives the answer. Raises PermanentlyRefused or NotTaken."""
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "X-Acerto-Timestamp": str(timestamp),
        "X-Acerto-Signature": signature(secret, timestamp, body),
    }
    answer = await post(address, body, headers)
    judge(answer)
    return answer


async def post(
    address: str, body: bytes, headers: Mapping[str, str], *, host: str | None = None
) -> Answer:
    """This will post once; gives what was answered in time. Raises NotTaken, else whatever it was.

    With a `host`, the address is the one that was looked up for it: the certificate is the host's,
    and no proxy of the environment goes in between.
    """
    asked = {**headers, "Accept-Encoding": "identity"}
    pinned = {} if host is None else {"sni_hostname": host}
    client = httpx2.AsyncClient(timeout=PATIENCE_SECONDS, verify=trusted(), trust_env=host is None)
    try:
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            client,
            client.stream(
                "POST", address, content=body, headers=asked, extensions=pinned
            ) as answer,
        ):
            return Answer(answer.status_code, await _first_words(answer))
    except (httpx2.HTTPError, TimeoutError) as error:
        raise NotTaken(str(error) or type(error).__name__, is_doubtful=True) from error


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """This will sign a body as it was sent at an instant."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hexdigest()


def judge(answer: Answer) -> None:
    """This will let a good answer pass. Raises PermanentlyRefused or NotTaken."""
    if 200 <= answer.status < 300:
        return
    reason = f"HTTP {answer.status} {answer.words}".strip()
    if answer.status >= 500 or answer.status in LATER:
        raise NotTaken(reason, is_doubtful=False)
    raise PermanentlyRefused(reason, fault=Fault.MESSAGE)


async def _first_words(answer: httpx2.Response) -> str:
    """What came first of a refusal, if it was not packed; nothing of a good answer."""
    if answer.is_success or "content-encoding" in answer.headers:
        return ""
    async for chunk in answer.aiter_raw():
        text = chunk[: 4 * MOST_WORDS].decode("utf-8", "replace")[:MOST_WORDS]
        return "".join(each if each.isprintable() else " " for each in text).strip()
    return ""
