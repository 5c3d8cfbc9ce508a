"""Encryption of what the workflow engine stores: arguments, results, memos, failures, headers.

AES-256-GCM with a key id beside each payload. The first key writes, all of them read, so a key is
changed by putting a new one in front. Ids and search attributes stay readable: no personal data
belongs there.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from running.problems import ExpectedProblem
from settings import Settings

ENCODING = b"binary/encrypted"
NONCE_BYTES = 12
KEY_BYTES = 32


class PayloadKeyNotValid(ExpectedProblem):
    """A configured key is not 32 bytes in hex."""


class PayloadKeyNotKnown(ExpectedProblem):
    """A payload was written with a key that we do not have."""


class PayloadNotAuthentic(ExpectedProblem):
    """A payload was altered since we wrote it."""


class AesGcmCodec(PayloadCodec):
    """Encrypts with the first key; decrypts with whichever key a payload names."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._active = key_id(keys[0])
        self._ciphers = {key_id(key): AESGCM(key) for key in keys}

    async def encode(self, payloads: Iterable[Payload]) -> list[Payload]:
        """This will encrypt each payload whole, its encoding included."""
        return [self._encrypted(payload) for payload in payloads]

    async def decode(self, payloads: Iterable[Payload]) -> list[Payload]:
        """This will decrypt; what was never encrypted (sent from the engine's page) passes."""
        return [
            self._decrypted(payload) if payload.metadata.get("encoding") == ENCODING else payload
            for payload in payloads
        ]

    def _encrypted(self, payload: Payload) -> Payload:
        nonce = os.urandom(NONCE_BYTES)
        name = self._active.encode()
        sealed = self._ciphers[self._active].encrypt(nonce, payload.SerializeToString(), name)
        return Payload(metadata={"encoding": ENCODING, "key": name}, data=nonce + sealed)

    def _decrypted(self, payload: Payload) -> Payload:
        name = payload.metadata["key"]
        cipher = self._ciphers.get(name.decode())
        if cipher is None:
            raise PayloadKeyNotKnown(
                f"The engine's data were written with the key {name.decode()}, which is not known"
                " here: add it to ACERTO_ENGINE__PAYLOAD_KEY, behind a comma."
            )
        nonce, sealed = payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:]
        try:
            return Payload.FromString(cipher.decrypt(nonce, sealed, name))
        except InvalidTag as error:
            raise PayloadNotAuthentic("A payload of the engine was altered.") from error


def key_id(key: bytes) -> str:
    """The name under which payloads mention a key, which does not betray it."""
    return hashlib.sha256(b"acerto payload key" + key).hexdigest()[:12]


def payload_keys(settings: Settings) -> list[bytes]:
    """The keys, the writing one first: those configured, then those of the data folder.

    Without either, a key is made and kept in the data folder, readable by its owner alone.
    """
    configured = settings.engine.payload_key
    path = settings.data / "payload.key"
    keys = (
        _parsed(configured.get_secret_value(), "ACERTO_ENGINE__PAYLOAD_KEY")
        if configured is not None
        else []
    )
    if not keys and not path.exists():
        _keep_new_key(path)
    if path.exists():
        keys += _parsed(path.read_text(), str(path))
    return keys


def _parsed(text: str, source: str) -> list[bytes]:
    try:
        keys = [bytes.fromhex(part) for part in text.replace(",", " ").split()]
    except ValueError:
        keys = []
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise PayloadKeyNotValid(
            f"{source} must hold keys of 64 hexadecimal digits, the newest first"
            " (openssl rand -hex 32 makes one)."
        )
    return keys


def _keep_new_key(path: Path) -> None:
    """Worker and API may come here at once: whoever links its file first has made the key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(descriptor)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
