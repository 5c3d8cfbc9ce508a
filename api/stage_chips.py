"""The counts above a list of cases: what is open, in each stage, and breached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.language import N_, gettext
from api.listing import View
from api.table import Chip
from models.stage_tallies import Tally

STAGE, SLA, BREACHED = "etapa", "sla", "estourado"
NONE = Tally()


def chips_of(
    view: View,
    tallies: Mapping[str, Tally],
    *,
    labels: Mapping[str, str],
    is_open: Sequence[str],
    beside: Sequence[str] = (),
) -> list[Chip]:
    """This will draw one count for all that is open, one a stage, and one for what is breached.

    Each leads to exactly the rows that it counts; `beside` are stages that the list shows only
    when they are asked for.
    """
    path = view.request.url.path
    open_now = [tallies.get(stage, NONE) for stage in is_open]
    shown = (view.text(STAGE), view.text(SLA))
    stages = [
        Chip(
            gettext(labels[stage]), tallies.get(stage, NONE).count, f"{path}?{STAGE}={stage}",
            is_current=shown == (stage, None),
        )
        for stage in (*is_open, *beside)
    ]  # fmt: skip
    return [
        Chip(
            gettext(N_("Em aberto")), sum(each.count for each in open_now), path,
            is_current=shown == (None, None),
        ),
        *stages,
        Chip(
            gettext(N_("Prazo descumprido")), sum(each.breached for each in open_now),
            f"{path}?{SLA}={BREACHED}", "flame", is_current=shown == (None, BREACHED),
        ),
    ]  # fmt: skip
