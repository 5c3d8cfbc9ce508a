"""How fast, beside the bare engine and the bare database.

`python -m bench` runs every benchmark, one after the other; `python -m bench panels sqlite` one of
them, with its own arguments; `python -m bench --list` says which there are. The tables that they
print are those of docs/performance.md.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parent
#: What benchmarks are built of, and this.
PARTS = {"__init__", "__main__", "bare", "bare_worker", "figures", "house", "portfolio"}


def benchmarks() -> dict[str, str]:
    """Each benchmark with the line that says what it measures."""
    return {
        path.stem: _purpose(path) for path in sorted(FOLDER.glob("*.py")) if path.stem not in PARTS
    }


def main(arguments: Sequence[str]) -> int:
    """This will run what is asked for and give the exit code: 2 for a name that is unknown."""
    known = benchmarks()
    if arguments[:1] == ["--list"]:
        for name, purpose in known.items():
            print(f"{name:16}{purpose}")
        return 0
    if not arguments:
        return max(_run(name, ()) for name in known)
    name, *rest = arguments
    if name not in known:
        print(f"There is no benchmark {name}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    return _run(name, rest)


def _run(name: str, arguments: Sequence[str]) -> int:
    """A process of its own: one benchmark's memory and caches are not the next one's."""
    print(f"\n## {name}\n", flush=True)
    command = [sys.executable, "-m", f"bench.{name}", *arguments]
    return subprocess.run(command, check=False).returncode


def _purpose(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text())) or "").split("\n")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
