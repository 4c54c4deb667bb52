"""docs/simulator.md, made from the tables in the code: `python -m simulator.docs`."""

import dataclasses
import inspect
from collections.abc import Sequence
from pathlib import Path

from simulator.api.routes import ARCHITECT, FLOW_DATA, Route
from simulator.behaviours import BEHAVIOURS
from simulator.control import COMMANDS
from simulator.faults.faults import Fault
from simulator.switches import Switches

PATH = Path(__file__).parent.parent / "docs" / "simulator.md"

_INTRODUCTION = """\
# The simulator

Made by `python -m simulator.docs`; a test fails when it is out of date. Sections lead to [platform.md](platform.md).
Tags: **SDK** official code, **real** seen in a live org, **doc** Genesys documentation, **inferred** a conclusion
of ours that no source states, **tutorial** the contract of the founding tutorial.

Whatever is not listed here is answered with 501 and logged. The control plane is neither counted nor disturbed, and it
refuses what pages of browsers send; a request to another host than `127.0.0.1` or `localhost` is 400. In-process,
`simulator.server.running` gives the same as methods of `Org`.
"""


def page() -> str:
    """Write the page."""
    parts = [
        _INTRODUCTION,
        "## Behaviour\n",
        _table(("behaviour", "tag", "section"), [(one.text, one.tag, _links(one.section)) for one in BEHAVIOURS]),
        "## Routes of the platform\n",
        _routes(ARCHITECT),
        "## Routes of an org of the kind `flowData`\n",
        _routes([one for one in FLOW_DATA if one not in ARCHITECT]),
        "## Open questions that are switches\n",
        _table(("switch", "default", "question", "meaning"), _switches()),
        "## Control plane\n",
        _table(("call", "what"), [(f"`{one.method} /simulator/{one.path}`", one.text) for one in COMMANDS]),
        "## Faults\n",
        inspect.cleandoc(Fault.__doc__ or "") + "\n",
    ]
    return "\n".join(parts)


def _routes(routes: Sequence[Route]) -> str:
    heads = ("call", "what", "permission (any of)", "tag", "section")
    rows = [
        (f"`{one.method} {one.path}`", one.text, ", ".join(one.any_of) or "a token", one.tag, _links(one.section))
        for one in routes
    ]
    return _table(heads, rows)


def _switches() -> list[tuple[str, ...]]:
    return [
        (f"`{one.name}`", f"`{one.default}`", _links(one.metadata["question"]), one.metadata["meaning"])
        for one in dataclasses.fields(Switches)
    ]


def _links(sections: str) -> str:
    """Link sections of the page of facts, each by its anchor."""
    return ", ".join(f"[{one}](platform.md#{one})" for one in sections.split(", "))


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(page(), encoding="utf-8")
