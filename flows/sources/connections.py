"""Which org a run works on."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, TypeVar, cast

from flows.guards.single_org_guard import single_org_guard
from flows.run.interruption import at_once
from flows.run.log_lines import into_runs, one_line_each
from genesys import (
    LOGGER_NAME,
    ConfigurationProblem,
    Credentials,
    ReadClient,
    TransportSettings,
    WriteClient,
    architect_link,
    connect,
)
from genesys.block import GenesysCloudCredentials
from timeouts.model.org import ArchitectFlow
from timeouts.text.nearest import nearest

_log = logging.getLogger(LOGGER_NAME)
one_line_each()

Client = TypeVar("Client", bound=ReadClient)


def credentials_for(org: GenesysCloudCredentials | None) -> Credentials:
    """Return the credentials that a Prefect block holds, or those of the environment when there is none."""
    return Credentials.from_environment() if org is None else org.to_credentials()


def block_named(name: str) -> GenesysCloudCredentials:
    """Load the credentials block of that name; raises ConfigurationProblem where there is none."""
    try:
        return cast("GenesysCloudCredentials", GenesysCloudCredentials.load(name))
    except ValueError:  # Prefect's, for a block that does not exist
        demo = "; the demo org is --org demo" if nearest(name.strip(), ["demo"]) else ""
        raise ConfigurationProblem(
            f"There is no Genesys Cloud Credentials block named {name}: `genesys-timeouts register org NAME` makes "
            f"one on a Prefect server{demo}. Without a server, leave --org out and set GENESYS_CLIENT_ID, "
            "GENESYS_CLIENT_SECRET and GENESYS_REGION."
        ) from None
    except RuntimeError:  # Prefect's, for one whose content does not fit
        raise ConfigurationProblem(
            f"The Genesys Cloud Credentials block {name} cannot be used: open it in the UI and fill in what is missing."
        ) from None


def credentials_of_block(name: str | None) -> Credentials:
    """Return the credentials of the block of that name, or those of the environment; raises as `block_named`."""
    return credentials_for(None if name is None else block_named(name))


def reference_to(name: str) -> dict[str, Any]:
    """Return what stands in a run's parameters for the credentials block of that name.

    Prefect stores parameters in clear text (docs/measured.md#parameters): a reference holds no secret, and Prefect
    loads the block. Raises ConfigurationProblem where there is no such block.
    """
    block_named(name)
    return {"$ref": {"block_document_slug": f"{GenesysCloudCredentials.get_block_type_slug()}/{name}"}}


@contextmanager
def read_client(credentials: Credentials, settings: TransportSettings | None = None) -> Iterator[ReadClient]:
    """Hold a client that cannot write, for as long as a run lasts: all that an audit is given.

    `settings`: how patient it is, as usual without them. A signal ends at once what is read with it, and whatever that
    waits for.
    """
    stop = threading.Event()
    patience = settings or TransportSettings.from_environment()
    with (
        single_org_guard(credentials),
        at_once(stop),
        _held(connect(credentials, settings=patience, stop=stop, at_once=True)) as client,
    ):
        yield client


@contextmanager
def write_client(credentials: Credentials, stop: threading.Event) -> Iterator[WriteClient]:
    """Hold a client that can publish, for as long as a run lasts; it waits for nothing once `stop` is set."""
    patience = TransportSettings.from_environment()
    with (
        single_org_guard(credentials),
        _held(connect(credentials, write=True, settings=patience, stop=stop, at_once=True)) as client,
    ):
        yield client


@contextmanager
def _held(client: Client) -> Iterator[Client]:
    """Close the client at the end, and lead its log lines into the run's."""
    into_runs()
    with closing(client):
        try:
            yield client
        except Exception:
            # There will be no report of a run that ends here.
            _log.warning("the run ends early, after %s", client.request_counts().in_words)
            raise


def links_for(credentials: Credentials) -> Callable[[ArchitectFlow], str]:
    """Return what makes the address at which a person opens an Architect flow of this org."""
    return partial(architect_link, credentials.apps_url)
