import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.itf import bar_widths, svg

pytestmark = pytest.mark.once


def test_the_bars_of_a_small_code_are_those_of_the_standard():
    start, stop = (1, 1, 1, 1), (3, 1, 1)
    one_dark, zero_light = (3, 1, 1, 1, 3), (1, 1, 3, 3, 1)
    pair = tuple(w for both in zip(one_dark, zero_light, strict=True) for w in both)

    assert bar_widths("10") == (*start, *pair, *stop)


@given(st.from_regex(r"([0-9]{2}){1,30}", fullmatch=True))
def test_every_digit_has_two_wide_elements_of_five(digits):
    widths = bar_widths(digits)

    assert len(widths) == 7 + 5 * len(digits)
    assert sum(widths) == 9 + 9 * len(digits)


@pytest.mark.parametrize("digits", ["123", "1a", "²²"])
def test_what_cannot_be_drawn_is_refused(digits):
    with pytest.raises(ValueError, match="even count"):
        bar_widths(digits)


def test_the_picture_is_as_wide_as_its_bars():
    picture = svg("1234", height=10)

    assert f'viewBox="0 0 {sum(bar_widths("1234"))} 10"' in picture
    assert picture.count("M") == (len(bar_widths("1234")) + 1) // 2
