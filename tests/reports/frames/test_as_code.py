"""What files say beside the org, and what their next deploy would undo, in sentences."""

from dataclasses import replace

from reports.frames.compared.as_code import as_code_rows, as_code_sentences, as_code_warnings, differing_rows
from reports.frames.compared.undone import undone_sentences
from reports.markdown.as_code import as_code_section
from tests.reports.made import made, printed
from tests.timeouts.as_code.org_and_files import ORG, S3, S10, archy, as_code, file, in_files, live, of_archy, plan
from tests.timeouts.conftest import action, inventory, listed, reading
from timeouts.as_code.comparing import compare_with_files
from timeouts.as_code.undone import UndoneLimit, UndoneStep, undone_by_deploy
from timeouts.model.settings import Expression, LiteralOrSuggested, Suggested, TimeoutSetting

MINUTE = LiteralOrSuggested(timeout_ms=60_000)


def test_the_first_sentence_counts_what_stands_in_both_and_which_way_the_files_differ() -> None:
    first, *others = as_code_sentences(as_code())

    assert first == (
        "3 Architect flows and 4 actions of the org stand in the files of flows, too. Steps: 1 longer in the file, 1 "
        "shorter in the file, 1 otherwise in the file, 1 only in the file, 1 only live, 4 the same. Action limits: 1 "
        "longer in the file, 2 shorter in the file, 1 not set in the file."
    )
    assert others == [
        "3 entries of the files could not be compared.",
        "2 Architect flows of the files are not in the org: Not yet live, Only live.",
        "1 Architect flow of the org stands in no file.",
        "1 action of the files is not in the org: Alone.",
        "1 action of the org stands in no file.",
    ]


def test_several_files_of_one_name_are_said() -> None:
    paths = ("a.yaml", "b.yaml", "c.yaml", "d.yaml")
    found = compare_with_files(ORG, in_files([file(path) for path in paths], [archy(path=path) for path in paths]))

    assert as_code_warnings(found) == [
        (
            "4 files are of Main (a.yaml, b.yaml, c.yaml and 1 more): each is compared, and which one is deployed is "
            "not known."
        )
    ]


def test_what_could_not_be_read_of_the_files_is_said() -> None:
    files = replace(in_files(), notes=("actions/broken.custom.json looks like integration actions and is not read",))

    assert as_code_warnings(compare_with_files(ORG, files)) == list(files.notes)


def test_a_row_that_a_deploy_would_change_is_shown_first() -> None:
    rows = as_code_rows(as_code())

    assert {each.what for each in differing_rows(as_code())} == {"step", "action limit"}
    assert [each.is_different for each in sorted(rows, key=lambda each: each.rank)] == [True] * 10 + [False] * 4


def test_a_deploy_of_one_file_is_one_sentence_with_what_it_puts_back_how_often_and_where() -> None:
    main = [_step(MINUTE), _step(MINUTE), _step(MINUTE), _step(Suggested()), _step(None)]

    assert undone_sentences(main) == [
        (
            "The next deploy of flows/main.yaml would put back 1m or suggested at 3 steps and the suggested timeout at "
            "1 step of Main and take away 1 changed step of Main."
        )
    ]


def test_all_actions_of_one_terraform_file_stand_in_one_sentence() -> None:
    limits = [_limit("main.tf#crm", "CRM", 5_000), _limit("main.tf#slow", "Slow", 8_000)]

    assert undone_sentences(limits) == ["The next deploy of main.tf would put back the limit 5s of CRM and 8s of Slow."]


def test_what_a_deploy_fills_in_may_be_put_back() -> None:
    unknown = _step(Expression(text="{{patience}}")).model_copy(update={"difference": "unknown"})

    assert undone_sentences([_step(S3), unknown]) == [
        (
            "The next deploy of flows/main.yaml would put back 3s at 1 step of Main, and may put back expression "
            "{{patience}} at 1 step of Main."
        )
    ]


def test_what_one_of_several_steps_says_may_be_put_back() -> None:
    assert undone_sentences([_step(S3).model_copy(update={"matched_by": "order"})]) == [
        "The next deploy of flows/main.yaml may put back 3s at 1 step of Main."
    ]


def test_that_a_step_is_one_of_several_that_fit_is_said_in_the_terminal_and_in_the_summary() -> None:
    files = in_files([file("night.yaml", "Only live")], [archy(*_TWO, path="night.yaml")])
    found = compare_with_files(ORG, files)

    assert "(one of several steps that fit, by their order)" in " ".join(printed(made(ORG, as_code=found), 200).split())
    assert "longer in the file: one of several steps that fit, by their order" in as_code_section(found, _named)


def test_of_many_files_the_first_ones_are_named_and_the_others_counted() -> None:
    many = [_step(S3).model_copy(update={"path": f"{number}.yaml"}) for number in range(5)]

    assert undone_sentences(many, 2)[2:] == ["The next deploys of 3 more files would undo changes, too."]


def test_a_report_names_what_a_deploy_would_undo_of_its_plan_and_nothing_without_one() -> None:
    assert made(ORG, plan(), as_code=as_code()).undone == undone_by_deploy(plan(), as_code())
    assert made(ORG, as_code=as_code()).undone == ()


def test_nothing_is_said_where_files_and_org_say_the_same() -> None:
    org = inventory(
        [listed("af-1", "Main")], [reading(live(1, S10, "Ask"), of="af-1")], [action("crm", name="Look up")]
    )
    same = compare_with_files(org, in_files([file()], [archy(of_archy(1, S10, "Ask"))]))

    assert not same.is_different
    assert as_code_sentences(same) == [
        "1 Architect flow and 0 actions of the org stand in the files of flows, too. Steps: 1 the same.",
        "1 action of the org stands in no file.",
    ]


_TWO = (of_archy(1, S10, "Ask"), of_archy(2, S3, "Ask"))


def _named(_: str, name: str) -> str:
    return name


def _step(puts_back: TimeoutSetting | None) -> UndoneStep:
    return UndoneStep(
        path="flows/main.yaml",
        architect_flow_id="af-1",
        name="Main",
        step_id="node-1",
        step_name="Ask",
        after=S10,
        puts_back=puts_back,
        difference="only live" if puts_back is None else "file longer",
    )


def _limit(path: str, name: str, puts_back_ms: int) -> UndoneLimit:
    return UndoneLimit(
        path=path, action_id=name, name=name, after_ms=10_000, puts_back_ms=puts_back_ms, difference="file shorter"
    )
