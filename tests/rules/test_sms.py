import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.sms import Encoding, SmsSize, measure

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "encoding", "length", "segments"),
    [
        ("", Encoding.GSM7, 0, 0),
        ("a" * 159, Encoding.GSM7, 159, 1),
        ("a" * 160, Encoding.GSM7, 160, 1),
        ("a" * 161, Encoding.GSM7, 161, 2),
        ("a" * 306, Encoding.GSM7, 306, 2),
        ("a" * 307, Encoding.GSM7, 307, 3),
        ("ç" * 69, Encoding.UCS2, 69, 1),
        ("ç" * 70, Encoding.UCS2, 70, 1),
        ("ç" * 71, Encoding.UCS2, 71, 2),
        ("ç" * 134, Encoding.UCS2, 134, 2),
        ("ç" * 135, Encoding.UCS2, 135, 3),
    ],
)
def test_segments_at_the_limits(text, encoding, length, segments):
    assert measure(text) == SmsSize(encoding=encoding, length=length, segments=segments)


@pytest.mark.parametrize("letter", "ãõáçâêíóú")
def test_most_portuguese_accents_cost_the_long_alphabet(letter):
    assert measure(f"Ol{letter}").encoding is Encoding.UCS2


@pytest.mark.parametrize("letter", "éàÇ@£\n")
def test_a_few_accents_fit_the_short_alphabet(letter):
    assert measure(letter) == SmsSize(encoding=Encoding.GSM7, length=1, segments=1)


def test_braces_and_the_euro_sign_count_twice():
    assert measure("{10 €}") == SmsSize(encoding=Encoding.GSM7, length=9, segments=1)


def test_an_emoji_counts_twice():
    assert measure("😀") == SmsSize(encoding=Encoding.UCS2, length=2, segments=1)


def test_what_counts_twice_is_not_cut_in_two_at_the_end_of_a_segment():
    assert measure("a" * 152 + "€" + "a" * 152).segments == 3  # 306 septets, but one is left over
    assert measure("ç" * 66 + "😀" + "ç" * 66).segments == 3


@given(st.text(max_size=1000))
def test_segments_are_never_fewer_than_the_length_needs(text):
    size = measure(text)

    most = 160 if size.encoding is Encoding.GSM7 else 70
    assert (size.segments == 0) == (text == "")
    assert (size.segments <= 1) == (size.length <= most)
    assert size.segments * most >= size.length
