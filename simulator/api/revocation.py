"""A client gives its own token back."""

from simulator.api.calls import Answer, Call
from simulator.api.errors import Refusal
from simulator.org.org import Org


def delete_token(org: Org, call: Call) -> Answer:
    """DELETE tokens/me: 204, and the token of the request answers 401 from now on."""
    match org.world.switches.token_revocation:
        case "works":
            org.tokens.revoke(call.bearer)
            return Answer(204, b"")
        case "forbidden":
            raise Refusal(403, "not.authorized", "You are not authorized to perform the requested action.")
        case "missing":
            raise Refusal(404, "not.found", "The requested resource was not found.")
