"""The publishing protocol for Architect flows, state by state (docs/design.md#the-publishing-protocol).

| state     | reads to decide                       | writes   | then                                                |
|-----------|---------------------------------------|----------|-----------------------------------------------------|
| LOOK      | the Architect flow, until nothing     | -        | CHECK_OUT; TAKE_UP: a lock that may be ours; MOVED: |
|           | runs there; an unlocked draft         |          | another version is live; COMPARE: the lock is ours  |
|           |                                       |          | and revert did not release it; else skipped         |
| TAKE_UP   | the Architect flow, as long as        | -        | LOOK: the lock went; RELEASE, then LOOK: it stays   |
|           | something moves; both configurations  |          | still and the draft is ours; else skipped           |
| MOVED     | planned and live configuration        | -        | published, where a publish of ours was sent, or     |
|           |                                       |          | refused and just that is live; unchanged: live      |
|           |                                       |          | already; skipped: stale; unknown                    |
| CHECK_OUT | lost answer: the Architect flow, until| checkout | COMPARE; TAKE_UP: ours, but not known to be from    |
|           | it settles                            |          | now; MOVED; else skipped or failed                  |
| COMPARE   | latest configuration under the lock;  | -        | SAVE; TAKE_UP: another run saved this already; else |
|           | the planned one where they differ     |          | skipped or failed                                   |
| SAVE      | lost answer: the Architect flow and   | version  | CONFIRM; OVERTAKEN: refused; failed: nothing came   |
|           | its draft, until it settles           |          | of it                                               |
| CONFIRM   | the Architect flow, until it shows a  | -        | PUBLISH: lock, draft and versions are as we left    |
|           | lock or a change, and nothing runs;   |          | them; OVERTAKEN; unknown: something runs still;     |
|           | lost answer or another draft: latest  |          | else skipped                                        |
|           | configuration                         |          |                                                     |
| PUBLISH   | lost answer: the Architect flow, until| publish  | FOLLOW; OVERTAKEN: refused; WITHDRAW: nothing came  |
|           | it settles                            |          | of it                                               |
| FOLLOW    | the Architect flow, until the end     | -        | published; unknown; failed; OVERTAKEN; WITHDRAW     |
| WITHDRAW  | the Architect flow, before and after  | revert   | MOVED; failed: the draft is gone and nothing moved; |
|           |                                       |          | unknown: that could not be settled                  |
| OVERTAKEN | the Architect flow, until what runs   | -        | MOVED; else skipped, naming who, failed or unknown  |
|           | there has ended                       |          |                                                     |
| RELEASE   | the Architect flow, before each write | revert   | LOOK after TAKE_UP; else DONE                       |

Every ending (published, skipped, failed) goes through RELEASE where we may hold the lock, and then to DONE; unknown
goes there at once where a publish may still be under way. No write is ever sent a second time without a read in
between that shows that the first one did nothing. A lost answer is read for a settle period, with lock and draft kept:
its effect may land seconds later. While we hold the lock, a read that shows neither a lock nor a change may come from a
replica that lags behind: it is repeated for 25 s before the lock counts as gone. So is every read that shows an older
version than the plan's, before it is believed: a roll back wants what was live before, and a replica that lags behind
its raise shows just that. Nothing is taken back while an operation runs. Nobody is unlocked, ever.
"""

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
