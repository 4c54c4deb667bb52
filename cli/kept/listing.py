"""`runs`: when, what, org and outcome of each run, by name and id, the latest first."""

from cli import environment
from cli.exits import Exit, UsageError, saying_problems
from cli.kept import names
from cli.kept.reading import at_the_server, hand_out
from cli.outputs import Files
from cli.showing.screens import out, say
from timeouts.text.folding import folded
from timeouts.text.nearest import did_you_mean, nearest
from timeouts.text.phrases import number_of
from timeouts.text.visible import one_line

_SEARCHED = 10
"""Where only one org is wanted, so many times the runs that are to be shown are looked through."""


@saying_problems
def show_runs(org: str | None, limit: int, files: Files) -> Exit:
    """List the latest runs; `org`: only those of the org with this name or id."""
    environment.prepare()
    from flows.record.listed import ServerNotAskedError, line_of, listed_runs, told
    from reports.run_list import RunList
    from reports.terminal.runs import show_list
    from tasks.storage import storages_of_all

    if org is not None and not org.strip():
        raise UsageError("--org is empty: name an org, or leave it out to list the runs in all of them")
    if limit < 1:
        raise UsageError("--limit: name how many runs to list, 1 or more")
    with at_the_server(files):
        storages = storages_of_all()
        try:
            found = listed_runs(most=limit if org is None else limit * _SEARCHED)
        except ServerNotAskedError as problem:
            raise UsageError(f"which runs there are could not be asked of the Prefect server: {problem}") from None
        lines, seen = [], set()
        for run in found:
            line = line_of(told(run, storages))
            seen.add(line.org)
            if org is None or folded(org.strip()) in {folded(line.org), folded(line.org_id)}:
                lines.append(line)
            if len(lines) == limit:
                break
        document = RunList(runs=tuple(lines))
        names.remember(line.name for line in lines)
        if org is not None and not lines and files.shows_tables:
            latest = f"None of the latest {number_of(len(found), 'run')} is in an org called {one_line(org)}"
            hint = did_you_mean(map(one_line, nearest(org, sorted(seen - {""})))) or "."
            say(f"{latest}{hint} `genesys-timeouts runs` lists all, and --limit looks further back.")
        return hand_out(document, files, lambda: show_list(document, out) if lines or org is None else None)
