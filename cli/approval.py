"""The approver's part at the terminal: a code from a phrase that is typed without being shown and sent nowhere."""

import re
from uuid import UUID

import typer
from pydantic import SecretStr

from cli.exits import Exit
from cli.runs import complain, out
from timeouts.planning.approval import SHORTEST_PHRASE, approval_code, bare

_CHECKSUM = re.compile(r"[0-9a-f]{64}")


def code(run: str, checksum: str) -> Exit:
    """Ask for the phrase and print the code; what cannot be a run or a checksum is named before anything is asked."""
    try:
        run_id = str(UUID(run.strip()))
    except ValueError:
        complain(f"{run} is not the id of a run: copy it from the run's page, such as the one after /flow-run/")
        return Exit.USAGE
    if not _CHECKSUM.fullmatch(bare(checksum)):
        complain(f"{checksum} is not the checksum of a plan: copy all of it from the plan, sha256: and 64 letters")
        return Exit.USAGE
    phrase = SecretStr(typer.prompt("Your phrase", hide_input=True, err=True).strip())
    if len(phrase.get_secret_value()) < SHORTEST_PHRASE:
        complain(f"a phrase has {SHORTEST_PHRASE} characters or more, this one has fewer: it is not the one agreed on")
        return Exit.USAGE
    out.print(approval_code(phrase, run_id, checksum))
    return Exit.DONE
