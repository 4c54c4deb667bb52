"""`approver`: the approver's part, on their own machine. The private key never leaves it, and nothing is sent."""

import os
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from cli import exits
from cli.exits import Exit

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from timeouts.planning.approval.request import Request

app = typer.Typer(no_args_is_help=True, help="Make your key, sign a decision on a plan, and see who may approve.")

_SAYS = {
    "ask": "You ask for this plan to be published. Somebody else has to approve it.",
    "approve": "You approve this plan: with your signature it may be published.",
    "reject": "You reject this plan: the run ends, and nothing is published.",
}


@app.command()
def init(
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Your name, as others shall read it.")] = "",
    no_passphrase: Annotated[
        bool, typer.Option("--no-passphrase", help="Keep the key unencrypted: whoever reads the file can approve.")
    ] = False,
) -> None:
    """Make your key pair, and print the public key to hand to an administrator.

    Exit codes: 0 done, 2 there is a key already, or wrong usage.
    """
    from cli.showing.screens import out, problems
    from flows.approval.key_files import KEY, KeyFileError, check_none, make_key
    from reports.terminal.plain import plain
    from timeouts.planning.approval.register import fingerprint_of, public_bytes

    folder = _folder()
    try:
        check_none(folder)
        line = make_key(folder, name, "" if no_passphrase else _new_passphrase())
    except KeyFileError as problem:
        _refuse(str(problem))
    problems.print(plain(f"Your key is in {folder / KEY}: keep it to yourself. Hand this line to an administrator:"))
    out.print(line, soft_wrap=True)
    problems.print(plain(f"Tell them its fingerprint by another way: {fingerprint_of(public_bytes(line.split()[0]))}"))


@app.command()
def sign(
    decision: Annotated[str, typer.Argument(metavar="ask|approve|reject", help="What you decide.")],
    request: Annotated[
        str,
        typer.Argument(
            metavar="REQUEST",
            help="The one word that the run's page in the Prefect UI shows behind `approver sign`, to be copied whole: "
            "which org, run and plan, until when, and which limits are waived.",
        ),
    ],
) -> None:
    """Sign a decision on one plan of one run, and print the signature to paste into the run's form.

    Asks for your passphrase, and sends nothing. Exit codes: 0 done, 2 wrong usage, or no key that can be used.
    """
    from cli.showing.screens import out
    from tasks.running.clock import now_ms
    from timeouts.planning.approval.request import DECISIONS, NoRequestError, read_request
    from timeouts.planning.approval.request import sign as signed

    decided = next((each for each in DECISIONS if each == decision), None)
    if decided is None:
        _refuse(f"{decision} is no decision: say ask, approve or reject")
    try:
        asked = read_request(request)
    except NoRequestError as problem:
        _refuse(str(problem))
    left_ms = asked.expires_ms - now_ms()
    if left_ms <= 0:
        _refuse("what this request asks for has expired: have a new run make its plan")
    _show(asked, decided, left_ms)
    out.print(signed(_private_key(), asked, decided), soft_wrap=True)


@app.command(name="list")
def list_() -> None:
    """Show your key on this machine, and who may approve by the register that this machine has.

    Exit codes: 0 done, 2 the register cannot be used.
    """
    from cli.environment import prepare
    from cli.showing.screens import say
    from genesys import ConfigurationProblem

    try:
        prepare()
    except ConfigurationProblem as problem:
        _refuse(str(problem))
    from flows.approval.approvers import FILE, VARIABLE, register_here
    from flows.approval.key_files import KeyFileError, public_key_in
    from timeouts.planning.approval.register import fingerprint_of, public_bytes

    folder = _folder()
    try:
        own = public_key_in(folder)
        said = f"{fingerprint_of(public_bytes(own[0]))} {own[1]}".strip() if own else ""
    except (KeyFileError, ValueError) as problem:
        _refuse(f"your key in {folder} cannot be used: {problem}")
    if said:
        say(f"Your key: {said} ({folder})")
    else:
        say(f"You have no key in {folder}: genesys-timeouts approver init makes one.")
    if not os.path.lexists(FILE) and not os.environ.get(VARIABLE, "").strip():
        say(f"This machine has no register of approvers (neither {FILE} nor {VARIABLE}): the workers have it.")
        return
    try:
        register = register_here()
    except ConfigurationProblem as problem:
        _refuse(str(problem))
    say(f"A plan needs the signatures of {register.signatures} of:")
    for each in register.approvers:
        revoked = register.is_revoked(each)
        say(f"  {each.fingerprint}  {each.name}{' (revoked)' if revoked else ''}", "red" if revoked else "")
    for fingerprint in register.revoked_of_nobody:
        say(f"  revoked, and no key here has it: {fingerprint}", "red")


def _show(asked: "Request", decision: str, left_ms: int) -> None:
    """Say in words what will be signed. The request was typed or pasted: it says where it is from itself."""
    from cli.showing.screens import problems
    from reports.words import utc
    from timeouts.model.durations import format_duration

    minutes_ms = max(60_000, left_ms // 60_000 * 60_000)
    lines = (
        _SAYS[decision],
        "The request says (nothing here checks it: compare it with the page of the run):",
        f"  org      {asked.org}",
        f"  run      {asked.run}",
        f"  plan     sha256:{asked.plan}",
        f"  expires  {utc(asked.expires_ms)}, in {format_duration(minutes_ms)}",
        "           (the run may stop waiting for an answer before that: its page says when)",
        f"  waives   {', '.join(asked.waive) or 'no limit of the policy'}",
    )
    for line in lines:
        problems.print(line)


def _folder() -> "Path":
    """Return where the approver's keys lie."""
    from genesys import ConfigurationProblem
    from tasks.storage.files.private_files import own_folder

    try:
        return own_folder()
    except ConfigurationProblem as problem:
        _refuse(str(problem))


def _private_key() -> "Ed25519PrivateKey":
    from flows.approval.key_files import KeyFileError, LockedKeyError, private_key_in

    folder = _folder()
    try:
        try:
            return private_key_in(folder)
        except LockedKeyError:
            return private_key_in(folder, _hidden("Your passphrase"))
    except KeyFileError as problem:
        _refuse(str(problem))


def _new_passphrase() -> str:
    passphrase = _hidden("A passphrase for your key")
    if not passphrase:
        _refuse("the passphrase is empty: type one, or say --no-passphrase")
    if _hidden("The same passphrase again") != passphrase:
        _refuse("the two passphrases differ: no key was made")
    return passphrase


def _hidden(what: str) -> str:
    """Ask without showing what is typed; a pipe gives it as a line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt(what, hide_input=True, err=True, default="", show_default=False))


def _refuse(problem: str) -> NoReturn:
    from cli.showing.screens import complain

    complain(problem)
    exits.leave(Exit.USAGE)
