"""What a run works on: an org behind the API, or folders of files. Each brings what reads it, and what writes to it."""

import shlex
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass

from files.folders import Folders
from files.reader import FilesReader
from files.undoing.guard import GitGuard
from files.writing import FilesWriter
from flows.record.records import NoRecordError
from flows.run.interruption import at_once
from flows.sources.connections import credentials_for, links_for, read_client, write_client
from genesys import ConfigurationProblem, Credentials, ReadClient, WriteClient
from genesys.block import GenesysCloudCredentials
from tasks.running.reader import Reader
from tasks.storage import storage_of_run
from tasks.storage.left_in_files import LeftInFiles
from timeouts.inventory import Inventory
from timeouts.model.org import Organization
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

_TO_COMPARE = "To compare an org with files, name the org, and the files as compare_with alone."
NO_FIGURES = "files hold no figures of calls; only an org has them, so ask for them there"


@dataclass(frozen=True, slots=True)
class OrgSource:
    """An org behind the API, by its credentials. `compared_with`: the files that it is deployed from."""

    credentials: Credentials
    compared_with: Folders | None = None

    def reader(self) -> AbstractContextManager[ReadClient]:
        """Hold a client that cannot write, for as long as a run reads."""
        return read_client(self.credentials)

    def writer(self, stop: threading.Event, plan: Plan) -> AbstractContextManager[WriteClient]:  # noqa: ARG002
        """Hold a client that can publish a plan; it waits for nothing once `stop` is set."""
        return write_client(self.credentials, stop)

    def told_of_obstacles(self, plan: Plan, _reader: Reader) -> Plan:
        """Return the plan as it is: what is in the way of a publish is seen when it is published."""
        return plan

    def addresses_of(self, inventory: Inventory) -> dict[str, str]:
        """Return the address at which a person opens each Architect flow, by its id."""
        link = links_for(self.credentials)
        return {each.id: link(each) for each in inventory.architect_flows}

    @property
    def client_id(self) -> str:
        """The OAuth client that runs publish with, for what they publish is none of the others' doing."""
        return self.credentials.client_id

    @property
    def seen_by(self) -> str:
        """Whose view of it an audit has: another OAuth client may be shown other divisions."""
        return self.client_id

    @property
    def options(self) -> tuple[str, ...]:
        """The words that name its folders on a command line: none."""
        return ()

    @property
    def compared_options(self) -> tuple[str, ...]:
        """The words that name the folders that it is compared with."""
        return () if self.compared_with is None else options_of(self.compared_with)


@dataclass(frozen=True, slots=True)
class FilesSource:
    """Folders of files. They have no addresses and no OAuth client."""

    folders: Folders

    @contextmanager
    def reader(self) -> Iterator[FilesReader]:
        """Hold a reader, for as long as a run reads. A signal ends the run at once."""
        with at_once(threading.Event()), closing(FilesReader(self.folders)) as reader:
            yield reader

    @contextmanager
    def writer(self, stop: threading.Event, plan: Plan) -> Iterator[FilesWriter]:  # noqa: ARG002 - it never waits
        """Hold a writer, for as long as a run writes a plan.

        A plan that puts back what a run of ours wrote meets it as a rule before anybody has committed it.
        """
        memory = LeftInFiles(storage_of_run())
        with closing(FilesWriter(self.folders, memory=memory, undo=bool(plan.undoes))) as writer:
            yield writer

    def told_of_obstacles(self, plan: Plan, reader: Reader) -> Plan:
        """Return a plan with what would keep a run from writing the files as they are now, as its reader sees them."""
        assert isinstance(reader, FilesReader), "it is what `reader` holds"
        with closing(GitGuard(LeftInFiles(storage_of_run()))) as guard:
            return plan.with_obstacles(lambda target_id: reader.obstacle_to(target_id, guard))

    def addresses_of(self, _inventory: Inventory) -> dict[str, str]:
        """Return no address: a file is opened where it lies."""
        return {}

    @property
    def client_id(self) -> str:
        """No OAuth client."""
        return ""

    @property
    def seen_by(self) -> str:
        """What is chosen of the folders; empty where everything is."""
        return self.folders.choice

    @property
    def options(self) -> tuple[str, ...]:
        """The words that name the folders on a command line, as they were named."""
        return options_of(self.folders)

    @property
    def compared_with(self) -> None:
        """No files beside its own."""
        return

    @property
    def compared_options(self) -> tuple[str, ...]:
        """The words that name the folders that it is compared with: none."""
        return ()


Source = OrgSource | FilesSource


def source_of(
    org: GenesysCloudCredentials | None, files: Folders | None = None, compared_with: Folders | None = None
) -> Source:
    """Return what the parameters of a run name; with neither, the org of the worker's environment.

    `compared_with`: files to look at beside an org. Raises ConfigurationProblem where an org and files are named.
    """
    if files is None:
        return OrgSource(credentials_for(org), compared_with)
    if org is not None:
        raise ConfigurationProblem(f"A run works on an org or on files: name one of the two. {_TO_COMPARE}")
    if compared_with is not None:
        raise ConfigurationProblem(f"Files are not compared with files. {_TO_COMPARE}")
    return FilesSource(files)


def check_figures(source: Source, policy: Policy | None, evidence_days: int | None) -> None:
    """Raise ConfigurationProblem where figures are asked for of a source that has none."""
    if isinstance(source, OrgSource):
        return
    if evidence_days is not None:
        raise ConfigurationProblem(f"Evidence: {NO_FIGURES}.")
    if policy is not None and policy.needs_evidence:
        raise ConfigurationProblem(f"The policy has rules that go by figures: {NO_FIGURES}.")


def check_kind(what: str, organization: Organization, options: Sequence[str], files: Folders | None) -> None:
    """Raise NoRecordError where something was made of files and none are named, or the other way round.

    `what`: what was made, such as `the run happy-dove`; `options`: how its folders were named on a command line.
    """
    if organization.is_files and files is None:
        again = shlex.join(options) or "--files DIR"
        raise NoRecordError(f"{what} is of files, those of {organization.name}: add {again}")
    if not organization.is_files and files is not None:
        raise NoRecordError(f"{what} is of the org {organization.name} and of no files: leave --files out")


def options_of(folders: Folders) -> tuple[str, ...]:
    """Return the words that name folders on a command line, as they were named."""
    words = (("--files", folders.paths), ("--include", folders.include))
    excluded = ("--exclude", tuple(map(_as_of_files, folders.exclude)))
    return tuple(word for option, values in (*words, excluded) for value in values for word in (option, value))


def _as_of_files(pattern: str) -> str:
    """Return a pattern that `raise --exclude` takes for one of files, too: there, others are names."""
    return pattern if "/" in pattern or pattern.startswith("*.") else f"**/{pattern}"
