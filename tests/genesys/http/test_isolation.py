"""What must not reach a request, or this process: a user's SDK config, other hosts, untrusted certificates."""

import logging
from pathlib import Path

import pytest

from genesys import ConfigurationProblem, ReadClient, connect
from tests.genesys.conftest import ACME, CLIENT_ID, ORGANIZATION, Platform, credentials_of, python, reply

HOSTILE = """
[general]
host = http://127.0.0.1:9
[gateway]
host = 127.0.0.1
protocol = http
port = 9
path_params_api = evil
[logging]
log_level = trace
log_to_console = true
log_request_body = true
log_response_body = true
"""

ASK = """
from genesys import Credentials, connect
print(connect(Credentials.from_environment()).organization().name)
"""


def test_a_config_file_of_the_user_neither_redirects_nor_logs(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".genesyscloudpython").mkdir()
    (tmp_path / ".genesyscloudpython" / "config").write_text(HOSTILE)

    assert python(ASK, **environment, HOME=str(tmp_path), HTTP_PROXY="http://127.0.0.1:9") == "Acme\n"


def test_importing_the_gateway_loads_neither_the_sdk_nor_prefect() -> None:
    ask = "import genesys, sys; print({'PureCloudPlatformClientV2', 'prefect'} & set(sys.modules))"

    assert python(ask) == "set()\n"


def test_a_request_that_was_led_elsewhere_is_not_sent(platform: Platform, reader: ReadClient) -> None:
    reader._sdk.organization.api_client.host = "http://127.0.0.1:9"

    with pytest.raises(ConfigurationProblem, match="Not sent"):
        reader.organization()
    assert platform.received == []


def test_nothing_is_logged(platform: Platform, reader: ReadClient, caplog: pytest.LogCaptureFixture) -> None:
    platform.on(ORGANIZATION, ACME)
    with caplog.at_level(logging.DEBUG):
        reader.organization()

    assert not [record for record in caplog.records if "PureCloud" in record.name or "urllib3" in record.name]


def test_a_path_prefix_of_a_gateway_is_kept(platform: Platform) -> None:
    platform.on("POST /genesys/oauth/token", reply({"access_token": "t"}))
    platform.on("GET /genesys/api/v2/organizations/me", ACME)

    assert connect(credentials_of(f"{platform.url}/genesys/")).organization().name == "Acme"


def test_two_orgs_at_once_keep_apart(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, ACME)
    platform.on("POST /other/oauth/token", reply({"access_token": "other"}))
    platform.on("GET /other/api/v2/organizations/me", reply({"id": "org-2", "name": "Other"}))
    other = connect(credentials_of(f"{platform.url}/other"))

    assert [client.organization().name for client in (reader, other, reader)] == ["Acme", "Other", "Acme"]
    assert platform.calls(ORGANIZATION)[-1].headers["authorization"] == "Bearer token-1"


def test_a_client_knows_whose_locks_are_ours(reader: ReadClient) -> None:
    assert reader.identity == CLIENT_ID


def test_a_certificate_that_nobody_vouches_for_is_refused(tls: str, platform: Platform) -> None:
    with pytest.raises(ConfigurationProblem, match=r"certificate of 127\.0\.0\.1:\d+ is not trusted.*SSL_CERT_FILE"):
        connect(credentials_of(tls)).organization()
    assert platform.received == []


def test_a_client_of_a_stand_in_without_tls_reads_no_certificates(reader: ReadClient) -> None:
    (pool,) = reader._transport._wire._pools.values()
    assert pool.connection_pool_kw["ssl_context"] is None
