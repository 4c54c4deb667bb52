"""What reaches people goes through the doors that make it harmless: nobody else in the product opens an outlet."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("cli", "deployments", "flows", "tasks", "publishing", "reports", "genesys", "files", "timeouts")
MODULES = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text()) for room in ROOMS for path in (ROOT / room).rglob("*.py")
}

DOORS = {
    ("prefect.artifacts", "create_table_artifact"): "tasks/running/artifacts.py",
    ("prefect.artifacts", "create_markdown_artifact"): "tasks/running/artifacts.py",
    ("prefect.artifacts", "create_progress_artifact"): "tasks/running/artifacts.py",
    ("prefect.artifacts", "create_link_artifact"): "",
    ("prefect.artifacts", "create_image_artifact"): "",
    ("prefect", "states"): "tasks/running/states.py",
    ("prefect.states", "Completed"): "",
    ("prefect.states", "Failed"): "",
    ("prefect.states", "Cancelled"): "",
    ("prefect.states", "Crashed"): "",
    ("prefect.events", "emit_event"): "flows/run/events.py",
    ("rich.markup", "escape"): "",
    ("jinja2", "Environment"): "reports/page/page.py",
    ("markupsafe", "Markup"): "reports/page/page.py",
}
"""What opens an outlet, and the one module that may; '' where none needs it."""


def imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", each.name) for each in node.names)
        if isinstance(node, ast.Import):
            yield from ((each.name, "") for each in node.names)


def calls(tree: ast.Module, name: str) -> Iterator[ast.Call]:
    """The calls of a function or a method of that name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == name:
                yield node


@pytest.mark.parametrize("door", DOORS, ids=".".join)
def test_each_outlet_is_opened_in_one_place(door: tuple[str, str]) -> None:
    assert {path for path, tree in MODULES.items() if door in imports(tree)} == {DOORS[door]} - {""}


@pytest.mark.parametrize("module", ["prefect.artifacts", "prefect.states"])
def test_no_module_takes_all_of_them_at_once(module: str) -> None:
    assert [path for path, tree in MODULES.items() if (module, "") in imports(tree)] == []


def test_what_is_printed_to_a_terminal_is_no_bare_text() -> None:
    """A console is given what plain.py has made, a table, or the code that a person asked for."""
    bare = [
        f"{path}:{call.lineno}"
        for path, tree in MODULES.items()
        if path.startswith(("reports/terminal", "cli"))
        for call in calls(tree, "print")
        if call.args and isinstance(call.args[0], ast.JoinedStr | ast.Constant)
    ]

    assert bare == []


def test_a_run_of_a_task_is_named_by_a_function_and_never_by_a_template() -> None:
    names = [
        keyword.value
        for tree in MODULES.values()
        for name in ("task", "flow", "with_options")
        for call in calls(tree, name)
        for keyword in call.keywords
        if keyword.arg in ("task_run_name", "flow_run_name")
    ]

    assert names
    assert all(isinstance(each, ast.Name) for each in names)


def test_all_loggers_are_those_whose_lines_are_made_harmless() -> None:
    """`genesys/sdk/shell.py` names versions of the SDK alone; `cli/servers/metrics.py` silences somebody else's."""
    others = ("genesys/sdk/shell.py", "flows/run/log_lines.py", "cli/servers/metrics.py")
    named = {
        (path, ast.unparse(call.args[0]))
        for path, tree in MODULES.items()
        for call in calls(tree, "getLogger")
        if call.args
    }

    assert {name for path, name in named if path not in others} == {"LOGGER_NAME", "OUTSIDE_OF_RUNS"}
