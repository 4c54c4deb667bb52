"""What lies in folders, written by anybody: a file that is read or a reason why not, and an edit of nothing else."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from files.errors import FileRefused
from files.formats.flow_file import UnreadableFile
from files.formats.i3 import decode, encode
from files.formats.reading import may_be_actions, may_be_flow, read_actions, read_flow
from files.proof import prove_limit, prove_steps
from files.walking import FoundFile
from tests.files.conftest import ROOT_FOLDER
from tests.files.samples import (
    ArchyStep,
    SampleAction,
    SampleStep,
    action_export,
    archy_yaml,
    configuration_json,
    i3_export,
    terraform_actions,
)
from tests.fuzz.mutations import damaged, tried
from timeouts.definitions import EditRefusedError
from timeouts.model.step_edits import Restore, SetTimeout, StepEdit

LONGEST_REASON = 1_000

STEPS = (SampleStep(timeout_ms=4_000, suggested=False), SampleStep("Read order", "Shop", out_of_service=True))
FLOWS: Mapping[str, tuple[bytes, ...]] = {
    "f.i3InboundFlow": (i3_export(STEPS), encode(configuration_json(STEPS, pretty=True)) + b"\n"),
    "f.json": (configuration_json(STEPS), b"\xef\xbb\xbf" + configuration_json(STEPS, pretty=True)),
    "f.yaml": (
        archy_yaml([ArchyStep(), ArchyStep(timeout=None, depth=2)], comments=True),
        archy_yaml([ArchyStep("{{action}}")], newline="\r\n", last_newline=False, name='"{{name}}"'),
    ),
}
ACTIONS: Mapping[str, tuple[bytes, ...]] = {
    "a.custom.json": (action_export(), action_export(timeout_seconds=3, pretty=False)),
    "a.tf.json": (
        b'{"resource": {"genesyscloud_integration_action": {"a": {"name": "A", "config_timeout_seconds": 3}}}}',
        b'{"resource": [{"genesyscloud_integration_action": {"a": [{"function_config": [{"timeout_seconds": 9}]}]}}]}',
    ),
    "a.tf": (
        terraform_actions([SampleAction(timeout="8", heredoc=True), SampleAction("b", has_function=True)]),
        terraform_actions([SampleAction("c", has_function=True, function_timeout="9")], newline="\r\n"),
    ),
}
TOKENS = (
    *(b"{", b"}", b'"', b"${", b"%{", b"<<-EOT\n", b"EOT\n", b"/*", b"*/", b"#", b"\r", b"\n", b" ", b"\t", b"=", b","),
    *(
        b"config_timeout_seconds = 5\n",
        b"timeout_seconds",
        b"function_config {\n}\n",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\x00",
    ),
    *(
        b'"timeoutSeconds": 3,',
        b'"config"',
        b"null",
        b"0",
        b'"20"',
        b"1e400",
        b"[" * 500,
        b"%7",
        b"%zz",
        b"JTdC",
        b"&a",
    ),
    *(b"- callData:\n", b"timeout:\n", b"lit:\n", b"{{x}}", b"|\n", b"*a", b"? ", b"<<: ", b"---\n", b"\xe2\x80\xa8"),
)


def damaged_files(kinds: Mapping[str, tuple[bytes, ...]]) -> st.SearchStrategy[tuple[str, bytes]]:
    """A name of a file, and what lies under it."""
    return st.sampled_from(sorted(kinds)).flatmap(
        lambda name: st.tuples(st.just(name), damaged(st.sampled_from(kinds[name]), TOKENS) | st.binary(max_size=80))
    )


def found(name: str) -> FoundFile:
    return FoundFile(ROOT_FOLDER, (name,), name)


@given(damaged_files(FLOWS), st.integers(1, 10**6))
def test_a_flow_of_a_file_is_read_and_changed_and_put_back_to_the_byte_or_told(
    file: tuple[str, bytes], timeout_ms: int
) -> None:
    name, body = file
    may_be_flow(body, name)
    flow, reason = tried(UnreadableFile, read_flow, body, name)
    assert len(reason) <= LONGEST_REASON
    if flow is None or flow.unwritable:
        return
    assert flow.pack(flow.document) == body
    back: dict[str, StepEdit] = {
        each.id: Restore(original=each.raw_timeout) for each in flow.definition.steps if each.raw_timeout is not None
    }
    edits: dict[str, StepEdit] = dict.fromkeys(back, SetTimeout(timeout_ms=timeout_ms))
    edited, _ = tried(EditRefusedError, flow.definition.with_edits, edits)
    if edited is None:
        return
    after = flow.pack(edited)
    _, refused = tried(FileRefused, prove_steps, found(name), flow, after, edits)
    if refused:
        return
    again = read_flow(after, name)
    assert again is not None
    assert again.pack(again.definition.with_edits(edits)) == after
    assert again.pack(again.definition.with_edits(back)) == body


@given(damaged_files(ACTIONS), st.integers(1, 60))
def test_the_limit_of_an_action_is_read_and_changed_and_nothing_else_or_told(
    file: tuple[str, bytes], seconds: int
) -> None:
    name, body = file
    may_be_actions(body, name)
    read, reason = tried(UnreadableFile, read_actions, body, name)
    assert len(reason) <= LONGEST_REASON
    for action in () if read is None else read.actions:
        if action.unknown_limit or read is None:
            continue
        after, _ = tried(UnreadableFile, read.with_limit, action.resource, seconds * 1_000)
        if after is None:
            continue
        _, refused = tried(FileRefused, prove_limit, found(name), read, after, action.resource, seconds * 1_000)
        again = None if refused else read_actions(after, name)
        if again is not None:
            assert again.frame(action.resource) == read.frame(action.resource)
            assert again.with_limit(action.resource, seconds * 1_000) == after


@given(damaged(st.sampled_from(FLOWS["f.i3InboundFlow"]), TOKENS) | st.binary(max_size=40))
def test_what_is_decoded_is_text_and_what_is_encoded_again_decodes_to_the_same(body: bytes) -> None:
    document, _ = tried(UnreadableFile, decode, body)

    if document is not None and b"%" not in document[:1]:
        text, _ = tried(UnicodeDecodeError, document.decode)
        assert text is None or decode(encode(document)) == document
