"""Headers of an e-mail that are one long word: an id or an address, neither cut nor encoded.

Python's own folding writes a word that is longer than a line as RFC 2047 does a foreign text,
which mail programs do not read in these headers: the thread breaks, the button is missing.
"""

from __future__ import annotations

from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import EmailPolicy, Policy


class _Word(UnstructuredHeader, BaseHeader):
    """One word, on one line however long (RFC 5322 allows 998)."""

    def fold(self, *, policy: Policy) -> str:
        """This will write the header; what is not ASCII is folded as any other."""
        if not str(self).isascii():
            return super().fold(policy=policy)
        return f"{self.name}: {self}{policy.linesep}"


def _registry() -> HeaderRegistry:
    registry = HeaderRegistry()
    for name in ("In-Reply-To", "References", "List-Unsubscribe"):
        registry.map_to_type(name, _Word)
    return registry


#: How our e-mails write their headers.
POLICY = EmailPolicy(header_factory=_registry())
