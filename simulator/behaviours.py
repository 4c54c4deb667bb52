"""What the simulator models beyond single routes: one row for each rule, with its tag and where the sheet says so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One modelled rule. `tag` and `section` as in genesys-cloud.md."""

    text: str
    tag: str
    section: str


BEHAVIOURS = (
    Behaviour("`POST /oauth/token` takes a Basic header and a form, and gives `expires_in` seconds", "real", "1.2"),
    Behaviour("Wrong credentials: 401 `invalid_client` with `error` and `description`, no ErrorBody", "real", "1.2"),
    Behaviour("Expired or unknown token: 401 bad.credentials; none: 401 authentication.required", "SDK", "6.6"),
    Behaviour("Missing permission: 403 naming the permissions", "real", "2.2"),
    Behaviour("A client whose roles cover some divisions sees a shorter list and no error", "inferred", "2.2"),
    Behaviour("Every answer has `ININ-Correlation-Id`; an ErrorBody has it as `contextId`", "real", "6.6"),
    Behaviour("List parameters come joined by commas or repeated", "inferred", "1.3"),
    Behaviour("Unknown parameters are ignored; unknown types and page sizes above 500 are 400", "real", "3.1"),
    Behaviour("Names and descriptions take `*`; types are upper case in answers", "real", "3.1"),
    Behaviour("A deleted Architect flow answers 410 and is listed with `deleted=true` only", "real", "3.2"),
    Behaviour("A lock of a person shows as `lockedUser`, a lock of an OAuth client as `lockedClient`", "real", "3.2"),
    Behaviour("Committed versions are labelled N.0; a saved one is `saved_version_<uuid>`", "real", "3.2, 3.3"),
    Behaviour("The latest configuration is the saved one, else the newest checked in; none: 404", "SDK", "4.1"),
    Behaviour("Saved bytes are stored and served as they came", "inferred", "4.7"),
    Behaviour("The action calls accept the body `null`", "inferred", "6.1"),
    Behaviour("A saved configuration is validated: JSON object, unique ids, references, durations", "inferred", "6.6"),
    Behaviour("A literal's `text` and `config.lit.text` have to agree", "inferred", "4.6"),
    Behaviour("A zero timeout is refused unless the suggested one is used", "SDK", "4.6"),
    Behaviour("Checkout of a locked Architect flow: 409 locked.by.user, naming the holder", "real", "6.3"),
    Behaviour("Check-in releases the lock; the next version number is one higher", "doc", "6.3"),
    Behaviour("Unlock checks a saved draft in as a new version", "doc", "6.3"),
    Behaviour("Publish is asynchronous: 200 with an Operation, followed by reading `currentOperation`", "SDK", "6.4"),
    Behaviour("Publish of a version that does not exist: 200, and nothing happens", "real", "6.4"),
    Behaviour("Publish without a version checks the draft in first", "inferred", "6.2"),
    Behaviour("Publish without draft or lock publishes the newest checked-in version again", "inferred", "6.2"),
    Behaviour("A failed publish says errorCode, errorMessage, errorDetails; the lock stays", "inferred", "6.3, 6.4"),
    Behaviour("A failed publish may have checked in already (by publish plan)", "SDK", "6.2"),
    Behaviour("While an Operation runs, edits are 409 operation.already.in.progress", "SDK", "6.6"),
    Behaviour("A new `config` of an action replaces the old one whole: templates not sent are lost", "inferred", "5"),
    Behaviour("`timeoutSeconds` of an action is 1 to 60; not valid for Custom Authentication Actions", "SDK", "5"),
    Behaviour("`static` actions cannot be changed", "real", "5"),
    Behaviour("A draft starts as a copy of the published action, with its templates and its function", "SDK", "5"),
    Behaviour("A published draft is the action's next version, and gone; one that is not valid: 400", "inferred", "5"),
    Behaviour("An action without a draft: 404; PUT of a draft: 405", "real", "5"),
    Behaviour("A function's `timeoutSeconds` is 1 to 15, and 15 when it is not sent", "SDK", "5"),
    Behaviour("A function that is PUT loses what is not sent; without a `zipId` its draft is invalid", "inferred", "5"),
    Behaviour("A function data action's timeout is its function's; one in `config` means nothing", "inferred", "5"),
    Behaviour("The rate limit counts a client's requests in fixed windows of 60 s; 429 with ErrorBody", "doc", "8"),
    Behaviour("Dependency tracking wants a version, and refuses LATEST with 404", "real", "9"),
    Behaviour("Aggregates of actions: a success has the error type NONE", "real", "10"),
    Behaviour("There is no dimension for an Architect flow: the figures are those of all callers", "SDK", "10"),
    Behaviour("Durations are cut off at the limit of their time: longer calls ended there, at 408", "inferred", "10"),
    Behaviour("Failures that are no time-out are fast; their error types are made up", "inferred", "10, 13.12"),
    Behaviour("`rangeBound` views count calls with `gte` or more and less than `lt` milliseconds", "SDK", "10"),
    Behaviour("Buckets begin with the interval; those, and groups, without calls are absent", "inferred", "10"),
    Behaviour("A filter wants a type and predicates, and compares whole values", "inferred", "10"),
    Behaviour("`correlationId` is known of no call: groups lack it, `exists` finds nothing", "inferred", "10"),
    Behaviour("A deleted action keeps its history, under the names of that time", "inferred", "10"),
    Behaviour("The wait ends with the smaller of a literal and the action's limit (by switch)", "inferred", "5, 13.3"),
    Behaviour("A wait that the step ends leads to Timeout, one that the action ends to Failure", "inferred", "5"),
    Behaviour("A suggested timeout is the action's limit, whatever is stored in the step", "doc", "4.6, 5"),
    Behaviour("A function data action ends after its function's limit too: 15 s unless it is set", "SDK", "5"),
    Behaviour("An answer at the limit still succeeds; of two equal waits the step's ends first", "inferred", "5"),
    Behaviour("What a literal that is out of service is worth is not told", "inferred", "4.6, 13.2"),
    Behaviour("A call of an action that is gone fails at once", "inferred", "5"),
    Behaviour("`flowData`: a step waits `dataAction.timeout`, 3000 ms when absent", "tutorial", "11"),
    Behaviour("`flowData`: PUT replaces it; 400 names the broken node, 409 the holder", "tutorial", "11"),
)
