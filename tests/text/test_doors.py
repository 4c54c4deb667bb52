"""What reaches people goes through the doors that make it harmless: nobody else in the product opens an outlet."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("cli", "deployments", "flows", "tasks", "publishing", "reports", "genesys", "files", "timeouts")

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


@pytest.fixture(scope="module")
def modules() -> dict[str, list[ast.AST]]:
    """Every node of every module of the product, by the path of the module."""
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return {str(path.relative_to(ROOT)): list(ast.walk(ast.parse(path.read_text()))) for path in paths}


@pytest.fixture(scope="module")
def imported(modules: dict[str, list[ast.AST]]) -> dict[str, set[tuple[str, str]]]:
    return {path: set(imports(nodes)) for path, nodes in modules.items()}


def imports(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", each.name) for each in node.names)
        if isinstance(node, ast.Import):
            yield from ((each.name, "") for each in node.names)


def calls(nodes: list[ast.AST], name: str) -> Iterator[ast.Call]:
    """The calls of a function or a method of that name."""
    for node in nodes:
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == name:
                yield node


@pytest.mark.parametrize("door", DOORS, ids=".".join)
def test_each_outlet_is_opened_in_one_place(door: tuple[str, str], imported: dict[str, set[tuple[str, str]]]) -> None:
    assert {path for path, names in imported.items() if door in names} == {DOORS[door]} - {""}


@pytest.mark.parametrize("module", ["prefect.artifacts", "prefect.states"])
def test_no_module_takes_all_of_them_at_once(module: str, imported: dict[str, set[tuple[str, str]]]) -> None:
    assert [path for path, names in imported.items() if (module, "") in names] == []


def test_what_is_printed_to_a_terminal_is_no_bare_text(modules: dict[str, list[ast.AST]]) -> None:
    """A console is given what plain.py has made, a table, or the code that a person asked for."""
    bare = [
        f"{path}:{call.lineno}"
        for path, nodes in modules.items()
        if path.startswith(("reports/terminal", "cli"))
        for call in calls(nodes, "print")
        if call.args and isinstance(call.args[0], ast.JoinedStr | ast.Constant)
    ]

    assert bare == []


def test_a_run_of_a_task_is_named_by_a_function_and_never_by_a_template(modules: dict[str, list[ast.AST]]) -> None:
    names = [
        keyword.value
        for nodes in modules.values()
        for name in ("task", "flow", "with_options")
        for call in calls(nodes, name)
        for keyword in call.keywords
        if keyword.arg in ("task_run_name", "flow_run_name")
    ]

    assert names
    assert all(isinstance(each, ast.Name) for each in names)


def test_all_loggers_are_those_whose_lines_are_made_harmless(modules: dict[str, list[ast.AST]]) -> None:
    """`genesys/sdk/shell.py` names versions of the SDK alone; `cli/servers/metrics.py` silences somebody else's."""
    others = ("genesys/sdk/shell.py", "flows/run/log_lines.py", "cli/servers/metrics.py")
    named = {
        (path, ast.unparse(call.args[0]))
        for path, nodes in modules.items()
        for call in calls(nodes, "getLogger")
        if call.args
    }

    assert {name for path, name in named if path not in others} == {"LOGGER_NAME", "OUTSIDE_OF_RUNS"}
