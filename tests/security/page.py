"""docs/security.md, made from the claims that tests show: `python -m tests.security.page`."""

from collections.abc import Sequence
from pathlib import Path

from tests.publishing.matrices.tables import table
from tests.security.claims.holdings import HOLDINGS
from tests.security.claims.kinds import Claim
from tests.security.claims.not_protected import NOT_PROTECTED
from tests.security.claims.topics import TOPICS

PATH = Path(__file__).parents[2] / "docs" / "security.md"

_HOW_TO_REPORT = "SECURITY.md"  # above the folder of the page

_INTRODUCTION = f"""\
# Security

Who may do what, who may not, what stops them, and the test that shows it; then which process is given which secret,
and what is not protected. Made by `python -m tests.security.page` from tests/security/claims/; a test fails when it
is out of date, or when a test that it names does not exist. What holds under faults, kills and colleagues is
[safety.md](safety.md); how to report a hole is [{_HOW_TO_REPORT}](../{_HOW_TO_REPORT}).
"""

_HOLDINGS = """\
## Who is given which secret

Nothing takes a secret out of an environment after it has read it: the system shows what a process was started with
for as long as it runs. What counts is what a process is started with.

"""

_NOT = """\
## What is not protected

"""


def page() -> str:
    """Write the page."""
    topics = (f"## {title}\n\n{_claims(claims)}" for title, claims in TOPICS.items())
    held = [(each.process, each.secret, each.comes_from, each.how_long, f"`{each.test}`") for each in HOLDINGS]
    rows = [(each.what, each.why, each.instead) for each in NOT_PROTECTED]
    return "\n".join(
        (
            _INTRODUCTION,
            *topics,
            _HOLDINGS + table(("process", "secret", "from where", "how long", "test"), held),
            _NOT + table(("what", "why", "what you can do"), rows),
        )
    )


def _claims(claims: Sequence[Claim]) -> str:
    rows = [(each.asset, each.who_may, each.who_may_not, each.what_stops_them, f"`{each.test}`") for each in claims]
    return table(("asset", "who may", "who may not", "what stops them", "test"), rows)


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
