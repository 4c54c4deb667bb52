"""The states of the publishing protocol; what each reads, writes and leads to stands in protocol.py."""

import enum


class State(enum.Enum):
    """Where the protocol is; the value says what it does there."""

    LOOK = "it could not be read"
    TAKE_UP = "what lies under a lock of ours could not be read"
    MOVED = "its versions could not be compared"
    CHECK_OUT = "it could not be checked out"
    COMPARE = "its latest configuration could not be read"
    SAVE = "the new version could not be saved"
    CONFIRM = "what was saved could not be read"
    PUBLISH = "the publish was refused"
    FOLLOW = "the publish could not be followed"
    WITHDRAW = "what became of a publish that was taken back could not be read"
    OVERTAKEN = "who changed it could not be read"
    RELEASE = "it could not be released"
    DONE = "done"
