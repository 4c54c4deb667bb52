"""The seam to the official SDK: its API classes over our transport. The only module that imports it.

The SDK builds paths, parameters and headers. Its HTTP client, its retries, its models, its token and the gateway and
logging sections of a user's ~/.genesyscloudpython/config have no part in a request.
"""

import json
from collections.abc import Mapping
from typing import Any, cast

from genesys.http.payload import Accepted
from genesys.http.transport import Transport
from genesys.sdk.shell import without_models

with without_models():
    from PureCloudPlatformClientV2.abstract_http_client import AbstractHttpClient
    from PureCloudPlatformClientV2.api_client import ApiClient
    from PureCloudPlatformClientV2.apis.analytics_api import AnalyticsApi
    from PureCloudPlatformClientV2.apis.architect_api import ArchitectApi
    from PureCloudPlatformClientV2.apis.authorization_api import AuthorizationApi
    from PureCloudPlatformClientV2.apis.integrations_api import IntegrationsApi
    from PureCloudPlatformClientV2.apis.organization_api import OrganizationApi
    from PureCloudPlatformClientV2.apis.tokens_api import TokensApi
    from PureCloudPlatformClientV2.configuration import Configuration
    from PureCloudPlatformClientV2.http_request_options import HttpRequestOptions
    from PureCloudPlatformClientV2.logger import LogLevel


class Sdk:
    """The SDK's API classes; every method of them returns `Accepted` instead of a model."""

    def __init__(self, transport: Transport, host: str) -> None:
        _mute()
        client = _Client(host)
        client.set_http_client(_HttpClient(transport))
        self.analytics = AnalyticsApi(client)
        self.architect = ArchitectApi(client)
        self.authorization = AuthorizationApi(client)
        self.integrations = IntegrationsApi(client)
        self.organization = OrganizationApi(client)
        self.tokens = TokensApi(client)


class _Reply:
    """What the SDK wants back of its HTTP client. It shows the SDK's log no headers."""

    status = 200

    def __init__(self, accepted: Accepted) -> None:
        self.accepted = accepted

    def getheaders(self) -> dict[str, str]:
        return {}


class _HttpClient(AbstractHttpClient):  # type: ignore[misc] # the SDK ships no types
    """Hands each request of the SDK to the transport."""

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self._transport = transport

    def request(self, http_request_options: HttpRequestOptions) -> _Reply:
        options = http_request_options
        body = None if options.method == "GET" else _wire_body(options.body)
        return _Reply(self._transport.send(options.method, options.url, options.query_params, options.headers, body))


class _Client(ApiClient):  # type: ignore[misc] # the SDK ships no types
    """The SDK's client without its token, its gateway and its models."""

    def __init__(self, host: str) -> None:
        super().__init__(host=host)
        self.gateway_configuration = None  # a user's config file would redirect us (docs/measured.md#sdk-failures)

    def deserialize(self, response: _Reply, _response_type: str) -> Accepted:
        """Models drop unknown fields and lose a whole page for one odd value (docs/measured.md#sdk-models)."""
        return response.accepted

    def sanitize_for_serialization(self, obj: object) -> object:
        """Bytes go out as they are: re-serialising is never lossless (docs/measured.md#bytes)."""
        return obj if isinstance(obj, bytes) else super().sanitize_for_serialization(obj)

    def update_params_for_auth(self, headers: Mapping[str, str], querys: Mapping[str, str], auth_settings: Any) -> None:
        """Add nothing: the transport signs, and the SDK's own token may be another org's.

        Source: docs/measured.md#sdk-failures.
        """


def _wire_body(body: object) -> bytes:
    """Send `null` where there is no body, as the SDK itself does (docs/platform.md#editing-calls)."""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def _mute() -> None:
    """Keep a user's config file from making the SDK log bodies."""
    logger = cast("Any", Configuration()).logger
    logger.log_level = LogLevel.LNone
    logger.log_request_body = False
    logger.log_response_body = False
