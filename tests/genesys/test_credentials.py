"""Which org, and as whom: what people set, what they get wrong, and that no secret shows."""

import pickle

import pytest
from pydantic import SecretStr

from genesys import REGIONS, ConfigurationProblem, Credentials, architect_link, region_of
from genesys.block import GenesysCloudCredentials
from genesys.sdk.shell import without_models
from tests.genesys.conftest import SECRET
from timeouts.model.org import ArchitectFlow


def made(**more: object) -> Credentials:
    return Credentials.model_validate({"client_id": "c-1", "client_secret": SECRET} | more)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CLIENT_ID", "CLIENT_SECRET", "REGION", "API_URL"):
        monkeypatch.delenv(f"GENESYS_{name}", raising=False)


def test_the_regions_are_those_of_the_sdk() -> None:
    with without_models():  # with them, the import takes seconds in every process of the tests
        from PureCloudPlatformClientV2.purecloud_region_hosts import PureCloudRegionHosts  # noqa: PLC0415

    theirs = {region.name.replace("_", "-"): region.get_api_host() for region in PureCloudRegionHosts}
    assert {region.name: region.api_url for region in REGIONS} == theirs


@pytest.mark.parametrize(
    "text",
    [
        "eu-west-1",
        "EU_WEST_1",
        " mypurecloud.ie ",
        "https://api.mypurecloud.ie",
        "login.mypurecloud.ie",
        "https://apps.mypurecloud.ie/",
    ],
)
def test_a_region_is_known_by_what_people_type(text: str) -> None:
    assert region_of(text).login_url == "https://login.mypurecloud.ie"


def test_a_region_that_does_not_exist_is_refused_with_what_comes_near() -> None:
    with pytest.raises(ConfigurationProblem, match=r"eu-west-9.*Did you mean eu-west"):
        region_of("eu-west-9")


def test_a_region_nothing_like_any_is_refused_with_all_there_are() -> None:
    with pytest.raises(ConfigurationProblem, match="Known regions: ap-northeast-1"):
        region_of("!")


def test_the_environment_gives_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENESYS_CLIENT_ID", " c-1 ")
    monkeypatch.setenv("GENESYS_CLIENT_SECRET", f"{SECRET}\n")
    monkeypatch.setenv("GENESYS_REGION", "mypurecloud.de")

    found = Credentials.from_environment()
    assert (found.client_id, found.client_secret.get_secret_value()) == ("c-1", SECRET)
    assert (found.region, found.api_base, found.login_base) == (
        "eu-central-1",
        "https://api.mypurecloud.de",
        "https://login.mypurecloud.de",
    )


def test_all_that_is_missing_is_listed() -> None:
    with pytest.raises(
        ConfigurationProblem,
        match="set GENESYS_CLIENT_ID and GENESYS_CLIENT_SECRET, and GENESYS_REGION unless it is us-east-1",
    ):
        Credentials.from_environment()


def test_a_blank_secret_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENESYS_CLIENT_ID", "c-1")
    monkeypatch.setenv("GENESYS_CLIENT_SECRET", "  ")

    with pytest.raises(ConfigurationProblem, match="set GENESYS_CLIENT_SECRET"):
        Credentials.from_environment()


def test_the_region_is_us_east_1_unless_set() -> None:
    assert made().api_base == "https://api.mypurecloud.com"
    assert made(region="  ").region == "us-east-1"


def test_credentials_of_a_block_are_not_redirected_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENESYS_API_URL", "https://elsewhere.example")
    assert made().api_url is None


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("http://127.0.0.1:4400/", "http://127.0.0.1:4400"),
        ("http://localhost:4400", "http://localhost:4400"),
        ("http://[::1]:4400", "http://[::1]:4400"),
        ("https://gateway.example/genesys/", "https://gateway.example/genesys"),
    ],
)
def test_a_stand_in_serves_both_login_and_api(given: str, base: str) -> None:
    assert made(api_url=given).api_base == made(api_url=given).login_base == base


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("http://gateway.example", "Use https"),
        ("gateway.example", "no http"),
        ("ftp://gateway.example", "no http"),
        ("https://", "no http"),
        ("https://gateway.example:port", "no URL"),
        ("https://[::1", "no URL"),
        ("https://gateway.example/?a=b", "plain address"),
        ("https://gateway.example/a/../b", "plain address"),
        ("https://gateway.example/\n", None),
        ("https://user:canary@gateway.example", "belong in no URL"),
        ("user:canary@gateway.example", "belong in no URL"),
        ("https://user:1/canary@gateway.example", "belong in no URL"),
        ("https://gateway.example/?key=canary", "plain address"),
        ("gateway.example/?key=canary", "plain address"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused(given: str, said: str | None) -> None:
    if said is None:
        assert made(api_url=given).api_base == "https://gateway.example"
        return
    with pytest.raises(ConfigurationProblem, match=said) as caught:
        made(api_url=given)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("bad", ["", " ", "a:b", "a\nb"])
def test_a_client_id_that_cannot_be_one_is_refused(bad: str) -> None:
    with pytest.raises(ConfigurationProblem, match="client id"):
        made(client_id=bad)


@pytest.mark.parametrize("bad", ["", "  ", "canary\nline"])
def test_a_secret_that_cannot_be_one_is_refused_without_showing_it(bad: str) -> None:
    with pytest.raises(ConfigurationProblem, match="client secret") as caught:
        made(client_secret=bad)
    assert "canary" not in str(caught.value)


def test_no_secret_shows() -> None:
    credentials = made()
    shown = f"{credentials!r} {credentials} {credentials.model_dump()} {credentials.model_dump_json()}"
    assert "canary" not in shown


def test_a_validation_error_does_not_show_its_input() -> None:
    with pytest.raises(ValueError, match="client_secret") as caught:
        made(client_secret=[SECRET])
    assert "canary" not in str(caught.value)


def test_a_block_gives_the_same_credentials() -> None:
    block = GenesysCloudCredentials(client_id="c-1", client_secret=SecretStr(SECRET), region="eu-west-1")

    assert block.to_credentials() == made(region="eu-west-1")
    assert "canary" not in repr(block)


def test_a_block_that_lacks_something_says_so_without_its_secret() -> None:
    with pytest.raises(ValueError, match="client_id") as told:
        GenesysCloudCredentials(client_secret=SecretStr(SECRET), region=SECRET)  # type: ignore[call-arg]

    assert SECRET not in str(told.value)


def test_a_block_with_an_unknown_region_says_so() -> None:
    block = GenesysCloudCredentials(client_id="c-1", client_secret=SecretStr(SECRET), region="atlantis")

    with pytest.raises(ConfigurationProblem, match="atlantis"):
        block.to_credentials()


def test_a_link_leads_to_the_architect_flow_in_its_region() -> None:
    flow = ArchitectFlow(id="f-1", name="Main", type="inboundcall")

    link = architect_link(made(region="eu-west-1").apps_url, flow)
    assert link == "https://apps.mypurecloud.ie/architect/#/inboundcall/flows/f-1/latest"


def test_a_link_to_a_stand_in_leads_nowhere_else() -> None:
    assert made(api_url="http://127.0.0.1:4400").apps_url == "http://127.0.0.1:4400"


def test_a_link_of_an_org_behind_a_gateway_leads_to_its_region() -> None:
    assert made(api_url="https://gateway.example").apps_url == "https://apps.mypurecloud.com"


def test_credentials_can_be_handed_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(made())) == made()  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("https://gateway.example/api/v2", "https://gateway.example"),
        ("https://gateway.example/api/v2/", "https://gateway.example"),
        ("https://gateway.example/genesys/api/v2", "https://gateway.example/genesys"),
        ("https://gateway.example/api/v2/flows", "https://gateway.example"),
        ("https://gateway.example/oauth/token", "https://gateway.example"),
        ("http://127.0.0.1:4400/api/v2", "http://127.0.0.1:4400"),
    ],
)
def test_a_url_with_what_is_added_by_itself_is_refused_with_the_right_form(given: str, right: str) -> None:
    with pytest.raises(ConfigurationProblem, match="added by itself") as told:
        made(api_url=given)

    assert str(told.value).endswith(f"set it to {right}.")
    assert made(api_url=right).api_base == right


@pytest.mark.parametrize("given", ["https://gateway.example/api", "https://gateway.example/genesys/v2/oauth2"])
def test_another_path_of_a_gateway_is_kept(given: str) -> None:
    assert made(api_url=given).api_base == given


@pytest.mark.parametrize(
    ("given", "region"),
    [
        ("https://api.mypurecloud.ie", "eu-west-1"),
        ("https://API.mypurecloud.ie/api/v2", "eu-west-1"),
        ("https://login.mypurecloud.de/", "eu-central-1"),
        ("https://apps.usw2.pure.cloud/directory/#/admin", "us-west-2"),
        ("https://mypurecloud.com", "us-east-1"),
        ("http://api.mypurecloud.com", "us-east-1"),
    ],
)
def test_a_host_of_the_platform_is_no_gateway_and_leads_to_its_region(given: str, region: str) -> None:
    with pytest.raises(ConfigurationProblem, match=rf"leave it empty, and set GENESYS_REGION={region}\."):
        made(api_url=given)
