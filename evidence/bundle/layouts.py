"""The report laid out: one HTML page a language, and one PDF with all languages.

Neither asks for anything from outside, runs anything or knows where it is. The same report gives
the same bytes.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import typst
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from evidence.bundle.legible import make_legible
from evidence.bundle.verifier import verifier_source

JSON = dict[str, Any]
FONTS = [Path(one.__file__).parent for one in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)]


def lay_out_page(report: JSON, pictures: Mapping[str, bytes]) -> bytes:
    """Return a report as an HTML page with its pictures inside.

    Args:
        report: as ``tell_report`` returns it.
        pictures: JPEG files by the names that the report uses.
    """
    embedded = {name: _data_address(data) for name, data in pictures.items()}
    template = _environment().get_template("report.html")
    return template.render(told=report, embedded=embedded).strip().encode()


def lay_out_document(
    reports: Sequence[JSON], pictures: Mapping[str, bytes], made_at: datetime
) -> bytes:
    """Return reports, one a language, as one tagged PDF/A-2a that looks the same everywhere.

    Args:
        reports: as ``tell_report`` returns them.
        pictures: JPEG files by the names that the reports use.
        made_at: what the document tells as its date. Aware.
    """
    template = files("evidence.bundle").joinpath("templates", "report.typ").read_bytes()
    # It takes texts only: pictures go as lists of numbers, so that nothing is written to a disk.
    legible = make_legible(list(reports), next(FONTS[0].glob("*.otf")))
    told = json.dumps(legible, ensure_ascii=False)
    shown = json.dumps({name: [*jpeg] for name, jpeg in pictures.items() if name in told})
    return typst.compile(
        template,
        sys_inputs={"reports": told, "pictures": shown},
        font_paths=_fonts(),
        pdf_standards=["a-2a"],
        timestamp=made_at.replace(microsecond=0),
    )


def lay_out_steps(key: str) -> bytes:
    """Return how to check a bundle by hand, in both languages, as text.

    Args:
        key: the log's public key, as a line.
    """
    verifier = sha256(verifier_source()).hexdigest()
    template = _environment().get_template("HOW-TO-CHECK.txt")
    return template.render(key=key, verifier=verifier).encode()


def _data_address(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


@cache
def _fonts() -> typst.Fonts:
    """Find the fonts that are embedded: those of packages, never those of the machine."""
    return typst.Fonts(include_system_fonts=False, font_paths=FONTS)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("evidence.bundle"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
