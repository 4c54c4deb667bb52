"""What the simulator models beyond single routes: each rule with its tag and its sections of docs/platform.md."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One modelled rule. `tag` and `section` as in docs/platform.md."""

    text: str
    tag: str
    section: str


BEHAVIOURS = (
    Behaviour("`POST /oauth/token` takes a Basic header and a form, and gives `expires_in` seconds", "real", "token"),
    Behaviour("Wrong credentials: 401 `invalid_client` with `error` and `description`, no ErrorBody", "real", "token"),
    Behaviour("Expired or unknown token: 401 bad.credentials; none: 401 authentication.required", "SDK", "errors"),
    Behaviour("Missing permission: 403 naming the permissions", "real", "permissions"),
    Behaviour("A client whose roles cover some divisions sees a shorter list and no error", "inferred", "permissions"),
    Behaviour("Every answer has `ININ-Correlation-Id`; an ErrorBody has it as `contextId`", "real", "errors"),
    Behaviour("List parameters come joined by commas or repeated", "inferred", "sdk"),
    Behaviour("Unknown parameters are ignored; unknown types and page sizes above 500 are 400", "real", "listing"),
    Behaviour("Names and descriptions take `*`; types are upper case in answers", "real", "listing"),
    Behaviour("A deleted Architect flow answers 410 and is listed with `deleted=true` only", "real", "flow-fields"),
    Behaviour(
        "A lock of a person shows as `lockedUser`, a lock of an OAuth client as `lockedClient`", "real", "flow-fields"
    ),
    Behaviour(
        "Committed versions are labelled N.0; a saved one is `saved_version_<uuid>`", "real", "flow-fields, versions"
    ),
    Behaviour(
        "The latest configuration is the saved one, else the newest checked in; none: 404",
        "SDK",
        "reading-a-configuration",
    ),
    Behaviour("Saved bytes are stored and served as they came", "inferred", "manifest-and-bytes"),
    Behaviour("The action calls accept the body `null`", "inferred", "editing-calls"),
    Behaviour(
        "A saved configuration is validated: JSON object, unique ids, references, durations", "inferred", "errors"
    ),
    Behaviour("A literal's `text` and `config.lit.text` have to agree", "inferred", "timeout-field"),
    Behaviour("A zero timeout is refused unless the suggested one is used", "SDK", "timeout-field"),
    Behaviour("Checkout of a locked Architect flow: 409 locked.by.user, naming the holder", "real", "locks"),
    Behaviour("Check-in releases the lock; the next version number is one higher", "doc", "locks"),
    Behaviour("Unlock checks a saved draft in as a new version", "doc", "locks"),
    Behaviour(
        "Publish is asynchronous: 200 with an Operation, followed by reading `currentOperation`", "SDK", "operations"
    ),
    Behaviour("Publish of a version that does not exist: 200, and nothing happens", "real", "operations"),
    Behaviour("Publish without a version checks the draft in first", "inferred", "editing-order"),
    Behaviour(
        "Publish without draft or lock publishes the newest checked-in version again", "inferred", "editing-order"
    ),
    Behaviour(
        "A failed publish says errorCode, errorMessage, errorDetails; the lock stays", "inferred", "locks, operations"
    ),
    Behaviour("A failed publish may have checked in already (by publish plan)", "SDK", "editing-order"),
    Behaviour("While an Operation runs, edits are 409 operation.already.in.progress", "SDK", "errors"),
    Behaviour(
        "A new `config` of an action replaces the old one whole: templates not sent are lost",
        "inferred",
        "changing-an-action",
    ),
    Behaviour(
        "`timeoutSeconds` of an action is 1 to 60; not valid for Custom Authentication Actions", "SDK", "action-limits"
    ),
    Behaviour("`static` actions cannot be changed", "real", "actions"),
    Behaviour(
        "A draft starts as a copy of the published action, with its templates and its function",
        "SDK",
        "function-actions",
    ),
    Behaviour(
        "A published draft is the action's next version, and gone; one that is not valid: 400",
        "inferred",
        "changing-an-action",
    ),
    Behaviour("An action without a draft: 404; PUT of a draft: 405", "real", "changing-an-action"),
    Behaviour("A function's `timeoutSeconds` is 1 to 15, and 15 when it is not sent", "SDK", "function-actions"),
    Behaviour(
        "A function that is PUT loses what is not sent; without a `zipId` its draft is invalid",
        "inferred",
        "function-actions",
    ),
    Behaviour(
        "A function data action's timeout is its function's; one in `config` means nothing",
        "inferred",
        "function-actions",
    ),
    Behaviour(
        "The rate limit counts a client's requests in fixed windows of 60 s; 429 with ErrorBody", "doc", "rate-limits"
    ),
    Behaviour("Dependency tracking wants a version, and refuses LATEST with 404", "real", "dependency-tracking"),
    Behaviour("Aggregates of actions: a success has the error type NONE", "real", "analytics"),
    Behaviour("There is no dimension for an Architect flow: the figures are those of all callers", "SDK", "analytics"),
    Behaviour(
        "Durations are cut off at the limit of their time: longer calls ended there, at 408", "inferred", "analytics"
    ),
    Behaviour(
        "Failures that are no time-out are fast; their error types are made up", "inferred", "analytics, open-analytics"
    ),
    Behaviour("`rangeBound` views count calls with `gte` or more and less than `lt` milliseconds", "SDK", "analytics"),
    Behaviour("Buckets begin with the interval; those, and groups, without calls are absent", "inferred", "analytics"),
    Behaviour("A filter wants a type and predicates, and compares whole values", "inferred", "analytics"),
    Behaviour("`correlationId` is known of no call: groups lack it, `exists` finds nothing", "inferred", "analytics"),
    Behaviour("A deleted action keeps its history, under the names of that time", "inferred", "analytics"),
    Behaviour(
        "The wait ends with the smaller of a literal and the action's limit (by switch)",
        "inferred",
        "step-and-action, open-step-over-action",
    ),
    Behaviour(
        "A wait that the step ends leads to Timeout, one that the action ends to Failure", "inferred", "step-and-action"
    ),
    Behaviour(
        "A suggested timeout is the action's limit, whatever is stored in the step",
        "doc",
        "timeout-field, step-and-action",
    ),
    Behaviour(
        "A function data action ends after its function's limit too: 15 s unless it is set", "SDK", "function-actions"
    ),
    Behaviour(
        "An answer at the limit still succeeds; of two equal waits the step's ends first", "inferred", "step-and-action"
    ),
    Behaviour(
        "What a literal that is out of service is worth is not told", "inferred", "timeout-field, open-server-checks"
    ),
    Behaviour("A call of an action that is gone fails at once", "inferred", "actions"),
    Behaviour("`flowData`: a step waits `dataAction.timeout`, 3000 ms when absent", "tutorial", "tutorial"),
    Behaviour("`flowData`: PUT replaces it; 400 names the broken node, 409 the holder", "tutorial", "tutorial"),
)
