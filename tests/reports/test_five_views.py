"""One run told by Markdown, page, terminal, CSV and JSON: the same facts are taken out of all five and compared."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import pytest

from reports.frames.compared.as_code import DIFFERENCES
from reports.markdown.summary import markdown_summary
from reports.page.page import html_report
from reports.reasons import REASONS
from reports.tables import left_alone_table, tables_of
from reports.terminal.view import ALL, View
from tests.reports.made import made, printed
from tests.reports.view_readers import Page, Rows, rows_of_csv, rows_of_markdown, rows_of_terminal
from tests.timeouts.conftest import action, copy_of, inventory, listed, reading, step
from tests.timeouts.planning.outcomes import became
from timeouts.as_code.comparing import compare_with_files
from timeouts.inventory import Inventory
from timeouts.model.durations import format_duration
from timeouts.model.org import ArchitectFlow, Organization
from timeouts.model.settings import Expression, LiteralOrSuggested, LiteralTimeout, Suggested
from timeouts.planning.computing import compute_plan
from timeouts.policy.policy import Policy

SHORT = LiteralTimeout(timeout_ms=3_000)
ORG = inventory(
    [
        listed("af-1", "Main | line"),
        listed("af-2", "Billing [EMEA]"),
        listed("af-3", "Night line", saved_version="s1"),
        listed("af-4", "Broken"),
        listed("af-5", "Tutorial"),
        listed("af-6", "Card | payments"),
        listed("m-1", "Common | login", type="COMMONMODULE"),
        listed("m-2", "Greeting", type="COMMONMODULE"),
    ],
    [
        reading(
            step(1, Suggested(), "crm", name="Greet"),
            step(2, SHORT, "crm", name="Look up"),
            step(3, Expression(text="Flow.wait"), "crm", name="Computed"),
            step(4, SHORT, "gone", name="Unlisted", action_name="Old CRM"),
            of="af-1",
        ),
        reading(step(1, SHORT, "slow", name="Score"), of="af-2"),
        reading(step(1, SHORT, "slow", name="At night"), of="af-3"),
        reading(coverage="unreadable", reason="it is not JSON", of="af-4"),
        reading(step(1, Suggested(), "", name="Of flowData", default_ms=3_000), of="af-5", kind="flowData"),
        reading(
            step(1, SHORT, "slow", name="Pay", kind="secure"),
            step(2, SHORT, "bridge-1", name="Over the bridge", kind="bridge", raw_timeout=None),
            of="af-6",
            snapshots=(
                copy_of(step(7, SHORT, "crm", name="Log in"), step(8, Suggested(), "crm", name="Ask"), of="m-1"),
                copy_of(step(9, SHORT, "crm", name="Say hello", kind="secure"), of="m-2", version="4.0"),
                copy_of(step(9, SHORT, "gone", name="Old hello"), of="unlisted"),
                copy_of(of="hidden", is_shown=False),
            ),
        ),
        reading(of="m-1"),
        reading(of="m-2"),
    ],
    [action("crm", 5_000, version=4, name="CRM"), action("slow", None, version=1, name="Slow | score")],
)
PLAN = compute_plan(ORG, Policy.raise_to(10_000, levers=("step", "action")))
OUTCOMES = [
    became("skipped", "af-3", "Night line", version_before="4.0", reason="a saved draft is newer"),
    became(
        "published",
        "crm",
        "CRM",
        "action",
        limit_before_ms=5_000,
        limit_after_ms=10_000,
        version_before="4",
        version_after="5",
    ),
    became("published", "af-1", "Main | line", version_before="4.0", version_after="5.0"),
    became("failed", "af-2", "Billing [EMEA]", version_before="4.0", reason="refused: 403"),
    became("published", "af-5", "Tutorial", version_before="4.0", version_after="8.0"),
    became("published", "af-6", "Card | payments", version_before="4.0", version_after="5.0"),
]
FILES = Inventory(
    Organization(id="files-0123456789abcdef", name="flows"),
    (
        ArchitectFlow(id="a|b/main.yaml", name="Main | line"),
        ArchitectFlow(id="cards.i3InboundFlow", name="Card | payments"),
        ArchitectFlow(id="x.yaml", name="{{name}}"),
    ),
    (action("main.tf#slow", 7_000, name="Slow | score"), action("main.tf#crm", 4_000, name="CRM")),
    (
        reading(
            step(1, LiteralOrSuggested(timeout_ms=60_000), "", name="Greet", action_name="Look up customer"),
            step(2, LiteralTimeout(timeout_ms=5_000), "", name="Look up", action_name="Look up customer"),
            step(3, SHORT, "", name="Computed", action_name="Look up customer"),
            step(5, SHORT, "", name="In the file", action_name="Look up customer"),
            of="a|b/main.yaml",
            kind="archy",
        ),
        reading(of="cards.i3InboundFlow"),
    ),
)
REPORT = made(ORG, PLAN, OUTCOMES, as_code=compare_with_files(ORG, FILES))

Facts = dict[str, Any]
Key = TypeVar("Key")


def by_markdown() -> Facts:
    text = markdown_summary(REPORT, {})
    tables = rows_of_markdown(text)
    (coverage,) = re.findall(r"\*\*(\d.* not read)\.\*\*", text)
    return {
        "coverage": numbers(coverage),
        "settings": {row["Setting"]: int(row["Steps"]) for row in tables["Steps by setting"][:-1]},
        "counts": numbers(re.findall(r"\d+ steps = .*?matched by no rule", text)[0]),
        "outcomes": {row["Architect flow"]: (row["Outcome"], row["Version"], row["Why"]) for row in tables["Outcomes"]},
        "actions": {row["Action"]: (row["Outcome"], row["Limit"]) for row in tables["Outcomes of actions"]},
        "changes": {
            row["Step"]: (row["Effective before"], row["Effective after"]) for row in tables["What was planned"]
        },
        "limits": {row["Action"]: (row["Limit"], row["After"]) for row in tables["Action limits that were planned"]},
        "affected": {
            row["Action"]: (int(row["Steps affected"]), int(row["Copies"]), int(row["Architect flows"]))
            for row in tables["Action limits that were planned"]
        },
        "left": {row["Why"]: int(row["Steps"]) for row in tables["What does not change, and why"]},
        "waits": {row["Step"]: row["Waits"] for row in tables["Shortest waits"]},
        "kinds": {row["Step"]: row["Kind"] for row in tables["What was planned"]},
        "copies": {
            row["Step"]: (
                *(row["Module"], row["Embedded"], row["Published"], row["Outdated"], row["Kind"]),
                row["Waits"],
            )
            for row in tables["Copies of common modules"]
        },
        "as code": {
            (row["File"], row["Step"] or row["Action"]): (row["The file says"], row["Live"], row["Differs"])
            for row in tables["What the files say, and what is live"]
        },
        "undone": undone_in(re.sub(r"\\(.)", r"\1", text)),
        "snapshots": snapshots_named(re.sub(r"\\(.)", r"\1", text)),
    }


TITLES = {
    "steps": "All steps as they were found",
    "outcomes": "What became of the Architect flows",
    "action-outcomes": "What became of the actions",
    "plan": "Steps that change",
    "action-plan": "Action limits, and every step that they affect",
    "left-alone": "Steps that are left alone",
    "copies": "Copies of common modules",
    "as-code": "What the files say, and what is live",
    "undone": "What the next deploy of the files would undo",
}


def by_page() -> Facts:
    page = Page(html_report(REPORT))
    counts = numbers(re.findall(r"\d+ steps = .*?matched by no rule", page.text)[0])
    told = by_tables(lambda kind: page.rows(TITLES[kind]))
    undone = undone_in(page.text)
    return {**told, "counts": counts, "snapshots": snapshots_named(page.text), "undone": undone}


def by_terminal() -> Facts:
    text = printed(REPORT, 400, view=View(rows=ALL))
    listed_, read, not_published, unreadable, not_read = numbers(re.findall(r".* Architect flows: .*", text)[0])
    settings = re.findall(r"\d+ steps: (.*)", text)[0].split(", ")
    left = re.findall(r"^\s+(\d+)\s{2}(\S.*?)\s{2,}", text.split("Left alone")[1].split("Requests")[0], re.MULTILINE)
    changes = rows_of_terminal(text, "changes in")
    return {
        "coverage": [listed_, read, unreadable, not_published, not_read],
        "counts": numbers(re.findall(r"\d+ steps = .*?matched by no rule", text)[0]),
        "settings": {kind: int(count) for count, kind in (part.split(" ") for part in settings)},
        "outcomes": {
            row["Architect flow"]: (row["outcome"], row["version"], row.get("reason and notes", ""))
            for row in rows_of_terminal(text, "Outcomes: ")
        },
        "actions": {row["action"]: (row["outcome"], row["limit"]) for row in rows_of_terminal(text, "Outcomes of")},
        "changes": {row["step"].partition(" / ")[2]: (row["now"], row["after"]) for row in changes},
        "limits": {row["action"]: (row["limit"], row["after"]) for row in rows_of_terminal(text, "affecting every")},
        "affected": {
            row["action"]: (int(row["steps"]), int(row["copies"]), int(row["flows"]))
            for row in rows_of_terminal(text, "affecting every")
        },
        "kinds": {row["step"].partition(" / ")[2]: row["kind"] for row in changes},
        "snapshots": snapshots_named(text),
        "as code": {
            (row["file"], row["step or action"].rpartition(" / ")[2]): (row["in the file"], row["live"], row["differs"])
            for row in rows_of_terminal(text, "What the files say, and what is live")
            if "differs" in row and row["differs"] not in {"the same", "not known"} and "steps" not in row["live"]
        },
        "undone": undone_in(text),
        "left": {why: int(count) for count, why in left if why in {reason.text for reason in REASONS.values()}},
    }


def by_csv() -> Facts:
    tables = {table.what: rows_of_csv(table.csv()) for table in [*tables_of(REPORT), left_alone_table(PLAN)]}
    return by_tables(lambda kind: tables[f"timeouts-{kind}"])


def by_tables(rows_of: Callable[[str], Rows]) -> Facts:
    """What the tables tell, which have the same columns on the page and in a file."""
    steps = rows_of("steps")
    return {
        "settings": tally(row["setting"] for row in steps),
        "outcomes": {
            row["Architect flow"]: (row["outcome"], arrow(row["version before"], row["version after"]), row["reason"])
            for row in rows_of("outcomes")
        },
        "actions": {
            row["action"]: (row["outcome"], arrow(row["limit before"], row["limit after"]))
            for row in rows_of("action-outcomes")
        },
        "changes": {row["step"]: (row["effective now"], row["after"]) for row in rows_of("plan")},
        "kinds": {row["step"]: row["kind"] for row in rows_of("plan")},
        "copies": {
            row["step"]: (
                *(row["module"], row["version embedded"], row["version published"], row["outdated"], row["kind"]),
                row["effective now"],
            )
            for row in rows_of("copies")
        },
        "limits": {row["action"]: (row["limit before"], row["limit after"]) for row in rows_of("action-plan")},
        "affected": affected(
            (row["action"], row["copy"] == "yes", row["Architect flow"]) for row in rows_of("action-plan")
        ),
        "as code": {
            (row["file"], row["step"] or row["action"]): (row["the file says"], row["live"], row["differs"])
            for row in rows_of("as-code")
            if row["what"] in {"step", "action limit"} and row["differs"] not in {"the same", "not known"}
        },
        "undone": tally((row["file"].partition("#")[0], bare(row["put back"])) for row in rows_of("undone")),
        "left": tally(row["why"] for row in rows_of("left-alone")),
        "waits": {row["step"]: row["effective now"] for row in steps if row["effective now"][0].isdigit()},
        "steps": {row["step"]: (row["step timeout"], row["action limit"], row["effective now"]) for row in steps},
        "all kinds": {row["step"]: row["kind"] for row in steps},
    }


def by_json() -> Facts:
    told = json.loads(REPORT.model_dump_json())
    plan, coverage = told["plan"], told["coverage"]
    counts = plan["counts"]
    order = ("steps", "changed", "by_action", "left_alone", "fine", "not_matched")
    return {
        "coverage": [coverage[key] for key in ("listed", "read", "unreadable", "not_published", "not_read")],
        "counts": [counts[key] for key in order],
        "settings": tally(step["setting"]["kind"] for step in told["steps"]),
        "outcomes": {
            each["target"]["name"]: (
                each["outcome"],
                arrow(each["version_before"], each["version_after"]),
                each["reason"],
            )
            for each in told["outcomes"]
            if each["target"]["kind"] == "architect_flow"
        },
        "actions": {
            each["target"]["name"]: (
                each["outcome"],
                arrow(words(each["limit_before_ms"]), words(each["limit_after_ms"])),
            )
            for each in told["outcomes"]
            if each["target"]["kind"] == "action"
        },
        "changes": {
            each["step_name"]: (words(each["before_effective_ms"]), words(each["after_effective_ms"]))
            for each in plan["changes"]
        },
        "limits": {
            each["name"]: (words(each["before_ms"]), words(each["after_ms"])) for each in plan["action_changes"]
        },
        "affected": affected(
            (each["name"], bool(step["copy_of"]), step["architect_flow_id"])
            for each in plan["action_changes"]
            for step in each["affected_steps"]
        ),
        "left": tally(REASONS[line["why"]].text for line in plan["left_alone"]),
        "waits": {each["step"]: words(each["effective_ms"]) for each in told["steps"] if each["effective_ms"]},
        "steps": {each["step"]: words_of_step(each) for each in told["steps"]},
        "all kinds": {each["step"]: each["kind"] for each in told["steps"]},
        "kinds": {each["step_name"]: each["kind"] for each in plan["changes"]},
        "copies": {
            copy["step"]: (
                *(each["module"], each["version"], each["published_version"] or ""),
                ("yes" if each["is_outdated"] else "no") if each["published_version"] else "unknown",
                *(copy["kind"], waits_of(copy)),
            )
            for each in told["snapshots"]
            for copy in each["copies"]
        },
        "as code": {
            (each["path"], each.get("step_name") or each["name"]): (
                said_in(each["file"]) if "file" in each else words(each["file_ms"]),
                said_in(each["live"]) if "live" in each else words(each["live_ms"]),
                DIFFERENCES[each["difference"]],
            )
            for each in (*told["as_code"]["steps"], *told["as_code"]["actions"])
            if each["difference"] not in {"same", "unknown"}
        },
        "undone": tally(
            (
                each["path"].partition("#")[0],
                bare(said_in(each["puts_back"])) if each["kind"] == "step" else words(each["puts_back_ms"]),
            )
            for each in told["undone"]
        ),
        "snapshots": {
            "older": [each["module"] for each in told["snapshots"] if each["is_outdated"]],
            "not shown": [each["module"] for each in told["snapshots"] if not each["is_shown"]],
            "copies": sum(len(each["copies"]) for each in told["snapshots"]),
        },
    }


def snapshots_named(text: str) -> Facts:
    """Which snapshots a text names, and how many copies it counts."""
    one_line = " ".join(text.split())
    (older,) = re.findall(r"1 Architect flow embeds an older version .*?: Card \| payments \((.*?) 3.0, ", one_line)
    (not_shown,) = re.findall(
        r"1 Architect flow embeds a common module whose .*?: Card \| payments \((.*?) 3", one_line
    )
    (copies,) = re.findall(r"(\d+) copies of steps of common modules in 4 snapshots", one_line)
    return {"older": [older], "not shown": [not_shown], "copies": int(copies)}


def undone_in(text: str) -> dict[tuple[str, str], int]:
    """What a text says that the next deploys put back: how often what, by file."""
    found: dict[tuple[str, str], int] = {}
    for file, said in re.findall(r"The next deploy of (\S+) would (.*?)\.(?=\s)", " ".join(text.split()) + " "):
        for limit in re.findall(r"the limit (\S+) of", said):
            found[file, limit] = 1
        for what, count in re.findall(r"(?:back|,|and) ([^,]*?) at (\d+) step", said):
            found[file, what.removeprefix("the ").removesuffix(" timeout")] = int(count)
        for count in re.findall(r"take away (\d+)", said):
            found[file, "no such step"] = int(count)
    return found


def said_in(setting: Mapping[str, Any] | None) -> str:
    """A setting of a document in words."""
    if setting is None:
        return "no such step"
    if setting["kind"] == "literal_or_suggested":
        return f"{format_duration(setting['timeout_ms'])} or suggested"
    said = setting.get("text") or ("timeout_ms" in setting and format_duration(setting["timeout_ms"])) or ""
    return f"{setting['kind']} {said}".strip()


def bare(setting: str) -> str:
    return setting.removeprefix("literal ")


def affected(found: Iterable[tuple[str, bool, str]]) -> dict[str, tuple[int, int, int]]:
    """By action: steps, copies of steps, and Architect flows that a changed limit affects."""
    every = list(found)
    rows = {action: [each for each in every if each[0] == action] for action, _, _ in every}
    return {
        action: (
            len(of) - sum(copy for _, copy, _ in of),
            sum(copy for _, copy, _ in of),
            len({each[2] for each in of}),
        )
        for action, of in rows.items()
    }


def numbers(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"\d+", text)]


def tally(found: Iterable[Key]) -> dict[Key, int]:
    every = list(found)
    return {each: every.count(each) for each in every}


def words(duration_ms: int | None) -> str:
    return "none" if duration_ms is None else f"{duration_ms // 1_000}s"


def arrow(before: str | None, after: str | None) -> str:
    return " → ".join(filter(None, (before, after)))


def words_of_step(told: Mapping[str, Any]) -> tuple[str, ...]:
    setting = told["setting"]
    own = {
        "literal": words(setting.get("timeout_ms")),
        "suggested": f"({words(told['default_ms'])})" if told["default_ms"] else "",
        "expression": setting.get("text", ""),
    }[setting["kind"]]
    limit = words(told["action_limit_ms"]) if told["is_limit_known"] else "unknown"
    return own, limit, waits_of(told)


def waits_of(told: Mapping[str, Any]) -> str:
    """What callers wait at a step of a document; one that names a time waits no longer than that."""
    if told["effective_ms"] is not None:
        return words(told["effective_ms"])
    setting = told["setting"]
    return f"at most {words(setting['timeout_ms'])}" if setting["kind"] == "literal" else "unknown"


VIEWS: dict[str, Callable[[], Facts]] = {
    "Markdown": by_markdown,
    "page": by_page,
    "terminal": by_terminal,
    "CSV": by_csv,
    "JSON": by_json,
}
TOLD = {name: take() for name, take in VIEWS.items()}
WHO_TELLS = {
    "coverage": ("Markdown", "terminal", "JSON"),
    "counts": ("Markdown", "page", "terminal", "JSON"),
    "settings": tuple(VIEWS),
    "outcomes": tuple(VIEWS),
    "actions": tuple(VIEWS),
    "changes": tuple(VIEWS),
    "limits": tuple(VIEWS),
    "affected": tuple(VIEWS),
    "left": tuple(VIEWS),
    "waits": ("Markdown", "page", "CSV", "JSON"),
    "steps": ("page", "CSV", "JSON"),
    "kinds": tuple(VIEWS),
    "all kinds": ("page", "CSV", "JSON"),
    "copies": ("Markdown", "page", "CSV", "JSON"),
    "snapshots": ("Markdown", "page", "terminal", "JSON"),
    "as code": tuple(VIEWS),
    "undone": tuple(VIEWS),
}


def sorted_facts(fact: Any) -> Any:
    """Views order their rows as they like, and a view may leave out what there is none of."""
    return {key: fact[key] for key in sorted(fact) if fact[key]} if isinstance(fact, dict) else fact


@pytest.mark.parametrize("fact", WHO_TELLS)
def test_all_views_that_tell_a_fact_tell_the_same(fact: str) -> None:
    told = {name: sorted_facts(TOLD[name][fact]) for name in WHO_TELLS[fact]}

    assert told == dict.fromkeys(WHO_TELLS[fact], told["JSON"])


def test_the_run_has_what_views_have_disagreed_on() -> None:
    steps = TOLD["JSON"]["steps"]

    assert steps["Unlisted"] == ("3s", "unknown", "at most 3s"), "the page said that there is no limit"
    assert TOLD["JSON"]["affected"] == {"CRM": (3, 1, 2)}, "the copy was counted as a fourth step"
    assert steps["Of flowData"] == ("(3s)", "none", "3s")
    assert {became[0] for became in TOLD["JSON"]["outcomes"].values()} == {"published", "failed", "skipped"}
    assert set(TOLD["JSON"]["all kinds"].values()) == {"data", "secure", "bridge"}
    assert {copy[3] for copy in TOLD["JSON"]["copies"].values()} == {"yes", "no", "unknown"}
    assert {said[2] for said in TOLD["JSON"]["as code"].values()} == {
        "longer in the file",
        "shorter in the file",
        "otherwise in the file",
        "only in the file",
        "only live",
    }
    assert {what for _, what in TOLD["JSON"]["undone"]} == {"5s", "no such step", "4s"}
    assert len(TOLD["JSON"]["changes"]) > len(TOLD["JSON"]["limits"]) > 0


def test_the_default_of_flow_data_is_on_the_page_and_in_the_plan() -> None:
    """The page forgot it, and so did the table of the plan."""
    (planned,) = (
        row
        for table in tables_of(REPORT)
        if table.what == "timeouts-plan"
        for row in table.rows()
        if row["step"] == "Of flowData"
    )

    assert TOLD["page"]["steps"]["Of flowData"][0] == planned["step timeout"] == "(3s)"
