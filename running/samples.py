"""Samples of carriers' files, written to disk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rules.audit_rules import Rule
from rules.carrier_layouts import LAYOUTS
from rules.carrier_sample_orders import (
    GivenBack,
    SampleOrder,
    lines_table,
    make_ordered,
    tariffs_table,
    written,
)
from running.problems import ExpectedProblem


class SampleUnknown(ExpectedProblem):
    """A layout or a rule that does not exist."""


def order(  # noqa: PLR0913 - as many as the command has options
    *,
    seed: int,
    lines: int,
    calls: int,
    planted: Sequence[str],
    account: str,
    issued: date,
    credit: int,
) -> SampleOrder:
    """What the command asks for. Refuses an unknown rule (SampleUnknown)."""
    unknown = set(planted) - set(Rule)
    if unknown:
        raise SampleUnknown(f"There is no rule {', '.join(unknown)}; there are {', '.join(Rule)}.")
    return SampleOrder(
        issued, account, lines=lines, calls=calls, seed=seed,
        wrong=tuple(Rule(each) for each in planted), credits=(GivenBack(credit),) * bool(credit),
    )  # fmt: skip


def write_carrier_file(
    path: Path, order: SampleOrder, *, layout: str, with_tables: bool
) -> Sequence[str]:
    """This will write a sample of a carrier's file and tell, a line each, what is wrong in it.

    `with_tables` writes the inventory and the tariffs beside it. Refuses an unknown layout.
    """
    if layout not in LAYOUTS:
        raise SampleUnknown(f"There is no layout {layout}; there are {', '.join(LAYOUTS)}.")
    sample, wrong = make_ordered(order)
    path.write_bytes(written(sample, LAYOUTS[layout]))
    told = [f"{path}: account {sample.bill.account}, R$ {sample.bill.total / 100:.2f}"]
    if with_tables:
        for name, text in (("lines", lines_table(sample)), ("tariffs", tariffs_table())):
            table = path.with_name(f"{path.stem}-{name}.csv")
            table.write_text(text, encoding="utf-8", newline="")
            told.append(f"{table}")
    return told + [f"  {each.rule}: line {each.number}, {each.difference} cents" for each in wrong]
