"""The one way in: bytes to a definition, whichever kind they hold, or a reason why not."""

from timeouts.definitions.architect import read_architect
from timeouts.definitions.architect_walk import Room, read_containers
from timeouts.definitions.common_modules import read_common_modules
from timeouts.definitions.flow_data import read_flow_data
from timeouts.definitions.interface import Definition, UnreadableDefinition
from timeouts.definitions.spans import ObjectSpan, Reader, blanks_end, read_object, read_value, skip_value

_TOP_KEYS = ("flowSequenceItemList", "flowData", "manifest", "commonModules")


def read_definition(body: bytes) -> Definition:
    """Read a definition; which of the two kinds it is, the document itself shows.

    Raises `UnreadableDefinition` with the reason, and nothing else, whatever the bytes are.
    """
    try:
        text = body.decode("utf-8")
        return _read_kind(text, _read_top(text))
    except UnicodeDecodeError as problem:
        raise UnreadableDefinition(f"it is not UTF-8 from byte {problem.start} on") from problem
    except RecursionError as problem:
        raise UnreadableDefinition("it is nested too deeply") from problem
    except UnreadableDefinition:
        raise
    except ValueError as problem:
        raise UnreadableDefinition(f"it is not JSON: {problem}") from problem


def _read_top(text: str) -> ObjectSpan:
    at = blanks_end(text, 0)
    if text[at : at + 1] != "{":
        read_value(text, at)
        raise UnreadableDefinition("it is JSON, but not an object")
    room = Room()
    readers: dict[str, Reader] = {
        "flowSequenceItemList": lambda text, at: read_containers(text, at, room),
        "commonModules": lambda text, at: read_common_modules(text, at, room),
        "manifest": read_value,
    }
    top = read_object(text, at, readers, otherwise=skip_value)
    if blanks_end(text, top.end) != len(text):
        raise UnreadableDefinition(f"it is not JSON: something follows the object at character {top.end}")
    return top


def _read_kind(text: str, top: ObjectSpan) -> Definition:
    repeated = top.doubled(_TOP_KEYS)
    if repeated is not None:
        raise UnreadableDefinition(f"the key {repeated} stands more than once")
    keys = {member.key for member in top.members}
    match "flowSequenceItemList" in keys, "flowData" in keys:
        case True, False:
            return read_architect(text, top)
        case False, True:
            return read_flow_data(text, top)
        case True, True:
            raise UnreadableDefinition("it has both flowSequenceItemList and flowData: which of them runs is not known")
        case _:
            raise UnreadableDefinition("it has neither flowSequenceItemList nor flowData: no place for steps is known")
