"""The Prefect block that holds an org's credentials: the only module of the gateway that knows Prefect."""

from prefect.blocks.core import Block
from pydantic import ConfigDict, Field, SecretStr

from genesys.credentials import Credentials
from genesys.regions import DEFAULT_REGION


class GenesysCloudCredentials(Block):
    """An OAuth client of one Genesys Cloud org (grant type: client credentials)."""

    # Prefect tells of a block that does not fit with the whole error, in the log of the run.
    model_config = ConfigDict(hide_input_in_errors=True)

    _block_type_name = "Genesys Cloud Credentials"
    _block_type_slug = "genesys-cloud-credentials"

    client_id: str = Field(description="Id of the OAuth client")
    client_secret: SecretStr = Field(description="Secret of the OAuth client")
    region: str = Field(
        default=DEFAULT_REGION, description="AWS name such as eu-west-1, or domain such as mypurecloud.ie"
    )
    api_url: str | None = Field(default=None, description="A gateway or stand-in for both login and API; usually empty")

    def to_credentials(self) -> Credentials:
        """Check what the block holds; raises ConfigurationProblem, which says what to correct."""
        return Credentials(
            client_id=self.client_id,
            client_secret=self.client_secret,
            region=self.region,
            api_url=self.api_url,
        )
