"""Every refusal that a page may show is there in both languages."""

import ast
import pickle
import re
from pathlib import Path

import pytest

from api.problems import STATUS
from evidence import errors

ROOT = Path(__file__).parents[1]
JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
TERMINAL = {  # what these raise ends on an operator's terminal or in a log, in one English line
    "api/config.py",  # read when a service starts
    "evidence/traces.py",
    "evidence/evaluate",  # commands; the pages show their results only
    "evidence/registry/backup.py",
    "evidence/registry/checkpoint_file.py",  # read and written by the publisher and by commands
    "evidence/registry/log_key.py",
    "evidence/registry/log_rows.py:take_key",
    "evidence/registry/migrations",
    "evidence/registry/photo_objects.py:open",
    "evidence/registry/postgresql_engine.py",
    "evidence/registry/row_copy.py",  # `evidence migrate-store`
    "evidence/registry/scrub.py",  # `evidence verify`
    "evidence/registry/snapshot.py",  # `evidence replay`
    "evidence/registry/sqlite_engine.py",
    "evidence/registry/store_copy.py",
    "evidence/service/publishing.py",
    "evidence/service/timestamping.py",
}
OURS = {one for one in vars(errors).values() if isinstance(one, type)}
SHOWN = {  # a damaged original is a fault of ours, and still for the one who can send it again
    one.__name__
    for one in OURS
    if STATUS.get(one, 500) < 500 or STATUS.get(one) in (503, 507)
} | {"DamagedOriginalError"}  # fmt: skip
AFTER_STATUS = {"ProblemError", "refusal"}  # the interface's own: status, English, Japanese
FILES = [path for place in ("evidence", "api") for path in sorted((ROOT / place).rglob("*.py"))]


def named(path):
    return path.relative_to(ROOT).as_posix()


def is_for_operators(where):
    module = where.partition(":")[0]
    places = {module, where, *(parent.as_posix() for parent in Path(module).parents)}
    return bool(places & TERMINAL)


def calls(path):
    """Yield each call in a file: its function, the name that is called, and itself."""

    def walk(node, function):
        for child in ast.iter_child_nodes(node):
            inside = child.name if isinstance(child, ast.FunctionDef) else function
            if isinstance(child, ast.Call):
                name = child.func.id if isinstance(child.func, ast.Name) else None
                name = child.func.attr if isinstance(child.func, ast.Attribute) else name
                yield f"{named(path)}:{inside}", name, child
            yield from walk(child, inside)

    yield from walk(ast.parse(path.read_text("utf-8")), "")


def pairs():
    """Yield every sentence of a refusal with the same in Japanese, None where there is none."""
    for path in FILES:
        for where, name, call in calls(path):
            if name in SHOWN and not is_for_operators(where):
                yield where, call, call.args[:1], call.args[1:2]
            elif name in AFTER_STATUS:
                yield where, call, call.args[1:2], call.args[2:3]
            elif name == "HTTPException" and len(call.args) > 1:  # its text has no Japanese
                yield where, call, call.args[1:2], []


PAIRS = [
    pytest.param(*en, (ja or [None])[0], id=f"{where}:{call.lineno}")
    for where, call, en, ja in pairs()
]


def values(sentence):
    """Return what a sentence says by its values, without which table or method words them."""
    told = set()

    def look(node):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            if not node.value.id.isupper():
                look(node.value)
            look(node.slice)
        elif isinstance(node, ast.Call):
            for child in (*node.args, node.func):
                if not isinstance(child, ast.Name) or child in node.args:
                    look(child)
        elif isinstance(node, ast.comprehension):
            look(node.iter)
        elif isinstance(node, ast.Name):
            told.add(node.id)
        else:
            for child in ast.iter_child_nodes(node):
                look(child)

    for part in ast.walk(sentence):
        if isinstance(part, ast.FormattedValue):
            look(part.value)
    made = {one.id for one in ast.walk(sentence) if isinstance(one, ast.Name)
            and isinstance(one.ctx, ast.Store)}  # fmt: skip
    return told - made


def literal(sentence):
    return "".join(
        part.value
        for part in ast.walk(sentence)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


@pytest.mark.parametrize(("en", "ja"), PAIRS)
def test_a_refusal_that_a_page_may_show_is_there_in_both_languages(en, ja):
    assert ja is not None, "the same in Japanese is missing"
    if isinstance(en, ast.Attribute):  # a Text, which has both
        assert ast.unparse(ja) == f"{ast.unparse(en.value)}.ja"
        assert en.attr == "en"
    elif isinstance(en, ast.Name):  # handed on by a function of two arguments
        assert (en.id, ast.unparse(ja)) == ("en", "ja")
    else:
        require_same(en, ja)


def test_no_exemption_is_left_over():
    raised = {where for path in FILES for where, name, _ in calls(path) if name in SHOWN}
    used = {one for one in TERMINAL if any(where.startswith(one) for where in raised)}
    assert used == TERMINAL


def copied(error):
    return pickle.loads(pickle.dumps(error))  # noqa: S301 - our own


@pytest.mark.parametrize("kind", sorted(OURS, key=lambda one: one.__name__))
def test_an_error_comes_out_of_a_worker_as_it_was(kind):
    error = kind("it is damaged", "破損しています。")
    error.photo_id, error.wait, error.fault = "0" * 64, 17, "cut"
    came = copied(error)
    assert (type(came), str(came), vars(came)) == (kind, "it is damaged", vars(error))
    assert came.ja == "破損しています。"
    assert copied(kind("it is damaged")).ja is None


def require_same(en, ja):
    assert isinstance(en, ast.Constant | ast.JoinedStr)
    assert isinstance(ja, ast.Constant | ast.JoinedStr)
    assert JAPANESE.search(literal(ja)) or {"ja"} <= {
        one.attr for one in ast.walk(ja) if isinstance(one, ast.Attribute)
    }
    assert not JAPANESE.search(literal(en))
    assert values(ja) == values(en)
