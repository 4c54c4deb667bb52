"""docs/security.md, made from the claims that tests show: `python -m tests.security.page`."""

from collections.abc import Sequence
from pathlib import Path

from tests.publishing.matrices.tables import table
from tests.security.claims import NOT_PROTECTED, SECTIONS, Claim

PATH = Path(__file__).parents[2] / "docs" / "security.md"

_INTRODUCTION = """\
# Security

What is protected from whom, what stops them, and the test that shows it; then what is not protected. Made by
`python -m tests.security.page`; a test fails when it is out of date, or when a test that it names does not exist. What
holds under faults, kills and colleagues is [safety.md](safety.md).
"""

_NOT = """\
## What is not protected

"""


def page() -> str:
    """Write the page."""
    sections = (f"## {title}\n\n{_claims(claims)}" for title, claims in SECTIONS.items())
    rows = [(each.what, each.why, each.instead) for each in NOT_PROTECTED]
    return "\n".join((_INTRODUCTION, *sections, _NOT + table(("what", "why", "what you can do"), rows)))


def _claims(claims: Sequence[Claim]) -> str:
    rows = [(each.what, each.from_whom, each.by, f"`{each.test}`") for each in claims]
    return table(("what", "from whom", "what stops them", "test"), rows)


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
