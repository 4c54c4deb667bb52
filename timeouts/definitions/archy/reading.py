"""The way in: bytes of a YAML file to a definition, or a reason why not."""

import re

from timeouts.definitions.architect_walk import text_or_empty
from timeouts.definitions.archy import layout
from timeouts.definitions.archy.definition import ArchyDefinition
from timeouts.definitions.archy.walk import KINDS, FoundStep, find_steps
from timeouts.definitions.interface import UnreadableDefinition, path_to
from timeouts.definitions.yaml_text.composing import Node, compose
from timeouts.definitions.yaml_text.timeout import NotUnderstoodError, read_setting, setting_of
from timeouts.model.org import ARCHITECT_FLOW_TYPES
from timeouts.model.settings import Expression, Suggested, TimeoutSetting, Unreadable
from timeouts.model.step_edits import ArchyRawTimeout
from timeouts.model.steps import Step
from timeouts.text.bounds import LONGEST_NAME
from timeouts.text.phrases import dotted

_OTHER_KEYS = {"botflow": "bot"}
"""Keys that are not the platform's word for the type, in small letters."""

_TYPES = "|".join((*ARCHITECT_FLOW_TYPES, *_OTHER_KEYS)).encode()
_WORDS = frozenset({"bot", "speech", "voice", "voicemail", "workflow", "workitem"})
"""Types that are keys of other programs' YAML, too, such as `workflow` of pipelines."""

_OWN_KEYS = (b"startUp", b"callData", b"callBridge")
"""One stands in every Architect flow that was seen, and in every one that has a step."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FIRST = re.compile(rb"\n( *+)(?:---[ \t]++(?=\{))?+(?!---|\.\.\.|[#%])(\S)")
_KEY = rb"[\"']?(?P<type>" + _TYPES + rb")[\"']?[ \t]*+:"
_KEY_IN_BLOCK = re.compile(rb"\n(?P<indent> *+)(?:---[ \t]++)?(?:\{[ \t]*+)?" + _KEY)
_KEY_IN_FLOW = re.compile(rb"[\n{,](?P<indent>)[ \t]*+" + _KEY)
_STEP_KEYS = ("name", "timeout", "category", "trackingId")
_LONGEST_NUMBER = 18


class NotArchy(UnreadableDefinition):
    """YAML that is understood, and is no Architect flow."""


def type_in(body: bytes) -> str:
    """Return the type of Architect flow that a text may hold, '' where it is none of Archy's; it is not parsed.

    The type is a key as far left as the first thing that the text says, whatever stands before it: other keys, other
    documents. One that is a key of other programs, too, counts where the text has a key of Archy's own. In
    brackets its depth is not told, and `read_archy` decides.
    """
    text = b"\n" + body.removeprefix(_BYTE_ORDER_MARK).replace(b"\r", b"\n").lower()
    first = _FIRST.search(text)
    indent, begin = (b"", len(text)) if first is None else (first[1], first.start(2))
    in_flow = text[begin : begin + 1] == b"{" and text[begin : begin + 2] != b"{{"  # which is a placeholder
    keys = (_KEY_IN_FLOW if in_flow else _KEY_IN_BLOCK).finditer(text)
    is_told = any(key in body for key in _OWN_KEYS)
    for found in keys:
        if len(found["indent"]) > len(indent):
            continue
        of_type = _type_of(found["type"].decode())
        if is_told or of_type not in _WORDS:
            return of_type
    return ""


def read_archy(body: bytes) -> ArchyDefinition:
    """Read an Architect flow in Archy's YAML.

    Raises `UnreadableDefinition` with the reason, and nothing else, whatever the bytes are: `NotArchy` where no type
    stands at the top.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise UnreadableDefinition(f"it is not UTF-8 from byte {problem.start} on") from problem
    root = compose(text)
    if root.kind != "mapping":
        raise NotArchy("it is YAML, but not a mapping")
    tops = [(key.value, value) for key, value in root.pairs() if _type_of(key.value)]
    if not tops:
        raise NotArchy("of the types of Architect flow that Archy knows, none stands at its top")
    if len(tops) > 1:
        raise UnreadableDefinition("of the types of Architect flow that Archy knows, more than one stands at its top")
    ((top_key, top),) = tops
    if top.kind != "mapping":
        raise UnreadableDefinition(f"what stands below {top_key} is no mapping")
    steps = {}
    for found_step in find_steps(text, root):
        step = _step(text, found_step)
        if step.id in steps:
            raise UnreadableDefinition(f"two steps stand at {step.id}")
        steps[step.id] = step, found_step
    return ArchyDefinition(text, root, name=_text(top, "name"), of_type=_type_of(top_key), steps=steps)


def _type_of(key: str) -> str:
    """Return the platform's word for one of Archy's keys: `inqueueCall` is `inqueuecall`, `botFlow` is `bot`."""
    of_type = _OTHER_KEYS.get(key.lower(), key.lower())
    return of_type if of_type in ARCHITECT_FLOW_TYPES else ""


def _step(text: str, found: FoundStep) -> Step:
    category, action = _called(found.value)
    setting, raw_timeout = _timeout(text, found)
    return Step(
        id=text_or_empty(dotted(path_to(found.link))),
        name=_text(found.value, "name"),
        kind=KINDS[found.key.value],
        container=text_or_empty(found.container),
        tracking_id=_tracking_id(found.value),
        action_name=text_or_empty(action),
        category=text_or_empty(category),
        setting=setting,
        raw_timeout=raw_timeout,
    )


def _timeout(text: str, found: FoundStep) -> tuple[TimeoutSetting, ArchyRawTimeout | None]:
    """Return what a step says of its timeout, and how, unless that is not to be changed."""
    try:
        _check(text, found)
        member = layout.timeout_of(text, found.value)
    except ValueError as problem:
        return Unreadable(reason=str(problem)), None
    if member is None:
        return Suggested(), None if KINDS[found.key.value] == "bridge" else ArchyRawTimeout(timeout=None)
    raw = text[member.behind_colon : member.value.end]
    if len(raw) > LONGEST_NAME:
        reason = f"its timeout is written in {len(raw):,} characters, {LONGEST_NAME:,} at most are read"
        return Unreadable(reason=reason), None
    setting = read_setting(member.value)
    if isinstance(setting, Unreadable | Expression) or KINDS[found.key.value] == "bridge":
        return setting, None
    raw_timeout = ArchyRawTimeout(timeout=raw)
    if not _stands_alone(raw_timeout, setting):
        return Unreadable(reason="the text of its timeout means something else without what stands around it"), None
    return setting, raw_timeout


def _stands_alone(raw_timeout: ArchyRawTimeout, setting: TimeoutSetting) -> bool:
    """Return whether a text says the same by itself: what is put back, or compared, is read so."""
    try:
        return setting_of(raw_timeout) == setting
    except ValueError:
        return False


def _check(text: str, found: FoundStep) -> None:
    """Raise ValueError where what a step says could be read in more than one way, or could not be changed as text."""
    step = found.value
    if step.kind != "mapping":
        raise NotUnderstoodError(f"what stands below {found.key.value} is no mapping of its own")
    if found.repeated:
        raise NotUnderstoodError(f"the key {found.repeated} above it stands more than once")
    keys = [key.value for key, _ in step.pairs()]
    repeated = next((key for key in _STEP_KEYS if keys.count(key) > 1), "")
    if repeated:
        raise NotUnderstoodError(f"the key {repeated} stands more than once")
    if "<<" in keys:
        raise NotUnderstoodError("what it says is merged from another place")
    if not layout.can_be_edited(text, step):
        raise NotUnderstoodError("its members do not stand on lines of their own, indented by spaces")


def _called(step: Node) -> tuple[str, str]:
    """Return the category (integration) and the name of the action that a step calls, '' where it names none."""
    category, integration = _only_member(step.find("category"))
    _, by_kind = _only_member(integration)
    action, _ = _only_member(by_kind)
    return category, action


def _only_member(node: Node | None) -> tuple[str, Node | None]:
    members = [] if node is None else list(node.pairs())
    return (members[0][0].value, members[0][1]) if len(members) == 1 else ("", None)


def _text(node: Node, key: str) -> str:
    return text_or_empty(node.text(key))


def _tracking_id(step: Node) -> int | None:
    written = _text(step, "trackingId")
    return int(written) if written.isascii() and written.isdigit() and len(written) <= _LONGEST_NUMBER else None
