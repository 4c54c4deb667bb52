"""Which org to serve: the generators by kind, seed and size."""

from typing import Literal, get_args

from simulator.demo.org import build_demo_org, build_flow_data_org
from simulator.org.seeds import OrgSeed

OrgKind = Literal["architect", "flowData"]


def build_seed(kind: OrgKind, seed: int, architect_flows: int) -> OrgSeed:
    """Generate an org; the size is that of the kind `architect`. Raises ValueError for a kind that does not exist."""
    if kind not in get_args(OrgKind):
        raise ValueError(f"There is no kind of org {kind!r}; there are {', '.join(get_args(OrgKind))}.")
    return build_demo_org(seed, architect_flows) if kind == "architect" else build_flow_data_org(seed)
