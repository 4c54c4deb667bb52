"""What the simulator models beyond single routes: each rule with its tag and its sections of docs/platform.md."""

from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One modelled rule. `tag` and `section` as in docs/platform.md."""

    tag: str
    text: str
    section: str


_real, _sdk, _doc = partial(Behaviour, "real"), partial(Behaviour, "SDK"), partial(Behaviour, "doc")
_inferred, _tutorial = partial(Behaviour, "inferred"), partial(Behaviour, "tutorial")

BEHAVIOURS = (
    _real("`POST /oauth/token` takes a Basic header and a form, and gives `expires_in` seconds", "token"),
    _real("Wrong credentials: 401 `invalid_client` with `error` and `description`, no ErrorBody", "token"),
    _sdk("Expired or unknown token: 401 bad.credentials; none: 401 authentication.required", "errors"),
    _real("Missing permission: 403 naming the permissions", "permissions"),
    _inferred("A client whose roles cover some divisions sees a shorter list and no error", "permissions"),
    _real("Every answer has `ININ-Correlation-Id`; an ErrorBody has it as `contextId`", "errors"),
    _sdk("Every answer has the `Date` of the machine, whatever the org's own time is", "errors"),
    _inferred("List parameters come joined by commas or repeated", "sdk"),
    _real("Unknown parameters are ignored; unknown types and page sizes above 500 are 400", "listing"),
    _real("Names take `*`; types are upper case in answers", "listing"),
    _real("A deleted Architect flow answers 410 and is listed with `deleted=true` only", "flow-fields"),
    _inferred("An Architect flow that was unpublished is in service again with the next publish", "open-unpublished"),
    _real("A lock of a person shows as `lockedUser`, a lock of an OAuth client as `lockedClient`", "flow-fields"),
    _real("A version of an OAuth client shows as `createdByClient`, whoever asks", "flow-fields, as-code"),
    _real("Committed versions are labelled N.0; a saved one is `saved_version_<uuid>`", "flow-fields, versions"),
    _sdk("The latest configuration is the saved one, else the newest checked in; none: 404", "reading-a-configuration"),
    _inferred("Saved bytes are stored and served as they came", "manifest-and-bytes"),
    _inferred("The action calls accept the body `null`", "editing-calls"),
    _inferred("A saved configuration is validated: JSON object, unique ids, references, durations", "errors"),
    _inferred("A literal's `text` and `config.lit.text` have to agree", "timeout-field"),
    _sdk("A zero timeout is refused unless the suggested one is used", "timeout-field"),
    _sdk("A Call Bridge step waits 100 ms at least", "timeout-field"),
    _real("Checkout of a locked Architect flow: 409 locked.by.user, naming the holder", "locks"),
    _doc("Check-in releases the lock; the next version number is one higher", "locks"),
    _doc("Unlock checks a saved draft in as a new version", "locks"),
    _sdk("Publish is asynchronous: 200 with an Operation, followed by reading `currentOperation`", "operations"),
    _real("Publish of a version that does not exist: 200, and nothing happens", "operations"),
    _inferred("Publish without a version checks the draft in first", "editing-order"),
    _inferred("Publish without draft or lock publishes the newest checked-in version again", "editing-order"),
    _inferred("A failed publish says errorCode, errorMessage, errorDetails; the lock stays", "locks, operations"),
    _sdk("A failed publish may have checked in already (by publish plan)", "editing-order"),
    _sdk(
        "While an Operation runs, a publish is 409 operation.already.in.progress, and (by switch) so is every edit",
        "errors, open-running-operation",
    ),
    _inferred(
        "A new `config` of an action replaces the old one whole: templates not sent are lost", "changing-an-action"
    ),
    _sdk("`timeoutSeconds` of an action is 1 to 60; not valid for Custom Authentication Actions", "action-limits"),
    _real("`static` actions cannot be changed", "actions"),
    _sdk("A draft starts as a copy of the published action, with its templates and its function", "function-actions"),
    _inferred(
        "A published draft is the action's next version, and gone; one that is not valid: 400", "changing-an-action"
    ),
    _real("An action without a draft: 404", "changing-an-action"),
    _sdk("A function's `timeoutSeconds` is 1 to 15, and 15 when it is not sent", "function-actions"),
    _inferred(
        "A function that is PUT loses what is not sent; without a `zipId` its draft is invalid", "function-actions"
    ),
    _inferred("A function data action's timeout is its function's; one in `config` means nothing", "function-actions"),
    _doc("The rate limit counts a client's requests in fixed windows of 60 s; 429 with ErrorBody", "rate-limits"),
    _doc(
        "A publish takes the newest published version of every module that is called; nothing else changes a snapshot",
        "common-modules, what-a-republish-ships",
    ),
    _inferred(
        "A published version whose modules have moved goes live again as the next version", "what-a-republish-ships"
    ),
    _real("A caller's manifest names the steps of its snapshots beside its own", "common-modules"),
    _inferred("The snapshot of a module that is gone stays as it was", "common-modules"),
    _inferred(
        "Updated resource consumers: what is live with an older module, or was published before a prompt's recording",
        "what-a-republish-ships",
    ),
    _inferred(
        "The limits of `dataactions` are 50 executions at once, 2,500 a minute, or what was granted", "concurrency"
    ),
    _real("Aggregates of actions: a success has the error type NONE", "analytics"),
    _sdk("There is no dimension for an Architect flow: the figures are those of all callers", "analytics"),
    _inferred("Durations are cut off at the limit of their time: longer calls ended there, at 408", "analytics"),
    _inferred("From a change of an action's limit on, its late calls end as its kind of traffic says", "analytics"),
    _inferred("A step's own timeout changes nothing in the figures of its action", "analytics"),
    _inferred("Failures that are no time-out are fast; their error types are made up", "analytics, open-analytics"),
    _sdk("`rangeBound` views count calls with `gte` or more and less than `lt` milliseconds", "analytics"),
    _inferred("Buckets begin with the interval; those, and groups, without calls are absent", "analytics"),
    _inferred("`correlationId` is known of no call: groups lack it", "analytics"),
    _inferred("A deleted action keeps its history, under the names of that time", "analytics"),
    _inferred(
        "The wait ends with the smaller of a literal and the action's limit (by switch)",
        "step-and-action, open-step-over-action",
    ),
    _inferred("A wait that the step ends leads to Timeout, one that the action ends to Failure", "step-and-action"),
    _doc("A suggested timeout is the action's limit, whatever is stored in the step", "timeout-field, step-and-action"),
    _sdk("A function data action ends after its function's limit too: 15 s unless it is set", "function-actions"),
    _doc("A step of a module waits as the caller's live snapshot says, not as the module does", "common-modules"),
    _inferred("An answer at the limit still succeeds; of two equal waits the step's ends first", "step-and-action"),
    _inferred("What a literal that is out of service is worth is not told", "timeout-field, open-server-checks"),
    _inferred("A call of an action that is gone fails at once", "actions"),
    _tutorial("`flowData`: a step waits `dataAction.timeout`, 3000 ms when absent", "tutorial"),
    _tutorial("`flowData`: PUT replaces it; 400 names the broken node, 409 the holder", "tutorial"),
)
