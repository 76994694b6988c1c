"""What import-linter and ruff cannot hold about the shape of the project, read from its own files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINES_ALLOWED = 500
MODULES = sorted((ROOT / "hmis_pos").rglob("*.py"))
SCRIPTS = sorted((ROOT / ".ci").glob("*.py"))
SOURCES = [
    *MODULES,
    *SCRIPTS,
    *sorted((ROOT / "tests").rglob("*.py")),
    *(ROOT / name for name in ("Makefile", "hmis_pos.spec", ".ci/run")),
]

# Spelled in two halves, or this file would accuse itself.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")

VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
OUR_VARIABLE = re.compile(r"(?:HMIS|STRIPE|MPESA|PAYPAL)_[A-Z0-9_]*[A-Z0-9]|PUBLIC_BASE_URL|CORS_ORIGINS")
READERS = {"environ", "env", "environment"}


def named(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("source", paths, ids=[path.relative_to(ROOT).as_posix() for path in paths])


@named([path for path in [*MODULES, *SCRIPTS] if "migrations" not in path.parts])
def test_a_module_is_small_enough_to_read(source: Path) -> None:
    lines = len(source.read_text(encoding="utf-8").splitlines())

    assert lines <= LINES_ALLOWED, f"{lines} lines: this module wants to be two"


@named(SOURCES)
def test_nothing_is_left_for_later(source: Path) -> None:
    text = source.read_text(encoding="utf-8")

    assert [line for line in text.splitlines() if UNFINISHED.search(line)] == []


@named(sorted((ROOT / "hmis_pos" / "terminal").rglob("*.py")))
def test_no_dialog_runs_a_loop_of_its_own(source: Path) -> None:
    """A second event loop inside the first one stops every task of the terminal (design: one qasync loop)."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    calls = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"exec", "exec_"}
    ]

    assert calls == [], "open() and a signal instead of exec()"


@named(sorted((ROOT / "hmis_pos" / "terminal" / "presenters").rglob("*.py")))
def test_presenters_know_no_widgets(source: Path) -> None:
    """import-linter cannot name a module inside an external package."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}

    assert names.isdisjoint({"PySide6.QtWidgets", "PySide6.QtPrintSupport", "PySide6.QtGui"})


def test_decisions_are_numbered_without_gaps() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [file.name[:4] for file in files]

    assert files
    assert numbers == [f"{number:04}" for number in range(1, len(files) + 1)]
    for file in files:
        assert re.match(rf"# {file.name[:4]}\.? \S", file.read_text(encoding="utf-8")), file.name


def ignore_lines() -> Iterator[str]:
    """Yield each line of pyproject.toml that switches a ruff rule off."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    everywhere = re.search(r"^ignore = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    by_file = re.search(r"^\[tool\.ruff\.lint\.per-file-ignores\]\n(.*?)(?=^\[)", text, re.MULTILINE | re.DOTALL)
    assert everywhere
    assert by_file
    for line in (everywhere[1] + by_file[1]).splitlines():
        if re.search(r'"[A-Z]{1,4}\d{0,4}"', line):
            yield line


def test_every_rule_we_ignore_has_its_reason() -> None:
    lines = list(ignore_lines())

    assert len(lines) > 10
    assert [line for line in lines if not re.search(r"#\s*\S+(?: \S+){2,}", line)] == []


def is_reader(node: ast.expr) -> bool:
    """Tell whether an expression is the process environment, or a mapping called so."""
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in READERS


def variables_read(tree: ast.Module) -> set[str]:
    """Name the environment variables that a module reads, as far as its text tells."""
    found: set[str] = set()
    for node in ast.walk(tree):
        key: ast.expr | None = None
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and OUR_VARIABLE.fullmatch(node.value):
            found.add(node.value)
        elif isinstance(node, ast.Subscript) and is_reader(node.value) and isinstance(node.ctx, ast.Load):
            key = node.slice
        elif isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute):
            asks = node.func.attr == "getenv" or (node.func.attr == "get" and is_reader(node.func.value))
            key = node.args[0] if asks else None
        elif isinstance(node, ast.Compare) and any(is_reader(other) for other in node.comparators):
            key = node.left
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and VARIABLE.fullmatch(key.value):
            found.add(key.value)
    return found


def variables_in_the_readme() -> set[str]:
    """Name the variables in the README's tables whose first column is headed `Variable`."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    tables = re.findall(r"^\| *Variable *\|[^\n]*\n((?:\|[^\n]*\n?)+)", text, re.MULTILINE)
    first_cells = re.findall(r"^\|([^|]+)\|", "\n".join(tables), re.MULTILINE)
    return {name for cell in first_cells for name in re.findall(rf"`({VARIABLE.pattern})`", cell)}


def test_every_environment_variable_we_read_is_in_the_readme() -> None:
    read = {name for module in MODULES for name in variables_read(ast.parse(module.read_text(encoding="utf-8")))}

    assert read
    assert sorted(read - variables_in_the_readme()) == []


def test_the_readme_names_no_variable_that_nobody_reads() -> None:
    read = {name for module in MODULES for name in variables_read(ast.parse(module.read_text(encoding="utf-8")))}

    assert sorted(variables_in_the_readme() - read) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('os.environ["HMIS_RELAY_URL"]', {"HMIS_RELAY_URL"}),
        ('os.environ.get("DISPLAY")', {"DISPLAY"}),
        ('os.getenv("WAYLAND_DISPLAY", "")', {"WAYLAND_DISPLAY"}),
        ('"DISPLAY" in os.environ', {"DISPLAY"}),
        ('text(env, "MPESA_PASSKEY")', {"MPESA_PASSKEY"}),
        ('os.environ["QT_QPA_PLATFORM"] = "offscreen"', set()),
        ('answer.get("ResultCode")', set()),
    ],
)
def test_the_reader_of_variables_sees_each_way_to_ask(text: str, names: set[str]) -> None:
    assert variables_read(ast.parse(text)) == names
