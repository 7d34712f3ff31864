"""Imports only run with the data: the order in README.md, enforced."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

ORDER = [  # a room may import only from itself and from those before it
    "errors", "text", "words", "wording", "calibration", "settings", "overrides", "sandbox",
    "waiting_line", "measured", "workers", "cluster",
    "photo", "comparison", "policy", "registry", "bundle", "service", "bulk", "evaluate",
    "report", "terminal", "import_terminal", "bulk_terminal", "replay_terminal",
    "keeping_terminal", "logs", "traces", "demo", "commands",
    "cli", "__main__",
]  # fmt: skip
STAGES = {  # inside a room too
    "photo": [
        "container", "file_facts", "decode", "codes", "encoding",
        "lines", "quadrilaterals", "foreshortening", "groups", "outline",
        "placing", "frame", "patches", "hidden", "shortfalls", "quality", "hashing", "features",
        "reading", "outline_hashes", "pictures", "pyramid", "redaction",
    ],
    "comparison": [
        "change_wording", "placement", "verdict", "appearance", "matching",
        "alignment", "outline_alignment", "item_alignment", "same_exposure", "laying",
        "text_models", "text_finding", "text_reading", "text_places", "text_difference",
        "reference_print", "text_doubts", "printed_text",
        "number_plane", "number_text", "copy_codes", "number_reading", "copy_numbers",
        "wording", "print_wording", "claim_wording",
        "hiding", "fusion", "items", "cells", "photometry", "wider_outline", "moved_parts",
        "judging",
        "print_map", "medians", "edge_lines", "cut", "cut_geometry", "cut_completing", "cut_seeing",
        "thickness", "cut_weight",
        "local_alignment", "fine_laying",
        "sharpness", "allowances", "pieces", "courses", "parting", "linking", "rim", "residual",
        "missing_marks", "copy_wording", "copy_evidence", "loss", "growing", "following",
        "weighing", "veil", "closed_outlines", "stains", "shading", "hollows", "half_hollows",
        "surroundings",
        "change_kinds", "change_answers", "unwrapping", "raggedness", "wear",
        "thin_lines", "sure_pieces",
        "examination", "changes", "compare", "conclusion", "combine",
        "weight_rows", "picture", "cut_picture",
    ],
}  # fmt: skip
DOORS = {"cli", "commands", "demo", "__main__"}  # the doors may open the web; the library may not
WEB = {"fastapi", "starlette", "uvicorn", "api"}
DISK = {"sqlalchemy", "alembic", "pysqlite3", "sqlite3", "psycopg", "obstore"}
PURE = {"photo", "comparison", "policy"}
IMPURE = {"os", "time", "socket", "subprocess", "requests", "urllib", *DISK}
FILES = sorted((ROOT / "evidence").rglob("*.py"))


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write absolute imports"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room(path: Path) -> str:
    return path.relative_to(ROOT / "evidence").parts[0].removesuffix(".py")


def roots(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [p for p in FILES if room(p) not in DOORS], ids=named)
def test_the_library_knows_no_web(path):
    assert not roots(path) & WEB


@pytest.mark.parametrize("path", [p for p in FILES if room(p) in PURE], ids=named)
def test_the_pure_rooms_know_no_clock_environment_or_disk(path):
    assert not roots(path) & IMPURE


@pytest.mark.parametrize("path", [p for p in FILES if room(p) != "registry"], ids=named)
def test_only_the_registry_knows_sql(path):
    assert not roots(path) & DISK


@pytest.mark.parametrize("path", [p for p in FILES if room(p) != "__init__"], ids=named)
def test_a_room_imports_only_earlier_rooms(path):
    own = {name.split(".")[1] for name in imports(path) if name.startswith("evidence.")}
    assert own <= set(ORDER[: ORDER.index(room(path)) + 1])


@pytest.mark.parametrize(
    "path", [p for p in FILES if room(p) in STAGES and p.stem != "__init__"], ids=named
)
def test_a_stage_imports_only_earlier_stages(path):
    stages = STAGES[room(path)]
    own = {
        name.split(".")[2] for name in imports(path) if name.startswith(f"evidence.{room(path)}.")
    }
    assert own <= set(stages[: stages.index(path.stem)])


def test_nothing_of_the_product_imports_the_tests_or_the_simulator_but_the_demo():
    product = [*FILES, *(ROOT / "api").rglob("*.py")]
    guilty = {named(p) for p in product if roots(p) & {"tests", "fixtures"}}
    assert guilty <= {"evidence/demo.py"}
