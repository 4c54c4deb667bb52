"""Which org, and as whom: the credentials, from the environment or from a Prefect block (block.py)."""

import re
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from genesys.errors import ConfigurationProblem
from genesys.http.proxies import is_loopback
from genesys.regions import DEFAULT_REGION, Region, region_at, region_of

_ADDED = re.compile(r"/(api/v\d+|oauth)(/.*)?$")
"""What is put behind the address by itself. People paste it along."""


class _Environment(BaseSettings):
    """What the environment says, unchecked: GENESYS_CLIENT_ID, _CLIENT_SECRET, _REGION and _API_URL."""

    model_config = SettingsConfigDict(env_prefix="GENESYS_", hide_input_in_errors=True, extra="ignore")

    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    region: str = DEFAULT_REGION
    api_url: str = ""


class Credentials(BaseModel):
    """An OAuth client of one org (client-credentials grant, docs/platform.md#token).

    `region`: an AWS name or a domain; default us-east-1. `api_url`: a gateway or a stand-in that serves both login
    and API, instead of the region's own hosts; https, or http on loopback; a path prefix is kept.
    Raises ConfigurationProblem, which says what to correct and never shows the secret.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    client_id: str
    client_secret: SecretStr
    region: str = DEFAULT_REGION
    api_url: str | None = None

    @classmethod
    def from_environment(cls) -> Self:
        """Read GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET, GENESYS_REGION and GENESYS_API_URL.

        Raises ConfigurationProblem that lists all that is missing.
        """
        found = _Environment()
        given = {
            "GENESYS_CLIENT_ID": found.client_id.strip(),
            "GENESYS_CLIENT_SECRET": found.client_secret.get_secret_value().strip(),
        }
        missing = [name for name, value in given.items() if not value]
        if missing:
            is_begun = len(missing) < len(given) or "region" in found.model_fields_set
            region = "" if is_begun else f", and GENESYS_REGION unless it is {DEFAULT_REGION}"
            raise ConfigurationProblem(
                f"No credentials for a Genesys Cloud org: set {' and '.join(missing)}{region}. "
                "Create an OAuth client with the grant 'Client Credentials' in Genesys Cloud Admin, or point"
                " GENESYS_API_URL at a stand-in."
            )
        return cls(
            client_id=found.client_id,
            client_secret=found.client_secret,
            region=found.region,
            api_url=found.api_url,
        )

    @field_validator("client_id")
    @classmethod
    def _usable_id(cls, value: str) -> str:
        value = value.strip()
        if not value:
            raise ConfigurationProblem("The client id is empty.")
        if ":" in value or not value.isprintable():
            raise ConfigurationProblem("The client id holds a colon or a control character; it is no OAuth client id.")
        return value

    @field_validator("client_secret")
    @classmethod
    def _usable_secret(cls, value: SecretStr) -> SecretStr:
        bare = value.get_secret_value().strip()
        if not bare:
            raise ConfigurationProblem("The client secret is empty.")
        if not bare.isprintable():
            raise ConfigurationProblem("The client secret holds a control character, such as a line break.")
        return SecretStr(bare)

    @field_validator("region")
    @classmethod
    def _known_region(cls, value: str) -> str:
        return region_of(value).name if value.strip() else DEFAULT_REGION

    @field_validator("api_url")
    @classmethod
    def _usable_url(cls, value: str | None) -> str | None:
        return _checked_url(value.strip()) if value and value.strip() else None

    @property
    def api_base(self) -> str:
        """What every API path follows, without a slash at its end."""
        return self.api_url or self._region.api_url

    @property
    def login_base(self) -> str:
        """What `/oauth/token` follows."""
        return self.api_url or self._region.login_url

    @property
    def apps_url(self) -> str:
        """What links for people start with; a stand-in on loopback has none but its own address."""
        if self.api_url and self.api_url.startswith("http://"):
            return self.api_url
        return self._region.apps_url

    @property
    def _region(self) -> Region:
        return region_of(self.region)


def _checked_url(text: str) -> str:
    """Return an address that can be used. No message repeats what may be a secret: a user's part, or a query."""
    if "@" in text:  # wherever it stands: a password may hold what ends a host
        raise ConfigurationProblem("GENESYS_API_URL holds a user name or password; they belong in no URL.")
    try:
        url = urlsplit(text)
        host, _ = url.hostname, url.port
    except ValueError:
        raise ConfigurationProblem("GENESYS_API_URL is no URL.") from None
    if host and (region := region_at(host)):
        raise ConfigurationProblem(
            f"GENESYS_API_URL leads to {host}, which is the platform itself and gives out tokens elsewhere: leave it "
            f"empty, and set GENESYS_REGION={region.name}."
        )
    if url.query or url.fragment or not text.isprintable() or ".." in url.path:
        raise ConfigurationProblem("GENESYS_API_URL must be a plain address: no query, no fragment, no '..'.")
    if url.scheme not in ("http", "https") or not host:
        raise ConfigurationProblem(
            f"GENESYS_API_URL '{text}' is no http(s) URL, such as https://gateway.example/genesys."
        )
    if url.scheme == "http" and not is_loopback(host):
        raise ConfigurationProblem(
            f"GENESYS_API_URL '{text}' is http: the client secret would travel in the clear. Use https."
        )
    if added := _ADDED.search(text):
        raise ConfigurationProblem(
            f"GENESYS_API_URL '{text}' goes too far, {added[1]} is added by itself: set it to {text[: added.start()]}."
        )
    return text.rstrip("/")
