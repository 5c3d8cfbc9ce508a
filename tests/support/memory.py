"""Where a test's database lies: nothing waits for a disk there."""

from __future__ import annotations

import shutil
from pathlib import Path


def in_memory() -> Path | None:
    """A folder without a disk beneath it, where there is one with room."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3
    return memory if roomy else None
