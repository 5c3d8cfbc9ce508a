"""The data folder: there, and ours to write into."""

from __future__ import annotations

import os
from pathlib import Path

from running.problems import ExpectedProblem


class FolderNotUsable(ExpectedProblem):
    """Nothing can be kept where we were told to."""


def make_folder(data: Path) -> None:
    """This will make the data folder where it is not there, for its owner alone: the database in it
    is as readable as the folder. Refuses FolderNotUsable.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(data, os.W_OK | os.X_OK):
            raise PermissionError(13, os.strerror(13))
    except OSError as error:
        raise FolderNotUsable(
            f"Nothing can be kept in the folder {data} ({error.strerror}): "
            "choose another --data (ACERTO_DATA)."
        ) from error
