"""The regions of Genesys Cloud and their hosts (docs/platform.md#hosts)."""

from dataclasses import dataclass
from urllib.parse import quote

from genesys.errors import ConfigurationProblem
from timeouts.model.org import ArchitectFlow
from timeouts.text.bounds import quoted
from timeouts.text.nearest import nearest

DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Region:
    """One region: its AWS name, such as `eu-west-1`, and its domain, such as `mypurecloud.ie`."""

    name: str
    domain: str

    @property
    def api_url(self) -> str:
        """Where the Platform API is."""
        return f"https://api.{self.domain}"

    @property
    def login_url(self) -> str:
        """Where tokens are given out."""
        return f"https://login.{self.domain}"

    @property
    def apps_url(self) -> str:
        """Where people work: Architect and Admin."""
        return f"https://apps.{self.domain}"


_DOMAINS = {
    "us-east-1": "mypurecloud.com",
    "us-east-2": "use2.us-gov-pure.cloud",
    "us-west-2": "usw2.pure.cloud",
    "ca-central-1": "cac1.pure.cloud",
    "mx-central-1": "mxc1.pure.cloud",
    "sa-east-1": "sae1.pure.cloud",
    "eu-west-1": "mypurecloud.ie",
    "eu-west-2": "euw2.pure.cloud",
    "eu-central-1": "mypurecloud.de",
    "eu-central-2": "euc2.pure.cloud",
    "eusc-de-east-1": "edee1.eusc-pure.cloud",
    "me-central-1": "mec1.pure.cloud",
    "ap-northeast-1": "mypurecloud.jp",
    "ap-northeast-2": "apne2.pure.cloud",
    "ap-northeast-3": "apne3.pure.cloud",
    "ap-south-1": "aps1.pure.cloud",
    "ap-southeast-1": "apse1.pure.cloud",
    "ap-southeast-2": "mypurecloud.com.au",
}

_SERVICES = ("api.", "login.", "apps.")

REGIONS = tuple(Region(name, domain) for name, domain in _DOMAINS.items())


def region_of(text: str) -> Region:
    """Find a region by what people type: `eu-west-1`, `mypurecloud.ie`, `https://api.mypurecloud.ie/`.

    Raises ConfigurationProblem, naming what comes near, for one that does not exist.
    """
    host = _without_service(text.strip().lower().removeprefix("https://").removeprefix("http://").split("/")[0])
    for region in REGIONS:
        if host in (region.domain, region.name) or host.replace("_", "-") == region.name:
            return region
    known = [name for region in REGIONS for name in (region.name, region.domain)]
    near = nearest(host, known)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Known regions: {', '.join(sorted(_DOMAINS))}."
    raise ConfigurationProblem(f"There is no Genesys Cloud region {quoted(text.strip())}. {hint}")


def region_at(host: str) -> Region | None:
    """Return the region that a host of the platform belongs to; None for any other host."""
    return next((region for region in REGIONS if _without_service(host) == region.domain), None)


def _without_service(host: str) -> str:
    return next((host.removeprefix(each) for each in _SERVICES if host.startswith(each)), host)


def architect_link(base: str, architect_flow: ArchitectFlow) -> str:
    """Return where a person opens this Architect flow; `base` is `Credentials.apps_url`.

    The form of the address is that of real links which people have shared; Genesys does not document it [inferred].
    """
    kind = quote(architect_flow.type.lower(), safe="")
    return f"{base.rstrip('/')}/architect/#/{kind}/flows/{quote(architect_flow.id, safe='')}/latest"
