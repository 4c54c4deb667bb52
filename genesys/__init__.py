"""The gateway: the only room that knows the SDK, HTTP, credentials, rate limits and retries.

This is its public door. Importing it loads neither the SDK nor Prefect; `genesys.block` is apart for that reason.
"""

from genesys.client import connect
from genesys.credentials import Credentials
from genesys.errors import (
    ENDS_A_RUN,
    AmbiguousWrite,
    AuthenticationFailed,
    BadPayload,
    ConfigurationProblem,
    Conflict,
    Exchange,
    GenesysError,
    Gone,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    RateLimited,
    Stopped,
    Unavailable,
    is_refusal,
    read_or,
)
from genesys.evidence import fetch_evidence, fetch_figures
from genesys.http.certificates import check_certificates
from genesys.http.proxies import check_proxies, keep_loopback_direct
from genesys.http.settings import TransportSettings
from genesys.log import LOGGER_NAME, about, fields, of_action, of_architect_flow, of_org, of_target
from genesys.read_client import ReadClient
from genesys.reading.definition import FetchedDefinition, fetch_definition
from genesys.regions import REGIONS, Region, architect_link, region_of
from genesys.waits import hearing_of_waits
from genesys.write_client import WriteClient
from timeouts.model.request_figures import RequestCounts

__all__ = [
    "ENDS_A_RUN",
    "LOGGER_NAME",
    "REGIONS",
    "AmbiguousWrite",
    "AuthenticationFailed",
    "BadPayload",
    "ConfigurationProblem",
    "Conflict",
    "Credentials",
    "Exchange",
    "FetchedDefinition",
    "GenesysError",
    "Gone",
    "InvalidRequest",
    "NotFound",
    "PermissionDenied",
    "RateLimited",
    "ReadClient",
    "Region",
    "RequestCounts",
    "Stopped",
    "TransportSettings",
    "Unavailable",
    "WriteClient",
    "about",
    "architect_link",
    "check_certificates",
    "check_proxies",
    "connect",
    "fetch_definition",
    "fetch_evidence",
    "fetch_figures",
    "fields",
    "hearing_of_waits",
    "is_refusal",
    "keep_loopback_direct",
    "of_action",
    "of_architect_flow",
    "of_org",
    "of_target",
    "read_or",
    "region_of",
]
