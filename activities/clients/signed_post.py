"""Telling another system something over HTTP, signed: one attempt, judged.

Signed like most webhooks: HMAC-SHA256 over the timestamp, a full stop and the body, in hex, so that
the receiver can refuse what is forged or old. The key makes a repetition harmless.
"""

from __future__ import annotations

import hmac

import httpx2

from activities.clients.certificates import trusted
from activities.clients.errors import Fault, NotTaken, PermanentlyRefused

PATIENCE_SECONDS = 15
#: Answers that say "later": time-out, too early, too many.
LATER = frozenset({408, 425, 429})


async def post_signed(
    address: str, body: bytes, *, secret: str, key: str, timestamp: int
) -> httpx2.Response:
    """This will post a JSON body once; gives the answer. Raises PermanentlyRefused or NotTaken."""
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "X-Acerto-Timestamp": str(timestamp),
        "X-Acerto-Signature": signature(secret, timestamp, body),
    }
    try:
        async with httpx2.AsyncClient(timeout=PATIENCE_SECONDS, verify=trusted()) as client:
            answer = await client.post(address, content=body, headers=headers)
    except httpx2.HTTPError as error:
        raise NotTaken(str(error) or type(error).__name__, is_doubtful=True) from error
    judge(answer)
    return answer


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """This will sign a body as it was sent at an instant."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hexdigest()


def judge(answer: httpx2.Response) -> None:
    """This will let a good answer pass. Raises PermanentlyRefused or NotTaken."""
    if answer.is_success:
        return
    reason = f"HTTP {answer.status_code} {answer.text[:200]}".strip()
    if answer.status_code >= 500 or answer.status_code in LATER:
        raise NotTaken(reason, is_doubtful=False)
    raise PermanentlyRefused(reason, fault=Fault.MESSAGE)
