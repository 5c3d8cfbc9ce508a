"""How far the demonstration is, told line by line to whoever waits for it at the console."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

Say = Callable[[str], None]


class Part(StrEnum):
    """The parts of the demonstration, in the order in which they are made."""

    PROVIDER = "clientes, contratos e um ano de faturas · customers, contracts, a year of invoices"
    COLLECTIONS = "três meses de cobrança · three months of collections"
    LADDER = "a régua até hoje · the ladder up to today"
    SALES = "planos, vendas e ativações · plans, sales and activations"
    SERVICE = "chamados, implantações e SMS · tickets, kickoffs and SMS"
    COMPLAINTS = "contestações de clientes · contestations of customers"
    CARRIERS = "faturas de operadora, auditadas · a carrier's invoices, audited"
    DISPUTES = "contestações às operadoras · contestations of carriers' invoices"
    RETURNS = "retornos do banco · the bank's return files"
    STATISTICS = "estatísticas do banco de dados · statistics of the database"


class Progress:
    """Says which part begins and which comes next, and inside a long one how far it is."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._part = Part.PROVIDER

    def begin(self, part: Part) -> None:
        """This will say that a part begins."""
        self._part = part
        parts = list(Part)
        place = parts.index(part) + 1
        following = f"; depois · next: {parts[place]}" if place < len(parts) else ""
        self._say(f"  Demonstração · demo {place}/{len(parts)}: {part}{following}")

    def reach(self, done: int, of: int) -> None:
        """This will say how far the part is; `done` of so many debtors, files or companies."""
        self._say(f"      {done}/{of} ({self._part})")
