"""Terraform: what is read of its actions, and how a limit is put in as the lines around it are written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from files.formats.action_file import FileAction
from files.formats.flow_file import UnreadableFile
from files.formats.hcl import may_hold_actions, read_terraform
from tests.files.conftest import limited, write_files
from tests.files.samples import SampleAction, terraform_actions


def resource(*lines: str, label: str = "a", kind: str = "genesyscloud_integration_action") -> bytes:
    return "\n".join([f'resource "{kind}" "{label}" {{', *lines, "}", ""]).encode()


def actions(body: bytes) -> tuple[FileAction, ...]:
    return read_terraform(body).actions


def with_limit(body: bytes, limit_ms: int | None, label: str = "a") -> bytes:
    return read_terraform(body).with_limit(label, limit_ms)


def test_every_resource_of_a_file_is_an_action() -> None:
    body = terraform_actions((SampleAction(timeout="20", heredoc=True), SampleAction("two", "var.two")))

    assert [(each.resource, each.name, each.limit_ms) for each in actions(body)] == [
        ("look_up_customer", "Look up customer", 20_000),
        ("two", "var.two", None),
    ]


def test_a_resource_that_is_switched_off_is_no_action() -> None:
    assert actions(resource("  count = 0")) == ()
    assert [len(actions(resource(f"  count = {count}"))) for count in ("1", "var.on ? 1 : 0", "length([])")] == [
        1,
        1,
        1,
    ]


def test_a_name_that_is_computed_is_shown_as_it_is_written_and_joins_nothing() -> None:
    (action,) = actions(resource("  name = var.action_name", '  category = "${module.a.name}"'))

    assert (action.name, action.is_named) == ("var.action_name", False)
    assert (action.category, action.is_categorised) == ('"${module.a.name}"', False)


def test_escapes_of_a_name_are_what_they_stand_for() -> None:
    (action,) = actions(resource(r'  name = "a \"b\" $${c} %%{d} \u00e9 \\ \n"'))

    assert (action.name, action.is_named) == ('a "b" ${c} %{d} é \\ \n', False)  # `${` is a placeholder elsewhere


def test_drafts_and_other_resources_are_none_of_ours() -> None:
    draft = resource("  config_timeout_seconds = 5", kind="genesyscloud_integration_action_draft")

    assert not may_hold_actions(draft)
    assert actions(draft + resource()) == actions(resource())
    assert actions(b'# resource "genesyscloud_integration_action" "x" {}\n') == ()


@pytest.mark.parametrize(
    ("written", "limit_ms"), [("20", 20_000), ('"20"', 20_000), ("0", None), ("null", None), ("60", 60_000)]
)
def test_a_literal_is_the_limit_and_0_and_null_are_none(written: str, limit_ms: int | None) -> None:
    (action,) = actions(resource(f"  config_timeout_seconds = {written}"))

    assert (action.limit_ms, action.unknown_limit) == (limit_ms, "")


@pytest.mark.parametrize("written", ["var.limit", "10 + 10", "-5", "2.5", "[null]", '"${var.x}"', "(20)", "true"])
def test_any_other_limit_is_not_known(written: str) -> None:
    (action,) = actions(resource(f"  config_timeout_seconds = {written}"))

    assert action.unknown_limit.startswith("config_timeout_seconds is ")


@pytest.mark.parametrize(
    "written", ["all", "[category, config_timeout_seconds]", '["config_timeout_seconds"]', '["*"]']
)
def test_a_limit_whose_changes_terraform_ignores_is_not_known(written: str) -> None:
    (action,) = actions(
        resource("  config_timeout_seconds = 3", "  lifecycle {", f"    ignore_changes = {written}", "  }")
    )

    assert action.unknown_limit == "Terraform ignores changes of config_timeout_seconds"


@pytest.mark.parametrize("written", ["[function_config]", "[function_config[0].timeout_seconds]", "all"])
def test_the_limit_of_a_function_whose_changes_terraform_ignores_is_not_known(written: str) -> None:
    ignoring = ("  lifecycle {", f"    ignore_changes = {written}", "  }")
    (action,) = actions(resource("  function_config {", "    timeout_seconds = 9", "  }", *ignoring))

    assert action.unknown_limit == "Terraform ignores changes of function_config"


@pytest.mark.parametrize("written", ["[]", "[category]", "[function_config]", "[ # config_timeout_seconds\n  ]"])
def test_what_else_terraform_ignores_leaves_the_limit_as_it_is(written: str) -> None:
    (action,) = actions(
        resource("  config_timeout_seconds = 3", "  lifecycle {", f"    ignore_changes = {written}", "  }")
    )

    assert (action.limit_ms, action.unknown_limit) == (3_000, "")


def test_a_limit_takes_the_place_of_null_and_null_is_put_back() -> None:
    body = resource(
        "  config_timeout_seconds = null # none", "  function_config {", "    timeout_seconds = null", "  }"
    )
    after = with_limit(body, 9_000)

    assert after == body.replace(b"    timeout_seconds = null", b"    timeout_seconds = 9")
    assert with_limit(resource("  config_timeout_seconds = null"), 9_000) == resource("  config_timeout_seconds = 9")
    assert read_terraform(after).with_texts("a", read_terraform(body).texts("a")) == body


def test_a_function_has_its_own_limit() -> None:
    (action,) = actions(resource("  function_config {", "    timeout_seconds = 9", "  }"))
    (dynamic,) = actions(resource('  dynamic "function_config" {', "    for_each = var.x", "  }"))

    assert (action.kind, action.limit_ms, action.function_ms) == ("function", None, 9_000)
    assert dynamic.unknown_limit == "its function_config is computed"


@pytest.mark.parametrize("category", ['"Function Data Actions"', '"${var.area}_Function-Data-Actions"'])
def test_a_function_data_action_whose_function_is_not_in_the_file_has_no_known_limit(category: str) -> None:
    (action,) = actions(resource(f"  category = {category}", "  config_timeout_seconds = 5"))

    assert (action.kind, action.unknown_limit) == ("function", "its function is not in the file")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (resource("  name = 1", "  name = 2"), "line 1 is not understood: the attribute name stands more than once"),
        (resource() + resource(), "line 3 has the name of another one"),
        (
            resource("  function_config {", "  }", "  function_config {", "  }"),
            "line 1 is not understood: it has 2 blocks function_config",
        ),
        (b'resource "genesyscloud_integration_action" {\n}\n', "line 1 is not understood: it has no name"),
    ],
)
def test_a_resource_that_is_not_understood_is_told_with_its_line(body: bytes, problem: str) -> None:
    assert read_terraform(body).problems == (f"the resource in {problem}",)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (resource("  name = ", "  x = = 1"), r"line \d is not understood as HCL"),
        (resource()[:-3], r"line \d is not understood as HCL"),
        (resource("  name = <<EOT", "  no end"), r"line \d is not understood as HCL"),
        (resource("  name = {{action}}"), r"line \d is not understood as HCL"),
        (b'resource "\xff" "x" {}', "it is not UTF-8 from byte 10 on"),
        (b"#" * 2_000_001, "it has 2,000,001 bytes, 2,000,000 of Terraform are read"),
    ],
)
def test_a_file_that_is_no_hcl_is_told(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read_terraform(body)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["  config_timeout_seconds=3 # why"], ["  config_timeout_seconds=20 # why"]),
        (['  config_timeout_seconds = "3"'], ['  config_timeout_seconds = "20"']),
        (["  config_timeout_seconds = 0"], ["  config_timeout_seconds = 20"]),
        (
            ['  name                   = "A"', "  category               = var.c # c", "  depends_on = []"],
            [
                '  name                   = "A"',
                "  category               = var.c # c",
                "  config_timeout_seconds = 20",
                "  depends_on = []",
            ],
        ),
        (
            ['\tname     = "A"', '\tcategory = "B"'],
            ['\tname     = "A"', '\tcategory = "B"', "\tconfig_timeout_seconds = 20"],
        ),
        (['  name="A"'], ['  name="A"', "  config_timeout_seconds=20"]),
        (["  lifecycle {", "  }"], ["  config_timeout_seconds = 20", "  lifecycle {", "  }"]),
        ([], ["  config_timeout_seconds = 20"]),
        (
            ["  secure = true", "  name = <<-EOT", "    secure = }", "    EOT"],
            ["  secure = true", "  config_timeout_seconds = 20", "  name = <<-EOT", "    secure = }", "    EOT"],
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_limit_is_written_as_its_neighbours_are(before: list[str], after: list[str], newline: str) -> None:
    old, new = (resource(*lines).replace(b"\n", newline.encode()) for lines in (before, after))

    assert with_limit(old, 20_000) == new


def test_no_limit_is_no_line_and_a_comment_behind_it_stays() -> None:
    assert with_limit(resource("  secure = true", "  config_timeout_seconds = 3"), None) == resource("  secure = true")
    assert with_limit(resource("  config_timeout_seconds = 3 # c"), None) == resource("  # c")


def test_a_functions_limit_is_put_into_its_block() -> None:
    before = ["  function_config {", '    description     = "x"', '    handler         = "y"', "  }"]
    after = [*before[:3], "    timeout_seconds = 9", before[3]]

    assert with_limit(resource(*before), 9_000) == resource(*after)
    assert with_limit(resource(*after), None) == resource(*before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  function_config {}", "  function_config {timeout_seconds = 9}"),
        ("  function_config { }", "  function_config { timeout_seconds = 9 }"),
    ],
)
def test_an_empty_block_stays_in_one_line(before: str, after: str) -> None:
    assert with_limit(resource(before), 9_000) == resource(after)
    assert with_limit(resource(after), None) == resource(before)


def test_a_block_in_one_line_that_says_something_has_to_be_broken_first() -> None:
    with pytest.raises(UnreadableFile, match="the block in line 2 is written in one line: break it first"):
        with_limit(resource('  function_config { handler = "x" }'), 9_000)


def test_a_byte_order_mark_is_kept() -> None:
    mark = b"\xef\xbb\xbf"

    assert with_limit(mark + resource(), 5_000) == mark + resource("  config_timeout_seconds = 5")


def test_one_of_several_actions_is_changed() -> None:
    one, two, three = (resource('  name = "A"', label=each) for each in "abc")

    assert with_limit(one + two + three, 5_000, "b") == (
        one + resource('  name = "A"', "  config_timeout_seconds = 5", label="b") + three
    )


_lines = st.sampled_from(
    (
        *('  name = "A"', "  category = var.c", '  integration_id="x"', "  secure    = true", "  # config", ""),
        *("  contract_input = jsonencode({", "  /* config_timeout_seconds = 9 */", '  note = "$${a} }"'),
        *("  lifecycle {\n    prevent_destroy = true\n  }", "  text = <<-EOT\n    config_timeout_seconds = 1\n    EOT"),
        *("  headers = {\n    A = 1\n  }", "\tdepends_on = [module.a]", "  function_config {\n    handler = 1\n  }"),
    )
)


@given(
    lines=st.lists(_lines, max_size=8, unique_by=lambda line: line.split("=")[0].strip()),
    seconds=st.none() | st.integers(1, 60),
    at=st.integers(0, 8),
    crlf=st.booleans(),
)
def test_outside_of_the_limit_every_byte_stays_and_the_way_back_is_exact(
    lines: list[str], seconds: int | None, at: int, crlf: bool
) -> None:
    own = [line.replace("jsonencode({", "jsonencode({})") for line in lines]
    if seconds is not None:
        own.insert(at, f"  config_timeout_seconds = {seconds} # ours")
    body = resource(*own) + resource("  config_timeout_seconds = 4", label="other")
    body = body.replace(b"\n", b"\r\n") if crlf else body
    (action, other) = actions(body)
    if action.has_function:
        return

    after = with_limit(body, 61_000)

    assert read_terraform(after).frame("a") == read_terraform(body).frame("a")
    assert [each.limit_ms for each in actions(after)] == [61_000, other.limit_ms]
    assert with_limit(after, 61_000) == after
    assert with_limit(after, action.limit_ms) == body


def test_a_changed_limit_is_read_again_from_the_file(tmp_path: Path) -> None:
    before, after = (SampleAction(heredoc=True), SampleAction(heredoc=True, timeout="20"))
    write_files(tmp_path, {"a.tf": terraform_actions([before, SampleAction("b")], newline="\r\n")})

    written = limited(tmp_path, "a.tf#look_up_customer", 20_000)

    assert written == terraform_actions([after, SampleAction("b")], newline="\r\n")


@pytest.mark.parametrize("opening", [b"${", b"[", b"a {\n", b"("])
def test_a_file_that_is_nested_too_deeply_is_refused_before_it_keeps_the_parser_busy(opening: bytes) -> None:
    body = terraform_actions() + b'x = "' + opening * 400_000

    with pytest.raises(UnreadableFile, match=r"^it is nested more than 1,000 levels deep in line [\d,]+$"):
        read_terraform(body)
