"""What runs of ours left in files, so that a later one knows it for ours although nobody has committed it yet."""

import typing

from timeouts.model.values import Value


class LimitTexts(typing.NamedTuple):
    """How the limits of an action and of its function are written, None where one is not: `0` is written, too."""

    own: str | None
    function: str | None


class KeptLimit(Value):
    """A limit that a run of ours changed: of which action, from and to how many milliseconds, and how it was written.

    `resource`: what tells the action from others in its file.
    """

    resource: str
    before_ms: int | None
    after_ms: int | None
    texts: LimitTexts


class Kept(Value):
    """What is kept of a file. `contents`: hashes of what may be in it by our doing alone, beside what was committed."""

    contents: tuple[str, ...] = ()
    limits: tuple[KeptLimit, ...] = ()

    def texts_before(self, resource: str, after_ms: int | None, before_ms: int | None) -> LimitTexts | None:
        """Return how a limit was written that a run of ours raised from one to the other; None where none did."""
        return next((each.texts for each in self.limits if _is_of(each, resource, before_ms, after_ms)), None)

    def with_limit(self, limit: KeptLimit) -> "Kept":
        """Return it with one more limit, in the place of an earlier change from and to the same."""
        others = [each for each in self.limits if not _is_of(each, limit.resource, limit.before_ms, limit.after_ms)]
        return self.model_copy(update={"limits": (*others, limit)})


def _is_of(kept: KeptLimit, resource: str, before_ms: int | None, after_ms: int | None) -> bool:
    return (kept.resource, kept.before_ms, kept.after_ms) == (resource, before_ms, after_ms)


class Memory(typing.Protocol):
    """Keeps that from run to run, by the absolute path of a file."""

    def get(self, path: str) -> Kept:
        """Return what is kept of a file."""

    def keep(self, path: str, kept: Kept) -> None:
        """Keep it. What cannot be kept is no obstacle: the file counts as changed then, until it is committed."""


class NoMemory:
    """Nothing is known of earlier runs."""

    def get(self, path: str) -> Kept:  # noqa: ARG002 - of any file
        """Return nothing."""
        return Kept()

    def keep(self, path: str, kept: Kept) -> None:
        """Forget it."""
