"""A million deadlines in business time, beside the bare conversion of as many instants.

Target: under 5 s. The floor is what Python needs to read and make the instants at all; the single
rule, on a sample, says what asking one by one would cost.
"""

from __future__ import annotations

import argparse
import random
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock

from rules.business_days import Calendar, Window, add_business_seconds, weekday_windows
from rules.working_time import deadlines

BEGAN = datetime(2026, 11, 16, 12, tzinfo=UTC)
LUNCH = weekday_windows((clock(8), clock(12)), (clock(13), clock(18)))
DESK = Calendar(uf="SP", windows=(*LUNCH, Window(5, clock(8), clock(12))))
SAMPLE = 2_000


def main(count: int) -> None:
    """This will print seconds and deadlines a second of all three."""
    rng = random.Random(2026)
    starts = [BEGAN + timedelta(seconds=rng.randrange(365 * 86_400)) for _ in range(count)]
    allowed = [rng.randrange(1, 80 * 3600) for _ in range(count)]
    floor = _timed(lambda: [datetime.fromtimestamp(int(s.timestamp()), UTC) for s in starts])
    alone = _timed(lambda: [_alone(*each) for each in zip(starts[:SAMPLE], allowed, strict=False)])
    found: list[datetime] = []
    many = _timed(lambda: found.extend(deadlines(starts, seconds=allowed, calendar=DESK)))
    assert found[:SAMPLE] == [_alone(s, a) for s, a in zip(starts[:SAMPLE], allowed, strict=False)]
    print(f"{count:,} deadlines; hours with lunch and Saturdays, holidays of São Paulo\n")
    print("| | s | deadlines/s |")
    print("|---|---|---|")
    print(f"| instants read and made, nothing computed | {floor:.2f} | {count / floor:,.0f} |")
    print(f"| all at once | {many:.2f} | {count / many:,.0f} |")
    print(f"| one by one, {SAMPLE:,} of them | {alone:.2f} | {SAMPLE / alone:,.0f} |")


def _alone(start: datetime, seconds: int) -> datetime:
    return add_business_seconds(start, seconds=seconds, calendar=DESK)


def _timed(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    main(parser.parse_args().count)
