"""The register of approvers: names and keys that stand for one person each, and enough of them to sign."""

import base64
from typing import Any

import pytest
from pydantic import ValidationError

from tests.approvers import ANA, BO, CY, KEYS, fingerprint, line, register

WEAK = [
    bytes(32),
    bytes([1]) + bytes(31),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),  # the other sign
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),  # p - 1
    bytes.fromhex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),  # p, which is 0 again
    bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),  # p + 1
    bytes([2]) + bytes(31),  # no point of the curve
]
"""Keys of small order, for which anybody can sign, and encodings that are no key."""


def in_base64(key: bytes) -> str:
    return f"ed25519:{base64.b64encode(key).decode()}"


def refusal(**changed: Any) -> str:
    with pytest.raises(ValidationError) as told:
        register(**changed)
    return str(told.value)


def test_everybody_is_found_by_the_fingerprint_of_their_key() -> None:
    found = register()

    assert [each.name for each in found.approvers] == [ANA, BO, CY]
    assert found.find(fingerprint(BO)) == found.approvers[1]
    assert found.find("0" * 32) is None
    assert found.signatures == 2


@pytest.mark.parametrize("key", WEAK, ids=bytes.hex)
def test_a_weak_or_impossible_key_is_refused(key: bytes) -> None:
    assert "the key of Eve is weak or no key at all" in refusal(keys=KEYS | {"Eve": in_base64(key)})


@pytest.mark.parametrize(
    "key", ["", "ed25519:", "three slow herons", line(ANA)[8:], line(ANA)[:-4], line(ANA).replace("ed25519", "rsa")]
)
def test_what_is_no_key_is_refused(key: str) -> None:
    assert "the key of Eve is none: it is the line that genesys-timeouts approver init prints" in refusal(
        keys=KEYS | {"Eve": key}
    )


def test_one_key_under_two_names_is_refused_for_one_person_would_be_two() -> None:
    assert f"{ANA} and Zoe have the same key: each approver needs their own" in refusal(
        keys=KEYS | {"Zoe": f" {line(ANA)} "}
    )


@pytest.mark.parametrize("name", ["ana duarte", " Ana  Duarte", "", "  "])
def test_one_name_twice_and_no_name_are_refused(name: str) -> None:
    assert "each approver needs a name of their own" in refusal(keys=KEYS | {name: line("another")})


@pytest.mark.parametrize(
    "name",
    [
        "Ana\u200b Duarte",
        "\u202eetrauD anA",
        "Ana\x1b[31m Duarte",
        "\uff21na Duarte",
        "Ana\u00a0Duarte",
        "Jose\u0301 Luz",
        "\ufb01nn",
        "Ana\u3164",
    ],
)
def test_a_name_that_hides_something_or_is_a_twin_of_another_is_refused_by_name(name: str) -> None:
    told = refusal(keys=KEYS | {name: line("another")})

    assert f"the name {name!a} holds what is not seen, or letters that look like others" in told


@pytest.mark.parametrize("name", ["Jos\u00e9 Luz", "\u738b\u5c0f\u660e", "O'Brien-\u0141uk"])
def test_names_of_all_scripts_are_taken(name: str) -> None:
    assert name in register(keys=KEYS | {name: line("another")}).keys


def test_fewer_keys_than_signatures_are_refused_and_revoked_ones_do_not_count() -> None:
    assert "a plan needs the signatures of 2 approvers, and 1 may sign" in refusal(keys={ANA: line(ANA)})
    assert "2 approvers, and 1 may sign" in refusal(revoked=[fingerprint(ANA), fingerprint(BO)])
    assert register(keys={ANA: line(ANA)}, signatures=1).signatures == 1


@pytest.mark.parametrize("changed", [{"signatures": 0}, {"signatures": 3}, {"signature": 1}, {"keys": {}}])
def test_what_no_register_says_is_refused(changed: dict[str, Any]) -> None:
    assert refusal(**changed)


@pytest.mark.parametrize("revoked", ["Ana Duarte", "ABCD" * 8, "ab"])
def test_what_is_revoked_is_named_by_a_fingerprint(revoked: str) -> None:
    assert "what is revoked is named by 32 digits" in refusal(revoked=[revoked])
