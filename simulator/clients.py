"""Who may call: OAuth clients with the permissions of their roles (docs/platform.md#permissions)."""

from dataclasses import dataclass

READING = frozenset(
    {
        "architect:flow:view",
        "architect:flow:search",
        "architect:dependencyTracking:view",
        "integrations:action:view",
        "integrations:actionFunction:view",
        "integrations:integration:view",
    }
)
"""What an audit needs."""

WRITING = READING | {
    "architect:flow:edit",
    "architect:flow:publish",
    "integrations:action:edit",
    "integrations:actionFunction:edit",
}
"""What raising timeouts needs: no `architect:flow:unlock`, since locks of others are not ours to break.

No `integrations:action:delete` either: it takes drafts of actions away, and whole actions with it.
"""


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """A client-credentials client.

    `divisions`: ids that its roles cover, None for all; what lies elsewhere is missing from its listings without a
    word. `token_seconds`: how long its tokens live.
    """

    id: str
    secret: str
    name: str
    permissions: frozenset[str]
    divisions: frozenset[str] | None = None
    token_seconds: int = 86_400

    def sees(self, division_id: str) -> bool:
        """Return whether the client's roles cover a division."""
        return self.divisions is None or division_id in self.divisions


DEMO_WRITER = OAuthClient("demo-writer", "demo-writer-secret", "Timeout pipeline", WRITING)
DEMO_READER = OAuthClient("demo-reader", "demo-reader-secret", "Timeout audit", READING)
