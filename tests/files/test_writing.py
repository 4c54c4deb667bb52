"""A file is written whole, in the place of the very one that was read, and by nobody else's leave."""

import fcntl
import os
import random
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

from files.errors import FileBusy, FileChanged, FileRefused, FilesError
from files.reader import FileChange
from files.replacing import replace_file
from files.temporaries import new_temporary
from files.walking import walk
from files.writing import FilesDraft, FilesWriter
from tests.files.conftest import NOBODY, action_of, folders, reading_of, set_all, without_rights, write_files
from tests.files.samples import SampleAction, action_export, archy_yaml, terraform_actions

ROOT = Path(__file__).parents[2]
NAME = "f.yaml"


def planned(writer: FilesWriter, timeout_ms: int = 17_000) -> FileChange:
    reading = reading_of(writer, NAME)
    return writer.with_edits(NAME, reading.fingerprint, set_all(reading, timeout_ms))


def made(folder: Path, body: bytes | None = None) -> FilesWriter:
    write_files(folder, {NAME: archy_yaml() if body is None else body})
    return FilesWriter(folders(folder))


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_change_is_written_and_read_again(tmp_path: Path) -> None:
    writer = made(tmp_path)
    change = planned(writer)

    writer.write(change)

    assert (tmp_path / NAME).read_bytes() == change.after
    assert names_in(tmp_path) == [NAME]
    (architect_flow,) = writer.listing().architect_flows
    assert writer.holds_edits(NAME, set_all(writer.read(architect_flow), 17_000))


def test_what_was_written_is_what_the_next_listing_says(tmp_path: Path) -> None:
    writer = made(tmp_path)
    (architect_flow,) = writer.listing().architect_flows
    before = writer.read(architect_flow)

    writer.write(planned(writer))
    writer.listing()

    assert writer.read(architect_flow).fingerprint != before.fingerprint


def test_what_a_file_says_already_is_no_change_of_it_even_where_somebody_else_wrote_it(tmp_path: Path) -> None:
    writer = made(tmp_path)
    reading = reading_of(writer, NAME)
    edits = set_all(reading, 17_000)
    theirs = writer.with_edits(NAME, reading.fingerprint, edits).after + b"\n"
    (tmp_path / NAME).write_bytes(theirs)

    change = writer.with_edits(NAME, reading.fingerprint, edits)

    assert (change.is_there, change.after) == (True, theirs)


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o660])
def test_mode_owner_and_attributes_stay(tmp_path: Path, mode: int) -> None:
    writer = made(tmp_path)
    (tmp_path / NAME).chmod(mode)
    if os.geteuid() == 0:
        os.chown(tmp_path / NAME, NOBODY, NOBODY)
    if sys.platform == "linux":
        os.setxattr(tmp_path / NAME, "user.note", b"ours")
    before = (tmp_path / NAME).stat()

    writer.write(planned(writer))

    after = (tmp_path / NAME).stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    if sys.platform == "linux":
        assert os.getxattr(tmp_path / NAME, "user.note") == b"ours"


def test_a_second_change_of_ours_in_the_same_file_is_not_stale(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.tf": terraform_actions([SampleAction(), SampleAction("b")])})
    writer = FilesWriter(folders(tmp_path))
    one, two = writer.listing().actions

    for action in (one, two):
        writer.write(writer.with_limit(action.id, action.version or 0, 20_000))

    assert [each.limit_ms for each in writer.listing().actions] == [20_000, 20_000]


def test_a_change_of_somebody_else_in_between_is(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.tf": terraform_actions([SampleAction(), SampleAction("b")])})
    writer = FilesWriter(folders(tmp_path))
    one, two = writer.listing().actions
    writer.write(writer.with_limit(one.id, one.version or 0, 20_000))
    with (tmp_path / "a.tf").open("ab") as file:
        file.write(b"# theirs\n")

    with pytest.raises(FileChanged, match=r"^a\.tf is no longer what the plan was made from"):
        writer.with_limit(two.id, two.version or 0, 20_000)


def test_a_file_that_changed_between_proof_and_write_is_left(tmp_path: Path) -> None:
    writer = made(tmp_path)
    change = planned(writer)
    theirs = archy_yaml() + b"# theirs\n"
    (tmp_path / NAME).write_bytes(theirs)

    with pytest.raises(FileChanged, match=r"^f\.yaml was changed by somebody else meanwhile"):
        writer.write(change)

    assert (tmp_path / NAME).read_bytes() == theirs
    assert names_in(tmp_path) == [NAME]


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    writer = made(tmp_path / "in")
    change = planned(writer)
    (tmp_path / "in" / NAME).rename(tmp_path / "elsewhere.yaml")
    (tmp_path / "in" / NAME).symlink_to(tmp_path / "elsewhere.yaml")

    with pytest.raises(FileChanged, match=r"^A link or a folder stands in the place of f\.yaml now"):
        writer.write(change)

    assert (tmp_path / "elsewhere.yaml").read_bytes() == change.before


def test_a_folder_on_the_way_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    write_files(tmp_path, {"in/sub/f.yaml": archy_yaml()})
    writer = FilesWriter(folders(tmp_path / "in"))
    reading = reading_of(writer, "sub/f.yaml")
    change = writer.with_edits("sub/f.yaml", reading.fingerprint, set_all(reading, 9_000))
    (tmp_path / "in" / "sub").rename(tmp_path / "out")
    (tmp_path / "in" / "sub").symlink_to(tmp_path / "out")

    with pytest.raises(FilesError):
        writer.write(change)

    assert (tmp_path / "out" / "f.yaml").read_bytes() == change.before


def test_a_file_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    writer = made(tmp_path)
    change = planned(writer)
    (tmp_path / NAME).unlink()

    with pytest.raises(FileChanged, match=r"^f\.yaml is not there any more"):
        writer.write(change)

    assert names_in(tmp_path) == []


def test_a_file_with_other_names_is_left(tmp_path: Path) -> None:
    writer = made(tmp_path)
    os.link(tmp_path / NAME, tmp_path / "other.log")

    with pytest.raises(FileRefused, match="has other names"):
        writer.write(planned(writer))

    assert names_in(tmp_path) == [NAME, "other.log"]


@pytest.mark.parametrize("lock", [fcntl.flock, fcntl.lockf])
def test_a_file_that_another_program_has_locked_is_left(tmp_path: Path, lock: object) -> None:
    writer = made(tmp_path)
    change = planned(writer)
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path / NAME), "flock" if lock is fcntl.flock else "lockf"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    holder.stdout.read(1)
    try:
        with pytest.raises(FileBusy, match=r"^Another program has locked f\.yaml"):
            writer.write(change)
    finally:
        holder.communicate()

    writer.write(change)


@pytest.mark.parametrize("lock", ["flock", "lockf"])
def test_no_other_program_gets_the_lock_while_a_file_is_written(tmp_path: Path, lock: str) -> None:
    (file,) = walk(folders(write_files(tmp_path, {NAME: b"old"}))).files
    tried: list[int] = []

    def try_to_lock() -> None:
        tried.append(subprocess.run([sys.executable, "-c", _TRY, str(tmp_path / NAME), lock], check=False).returncode)

    replace_file(file, b"old", b"new", try_to_lock)

    assert tried == [_REFUSED]
    assert (tmp_path / NAME).read_bytes() == b"new"


_REFUSED = 7
_TRY = f"""
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        getattr(fcntl, sys.argv[2])(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit({_REFUSED})
"""

_HOLD = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    getattr(fcntl, sys.argv[2])(file, fcntl.LOCK_EX)
    sys.stdout.write("x"); sys.stdout.flush()
    sys.stdin.read()
"""


@pytest.mark.parametrize("closed", [".", NAME])
def test_without_permission_nothing_is_written(closed: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        writer = made(path)
        change = planned(writer)
        path.chmod(0o777)
        (path / NAME).chmod(0o666)
        (path / closed).chmod(0o555 if closed == "." else 0o444)
        try:
            with without_rights(), pytest.raises(FileRefused, match=r"^There is no permission to write f\.yaml"):
                writer.write(change)
        finally:
            path.chmod(0o700)

        assert ((path / NAME).read_bytes(), names_in(path)) == (change.before, [NAME])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_file_of_another_owner_is_left_where_it_would_get_ours() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        writer = made(path)
        change = planned(writer)
        path.chmod(0o777)
        (path / NAME).chmod(0o666)

        with without_rights(), pytest.raises(FileRefused, match=r"^f\.yaml belongs to another user or group"):
            writer.write(change)

        assert ((path / NAME).read_bytes(), names_in(path)) == (change.before, [NAME])


def run_child(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    """What a process may write to a file is bounded in a child: the system then refuses as a full disk does."""
    body = archy_yaml() + b"# " + b"x" * 20_000 + b"\n"
    made(tmp_path, body)

    child = run_child(
        """
        import resource, sys
        from pathlib import Path
        from files.errors import FilesError
        from tests.files.test_writing import made, planned
        writer = made(Path(sys.argv[1]), Path(sys.argv[1], "f.yaml").read_bytes())
        change = planned(writer)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, resource.RLIM_INFINITY))
        try:
            writer.write(change)
        except FilesError as problem:
            print(problem)
        """,
        str(tmp_path),
    )

    assert child.stdout == "The disk, or what you may write to it, is full: f.yaml was left as it is\n", child.stderr
    assert ((tmp_path / NAME).read_bytes(), names_in(tmp_path)) == (body, [NAME])


_WRITE_FOR_EVER = """
import sys
from pathlib import Path
from files.writing import FilesWriter
from tests.files.conftest import folders
from tests.files.test_writing import planned
writer = FilesWriter(folders(Path(sys.argv[1])))
print("begun", flush=True)
while True:
    for timeout_ms in (9_000, 17_000):
        writer.write(planned(writer, timeout_ms))
"""


def test_killed_at_any_moment_it_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    writer = made(tmp_path, archy_yaml() + b"# " + b"x" * 2_000_000 + b"\n")
    whole = {planned(writer, timeout_ms).after for timeout_ms in (9_000, 17_000)} | {(tmp_path / NAME).read_bytes()}
    moments = random.Random(7)  # noqa: S311 - no secret: moments

    for _ in range(5):
        child = subprocess.Popen(
            [sys.executable, "-c", _WRITE_FOR_EVER, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(moments.uniform(0.05, 0.4))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert (tmp_path / NAME).read_bytes() in whole

    FilesWriter(folders(tmp_path)).listing()
    assert names_in(tmp_path) == [NAME]


def test_what_a_stopped_run_left_is_removed_and_what_a_running_one_writes_is_not(tmp_path: Path) -> None:
    writer = made(tmp_path / "sub")
    stale, busy, foreign = new_temporary(), new_temporary(), ".genesys-timeouts-x.tmp"
    for name in (stale, busy, foreign):
        (tmp_path / "sub" / name).write_bytes(b"half")

    with (tmp_path / "sub" / busy).open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        FilesWriter(folders(tmp_path)).listing()

    assert names_in(tmp_path / "sub") == sorted([NAME, busy, foreign])
    writer.listing()
    assert names_in(tmp_path / "sub") == sorted([NAME, foreign])


def test_a_draft_is_read_as_if_it_was_written_and_touches_no_file(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.tf": terraform_actions([SampleAction(), SampleAction("b")]), NAME: archy_yaml()})
    before = (tmp_path / "a.tf").read_bytes()
    draft = FilesDraft(folders(tmp_path))
    one, two = draft.listing().actions

    for action in (one, two):
        draft.write(draft.with_limit(action.id, action.version or 0, 20_000))

    assert [action_of(draft, each.id).limit_ms for each in (one, two)] == [20_000, 20_000]
    (change,) = draft.changes
    assert (change.shown, change.before) == ("a.tf", before)
    assert (tmp_path / "a.tf").read_bytes() == before
    assert names_in(tmp_path) == ["a.tf", NAME]


def test_a_draft_of_a_file_that_changed_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.custom.json": action_export()})
    draft = FilesDraft(folders(tmp_path))
    change = draft.with_limit("a.custom.json", action_of(draft, "a.custom.json").version or 0, 20_000)
    write_files(tmp_path, {"a.custom.json": action_export(timeout_seconds=3)})

    with pytest.raises(FileChanged, match="was changed by somebody else meanwhile"):
        draft.write(change)
