"""What a run works on. Each kind of source brings the client that reads it, and the one that writes to it."""

import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass

from flows.run.connections import credentials_for, links_for, read_client, write_client
from genesys import Credentials, ReadClient, WriteClient
from genesys.block import GenesysCloudCredentials
from timeouts.inventory import Inventory


@dataclass(frozen=True, slots=True)
class OrgSource:
    """An org behind the API, by its credentials."""

    credentials: Credentials

    def reader(self) -> AbstractContextManager[ReadClient]:
        """Hold a client that cannot write, for as long as a run reads."""
        return read_client(self.credentials)

    def writer(self, stop: threading.Event) -> AbstractContextManager[WriteClient]:
        """Hold a client that can publish; it waits for nothing once `stop` is set."""
        return write_client(self.credentials, stop)

    def addresses_of(self, inventory: Inventory) -> dict[str, str]:
        """Return the address at which a person opens each Architect flow, by its id."""
        link = links_for(self.credentials)
        return {each.id: link(each) for each in inventory.architect_flows}

    @property
    def client_id(self) -> str:
        """The OAuth client that runs publish with, for what they publish is none of the others' doing."""
        return self.credentials.client_id


Source = OrgSource


def source_of(org: GenesysCloudCredentials | None) -> Source:
    """Return what the parameters of a run name: an org, by its credentials or else by the worker's environment."""
    return OrgSource(credentials_for(org))
