"""The text of a step's timeout in `flowData`: read, given another duration, put in place."""

from timeouts.definitions.spans import ObjectSpan, Splice, insertion, read_object, read_whole, removal, shown
from timeouts.model.durations import PLATFORM_LIMIT_MS
from timeouts.model.settings import LiteralTimeout, Suggested, TimeoutSetting, Unreadable
from timeouts.model.step_edits import FlowDataRawTimeout
from timeouts.text.bounds import quoted


def raw_timeout_in(text: str, node: ObjectSpan) -> FlowDataRawTimeout:
    """Return what a node, whose `dataAction` is an object or missing, has written of its timeout."""
    action = node.find("dataAction")
    timeout = None if action is None else read_object(text, action.start).find("timeout")
    raw = None if timeout is None else text[timeout.start : timeout.end]
    return FlowDataRawTimeout(data_action=action is not None, timeout=raw)


def setting_of(raw: FlowDataRawTimeout) -> TimeoutSetting:
    """Return what the text says; raises ValueError where that of the timeout is not one JSON value."""
    if raw.timeout is None:
        return Suggested()
    timeout_ms = read_whole(raw.timeout)
    if type(timeout_ms) is not int or not 1 <= timeout_ms <= PLATFORM_LIMIT_MS:
        return Unreadable(reason=f"dataAction.timeout is {shown(quoted(timeout_ms))}, not a number of milliseconds")
    return LiteralTimeout(timeout_ms=timeout_ms)


def with_duration(before: FlowDataRawTimeout, timeout_ms: int) -> FlowDataRawTimeout:  # noqa: ARG001 - as for the other kind
    """Return the text with another duration, whatever stood there."""
    return FlowDataRawTimeout(data_action=True, timeout=str(timeout_ms))


def put(text: str, node: ObjectSpan, after: FlowDataRawTimeout) -> list[Splice]:
    """Return the splices that make a node say `after`; what is new stands at the end of its object.

    A `dataAction` that somebody has filled since stays, only its `timeout` goes.
    """
    action = node.find("dataAction")
    if action is None:
        content = "" if after.timeout is None else f'"timeout":{after.timeout}'
        return [insertion(node, f'"dataAction":{{{content}}}')] if after.data_action else []
    span = read_object(text, action.start)
    timeout = span.find("timeout")
    if after.timeout is None:
        ours_alone = not after.data_action and all(member.key == "timeout" for member in span.members)
        return removal(node, "dataAction") if ours_alone else removal(span, "timeout")
    if timeout is None:
        return [insertion(span, f'"timeout":{after.timeout}')]
    return [Splice(timeout.start, timeout.end, after.timeout)]
