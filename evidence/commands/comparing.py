"""``evidence compare``: what two photos show about each other."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evidence.commands.configuration import read_config, read_settings
from evidence.commands.refusal import refusing

if TYPE_CHECKING:
    from evidence.photo.reading import Reading
    from evidence.settings import Settings

Photo = Annotated[Path, typer.Argument(show_default=False, help="a photo's file")]


def compare(
    reference: Photo,
    query: Photo,
    as_json: Annotated[bool, typer.Option("--json", help="print the verdict as JSON")] = False,
) -> None:
    """Compare a photo in question (QUERY) with another (REFERENCE)."""
    from evidence.comparison.compare import compare as compare_readings
    from evidence.comparison.verdict import verdict_to_json
    from evidence.terminal import show_verdict

    settings = read_settings(read_config())
    verdict = compare_readings(
        _read(reference, settings), _read(query, settings), settings=settings
    )
    if as_json:
        typer.echo(json.dumps(verdict_to_json(verdict), ensure_ascii=False, indent=2))
    else:
        show_verdict(verdict)


def _read(path: Path, settings: "Settings") -> "Reading":
    """Read one photo, or end with one line that says why not."""
    from evidence.photo.reading import read_photo

    with refusing(path):
        return read_photo(path.read_bytes(), settings=settings)
