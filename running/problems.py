"""What can be expected to go wrong around Acerto, told in a sentence instead of a traceback."""


class ExpectedProblem(Exception):  # noqa: N818 - reads as what it is
    """Something that whoever runs Acerto can put right; its text says what and how."""
