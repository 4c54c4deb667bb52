"""`genesys-timeouts approval-code`: a code for one plan of one run, from a phrase that is neither shown nor sent."""

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from cli.app import app
from tests.cli.scenes import Said
from timeouts.planning.approval import approval_code

RUN = "6f6f6f6f-0000-4000-8000-000000000000"
CHECKSUM = f"sha256:{'ab' * 32}"
PHRASE = "three slow herons"


def code_for(run: str, checksum: str, typed: str = PHRASE) -> Said:
    result = CliRunner().invoke(app, ["approval-code", run, checksum], input=f"{typed}\n", catch_exceptions=False)
    return Said(result.exit_code, result.stdout, result.stderr)


def test_it_asks_for_the_phrase_and_prints_nothing_but_the_code() -> None:
    said = code_for(RUN, CHECKSUM)

    assert (said.code, said.out.strip()) == (0, approval_code(SecretStr(PHRASE), RUN, CHECKSUM))
    assert PHRASE not in said.all


@pytest.mark.parametrize(
    ("run", "checksum"), [(RUN.upper(), CHECKSUM), (f" {RUN} ", CHECKSUM), (RUN, CHECKSUM.removeprefix("sha256:"))]
)
def test_how_the_run_and_the_checksum_are_spelt_does_not_change_the_code(run: str, checksum: str) -> None:
    assert code_for(run, checksum).out == code_for(RUN, CHECKSUM).out


@pytest.mark.parametrize(
    ("told", "run", "checksum", "typed"),
    [
        ("is not the id of a run", "glistening-boar", CHECKSUM, PHRASE),
        ("is not the checksum of a plan", RUN, "sha256:abab", PHRASE),
        ("a phrase has 12 characters or more", RUN, CHECKSUM, "herons"),
    ],
)
def test_what_cannot_be_right_is_named(told: str, run: str, checksum: str, typed: str) -> None:
    said = code_for(run, checksum, typed)

    assert (said.code, said.out.strip()) == (2, "")
    assert told in said.problems
