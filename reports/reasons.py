"""Why a step is left as it is, for people: what the reason means, and what to do next."""

from collections.abc import Mapping
from typing import NamedTuple

from timeouts.planning.changes import Why


class Reason(NamedTuple):
    """The reason in a few words, and what somebody does who wants the step changed all the same."""

    text: str
    to_do: str


BOTH_LEVERS = "`levers: [step, action]` in the policy (or --levers step,action)"
"""What allows a plan either lever: a run by a policy file takes no --levers."""

_BY_ACTION = f"Raise the limit of the action, too: {BOTH_LEVERS}, or Admin, Integrations, Actions."
_BY_POLICY = "Change the policy."
_BY_HAND = "Look at it in Architect, and change it there."

REASONS: Mapping[Why, Reason] = {
    "leave": Reason("A rule leaves them", _BY_POLICY),
    "expression": Reason("Computed at run time", "Change the expression in Architect."),
    "unreadable": Reason("Not understood", "Open the step in Architect and set its timeout there."),
    "bridge": Reason("Bridge steps, which are never changed here", _BY_HAND),
    "masked": Reason("A change of the step alone would be masked by the action limit", _BY_ACTION),
    "action_limit": Reason("Only the action limit helps", _BY_ACTION),
    "suggested_default": Reason("The action sets no limit and the platform's default is too short", _BY_ACTION),
    "unknown_action": Reason(
        "Their action is not listed, so its limit is not known",
        "Check that the action exists and that the OAuth client may see it (integrations:action:view). Of files: "
        "name the folder that holds it, too.",
    ),
    "unknown_limit": Reason(
        "The limit of their action is not understood",
        "Look at the action in Admin, Integrations, Actions, and set its timeout there.",
    ),
    "no_evidence": Reason("The org's own figures say too little", "Name a duration in the rule."),
    "lever": Reason("The policy does not allow the lever on the step", f"Allow it: {BOTH_LEVERS}."),
    "lowering": Reason(
        "It would lower a wait",
        "Where that is what you want: `allow_lowering: true` in the policy (`--allow-lowering` of `set`).",
    ),
    "rules_disagree": Reason("Two rules would change them in turn", "Let one of the two rules decide."),
    "protected": Reason("Their Architect flow is protected and was not named", "Name it: `--protected NAME`."),
    "held": Reason(
        "A person has locked their Architect flow, has a newer draft of it, or took it out of service",
        "Wait until they have finished, or ask them; then run the same command again.",
    ),
    "ships": Reason(
        "A republish of their Architect flow would bring more live than the policy allows",
        "Look at what moved, and publish it by hand; or take it out of `leave_if_it_ships`.",
    ),
    "shortens": Reason(
        "A republish of their Architect flow would take in a module that waits less",
        "Look at what the module says now, and publish it by hand; or say `allow_lowering: true` in a policy for these "
        "alone (`--allow-lowering` of `set`): there `exactly` may lower waits that somebody chose, too.",
    ),
    "changed_since": Reason("Somebody changed them after the run", _BY_HAND),
    "gone": Reason("They do not exist any more", "Nothing is left to do."),
    "not_read": Reason("What they say now could not be read", "Run the same command again."),
}
