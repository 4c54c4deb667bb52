"""Integration actions in a file, whatever its form: what it says of each, and how the limit of one is edited."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from files.undoing.memory import LimitTexts
from timeouts.as_code.names import has_placeholder
from timeouts.model.durations import SECOND_MS
from timeouts.model.effective import with_limit
from timeouts.model.org import ActionKind, DataAction


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAction:
    """An action as a file has it.

    `resource`: what tells it from others in the same file, empty where there is one alone. `platform_id`: its id in an
    org, where the file says so. `is_named`: the name is a literal, by which steps can be told to call it; else `name`
    is the expression as it is written, and so with `is_categorised` and `category`. `has_function`: the file holds the
    function, too. `unknown_limit`: why its limit is not known, so that it is never changed.
    """

    name: str
    category: str = ""
    kind: ActionKind = "custom"
    limit_ms: int | None = None
    function_ms: int | None = None
    secure: bool = False
    resource: str = ""
    platform_id: str = ""
    is_named: bool = True
    is_categorised: bool = True
    has_function: bool = False
    unknown_limit: str = ""

    def listed(self, action_id: str, version: int | None) -> DataAction:
        """Return the action as a listing has it; None for a version that nobody needs, as it is never changed.

        What is no literal of its name and category is a placeholder there: `${var.category}`.
        """
        return DataAction(
            id=action_id,
            name=self.name if self.is_named else _placeholder(self.name),
            category=self.category if self.is_categorised else _placeholder(self.category),
            kind=self.kind,
            limit_ms=self.limit_ms,
            function_ms=self.function_ms,
            unknown_limit=self.unknown_limit,
            version=version,
            secure=self.secure,
        )

    def has_limit(self, limit_ms: int | None) -> bool:
        """Return whether the file says that limit already."""
        return self.wanted(limit_ms) == (self.limit_ms, self.function_ms)

    def wanted(self, limit_ms: int | None) -> tuple[int | None, int | None]:
        """Return the limits of the action and of its function that give it that limit.

        Of a function, its own limit; that of its action moves along where it is the same (`timeouts.model.effective`).
        """
        if not self.has_function:
            return limit_ms, self.function_ms
        moved = with_limit(self.listed("", 0), limit_ms)
        return moved.limit_ms, moved.function_ms


@dataclass(frozen=True, slots=True)
class ActionFile:
    """The actions of a file.

    `with_limit` gives the file with the limit of one action (by `resource`) changed, and `frame` what must stay the
    same of it: the whole content but for that action's limit. `texts`: how its limit is written, and `with_texts` the
    file with it written so. `problems`: actions that are not understood, by a clause.
    """

    actions: tuple[FileAction, ...]
    with_limit: Callable[[str, int | None], bytes]
    frame: Callable[[str], Hashable]
    texts: Callable[[str], LimitTexts]
    with_texts: Callable[[str, LimitTexts], bytes]
    problems: tuple[str, ...] = ()

    def named(self, resource: str) -> FileAction:
        """Return the action of a resource. Raises KeyError where there is none."""
        found = next((each for each in self.actions if each.resource == resource), None)
        if found is None:
            raise KeyError(resource)
        return found


def _placeholder(expression: str) -> str:
    """Return an expression as one that a deploy fills in, by which nothing is joined; '' where nothing is said."""
    return expression if not expression or has_placeholder(expression) else f"${{{expression}}}"


def without_function(kind: ActionKind, *, has_function: bool) -> str:
    """Say why the limit of a function data action is not known whose function the file does not hold; else ''."""
    return "its function is not in the file" if kind == "function" and not has_function else ""


def seconds(limit_ms: int) -> int:
    """Return a limit in the unit in which files say it; it is whole."""
    whole, rest = divmod(limit_ms, SECOND_MS)
    if rest:
        raise ValueError(f"{limit_ms} ms is no whole number of seconds")
    return whole
