"""ITF-25 (interleaved 2 of 5): the bars of a boleto. Two digits share five bars and five spaces."""

from __future__ import annotations

NARROW = 1
WIDE = 3
#: Which two of a digit's five elements are wide.
_WIDE_ELEMENTS = (
    (2, 3), (0, 4), (1, 4), (0, 1), (2, 4), (0, 2), (1, 2), (3, 4), (0, 3), (1, 3),
)  # fmt: skip
_START = (NARROW, NARROW, NARROW, NARROW)
_STOP = (WIDE, NARROW, NARROW)


def bar_widths(digits: str) -> tuple[int, ...]:
    """This will give the widths of bars and spaces in turn, a bar first and last, in modules.

    An odd count of digits, and anything but digits, is a ValueError.
    """
    if len(digits) % 2 or not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"not an even count of digits: {digits!r}")
    pairs = zip(digits[::2], digits[1::2], strict=True)
    elements = [width for dark, light in pairs for width in _interleaved(int(dark), int(light))]
    return (*_START, *elements, *_STOP)


def svg(digits: str, *, height: int = 50) -> str:
    """This will draw the bars as an SVG picture, one unit a module, to be stretched to size.

    FEBRABAN asks for 103 mm by 13 mm for the 44 digits of a boleto.
    """
    bars, left = [], 0
    for ordinal, width in enumerate(bar_widths(digits)):
        if ordinal % 2 == 0:
            bars.append(f"M{left} 0h{width}v{height}h-{width}z")
        left += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left} {height}" width="{left}" '
        f'height="{height}" preserveAspectRatio="none"><path d="{"".join(bars)}"/></svg>'
    )


def _interleaved(dark: int, light: int) -> list[int]:
    return [
        WIDE if element in _WIDE_ELEMENTS[digit] else NARROW
        for element in range(5)
        for digit in (dark, light)
    ]
