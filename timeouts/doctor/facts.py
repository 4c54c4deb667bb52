"""What was read of a platform and of Prefect for a diagnosis: plain facts, without a judgement."""

import typing
from collections.abc import Mapping

from timeouts.model.org import Organization
from timeouts.model.org_limits import OrgLimits
from timeouts.model.request_figures import RequestCounts
from timeouts.model.values import Value

Said = typing.Literal[
    "answered",
    "refused",
    "absent",
    "untrusted",
    "barred",
    "unusable",
    "unreachable",
    "failed",
    "not asked",
    "no allowance",
]


class Ask(Value):
    """What became of one question. `why`: the reason where it was not answered, in words for people; `status`: HTTP's.

    `refused`: 401 or 403. `absent`: the platform says 404, or that there is no such call. `untrusted`: the certificate.
    `barred`: by something on the way. `unusable`: a page, a redirect or a refusal that is not the platform's.
    `unreachable`: no connection, or nothing came. `no allowance`: not asked, the requests or the time that a diagnosis
    takes were used up.
    """

    said: Said = "not asked"
    why: str = ""
    status: int = 0

    @property
    def is_answered(self) -> bool:
        """Whether an answer came."""
        return self.said == "answered"


NOT_ASKED = Ask()


class Proxy(Value):
    """The proxy that leads to the platform: the variable that names it, and its address without a password."""

    variable: str
    address: str


class Endpoint(Value):
    """Where the platform is. `is_stand_in`: GENESYS_API_URL decides, and not the region."""

    region: str
    login: str
    api: str
    is_stand_in: bool = False
    is_default_region: bool = False
    proxy: Proxy | None = None

    @property
    def is_encrypted(self) -> bool:
        """Whether requests travel by TLS."""
        return self.api.startswith("https:")


class Client(Value):
    """The OAuth client as its token shows it; `grant` is the platform's word, '' where it says none."""

    id: str = ""
    name: str = ""
    grant: str = ""


class Division(Value):
    """A division; the id `*` stands for all of them."""

    id: str
    name: str = ""


class Grant(Value):
    """A role that the client has in a division. `permissions` is None where the platform does not show them.

    Such as `architect:flow:view`; `*` stands for any word.
    """

    division: Division
    permissions: tuple[str, ...] | None = None


class Permitted(Value):
    """In which divisions the client has one permission."""

    ask: Ask = NOT_ASKED
    everywhere: bool = False
    divisions: tuple[Division, ...] = ()


class Sample(Value):
    """The first page of a listing. `total` and `pages` as the platform names them, None where it does not."""

    ask: Ask = NOT_ASKED
    total: int | None = None
    pages: int | None = None
    count: int = 0


class FlowSample(Sample):
    """The first Architect flows. The other figures count those that are published, by what the listing says of them."""

    published: int = 0
    with_publisher: int = 0
    published_by_us: int = 0
    locked_by_us: int = 0


class ActionSample(Sample):
    """The first actions: how many are function data actions, and of how many of those `config` shows a limit."""

    functions: int = 0
    functions_with_limit: int = 0


class Namespace(Value):
    """A namespace of limits: the keys that it shows, and their values."""

    ask: Ask = NOT_ASKED
    values: Mapping[str, int] = {}


class RateLimit(Value):
    """What the answers say of the rate limit, in requests of the token."""

    count: int
    allowed: int


class Configuration(Value):
    """What one published configuration shows. `encoding`: as it was sent, '' for plain bytes."""

    name: str
    encoding: str = ""
    size: int = 0
    manifest: tuple[str, ...] = ()
    has_version_metadata: bool = False
    modules: int = 0
    modules_shown: int = 0
    modules_inside: int = 0
    computed: str = ""
    longest_literal_ms: int = 0
    out_of_service: int = 0


class Versions(Value):
    """The versions of one Architect flow that the platform still has: how many, and the labels at both ends."""

    ask: Ask = NOT_ASKED
    name: str = ""
    total: int | None = None
    oldest: str = ""
    newest: str = ""


class PlatformFacts(Value):
    """Everything that was read of an org.

    `login`, `api`: whether a token came, and whether it is good for something. `clock_ahead_ms`: how far the machine's
    clock is ahead of the platform's. `permitted`: by permission. `probes`: what became of a request that takes a
    permission, by that permission. `definition`: what became of the configurations, of the last one where none came.
    `namespaces`: limits by namespace, `defaults` those of every org.
    """

    endpoint: Endpoint
    login: Ask = NOT_ASKED
    api: Ask = NOT_ASKED
    organization: Organization | None = None
    clock_ahead_ms: int | None = None
    rate_limit: RateLimit | None = None
    token: Ask = NOT_ASKED
    client: Client = Client()
    roles: Ask = NOT_ASKED
    grants: tuple[Grant, ...] = ()
    divisions_ask: Ask = NOT_ASKED
    divisions: tuple[Division, ...] = ()
    permitted: Mapping[str, Permitted] = {}
    probes: Mapping[str, Ask] = {}
    architect_flows: FlowSample = FlowSample()
    actions: ActionSample = ActionSample()
    org_limits: OrgLimits = OrgLimits()
    namespaces: Mapping[str, Namespace] = {}
    definition: Ask = NOT_ASKED
    configurations: tuple[Configuration, ...] = ()
    versions: Versions = Versions()
    requests: RequestCounts = RequestCounts(requests={})


class Storage(Value):
    """Where runs keep results. None: that could not be told without writing."""

    where: str
    is_readable: bool | None
    is_writable: bool | None
    problem: str = ""


class Deployment(Value):
    """A deployment that is registered."""

    name: str
    version: str = ""


class PrefectFacts(Value):
    """What was read of Prefect. `address` is '' where each command starts a server for itself.

    `client`: the version of Prefect that is installed here; `version` of this tool. `home`: where a temporary server
    keeps its database. `no_keys`: why nothing can be sealed, '' where it can. `workers`: how many are online, None
    where there is no work pool.
    """

    version: str
    client: str
    home: Storage
    address: str = ""
    server: Ask = NOT_ASKED
    server_version: str = ""
    storage: Storage | None = None
    no_keys: str = ""
    blocks_ask: Ask = NOT_ASKED
    blocks: tuple[str, ...] = ()
    pool: Ask = NOT_ASKED
    is_paused: bool = False
    workers: int | None = None
    deployments_ask: Ask = NOT_ASKED
    deployments: tuple[Deployment, ...] = ()
