"""The demo org: a realistic Genesys Cloud org of any size, the same for the same seed.

Source: docs/platform.md#configuration.
"""

import random
from collections.abc import Iterator, Sequence

from simulator.demo.actions import DemoAction, demo_actions
from simulator.demo.definitions.configuration import Configuration
from simulator.demo.flow_data import build_flow_data_org
from simulator.demo.ids import guid, shared_id
from simulator.demo.module_calls import may_be_called, plan_module_calls
from simulator.demo.population import FlowProfile, profiles
from simulator.demo.vocabulary import DIVISIONS, PEOPLE
from simulator.org.seeds import ArchitectFlowSeed, ClientSeed, DivisionSeed, OrgSeed, PersonSeed

__all__ = ["MOST_ARCHITECT_FLOWS", "build_demo_org", "build_flow_data_org"]

MOST_ARCHITECT_FLOWS = 5_000
_CODE = ClientSeed(shared_id("oauthClient", "CX as Code"), "CX as Code")


def build_demo_org(seed: int = 1, architect_flows: int = 60) -> OrgSeed:
    """Build an org of the real platform's kind with so many Architect flows.

    Configurations are made when they are asked for, so that 5,000 Architect flows cost little. Raises ValueError for
    a number outside 1 to 5,000.
    """
    if not 1 <= architect_flows <= MOST_ARCHITECT_FLOWS:
        raise ValueError(f"The demo org has 1 to {MOST_ARCHITECT_FLOWS:,} Architect flows, not {architect_flows}.")
    rng = random.Random(f"org/{seed}")
    people = tuple(PersonSeed(guid(rng), name) for name in PEOPLE)
    divisions = tuple(DivisionSeed(guid(rng), name) for name in DIVISIONS)
    actions = demo_actions(seed)
    return OrgSeed(
        id=guid(rng),
        name="Grünwald & Söhne (demo)",
        kind="architect",
        divisions=divisions,
        people=people,
        actions=tuple(action.seed for action in actions),
        architect_flows=tuple(
            _architect_flow(configuration, people, divisions)
            for configuration in _configurations(seed, architect_flows, actions)
        ),
    )


def _configurations(seed: int, architect_flows: int, actions: Sequence[DemoAction]) -> Iterator[Configuration]:
    modules: list[Configuration] = []
    for profile in profiles(seed, architect_flows):
        configuration = Configuration(profile, actions, plan_module_calls(profile, modules))
        if may_be_called(profile):
            modules.append(configuration)
        yield configuration


def _publisher(profile: FlowProfile, people: Sequence[PersonSeed]) -> PersonSeed | ClientSeed | None:
    if not profile.published_versions:
        return None
    return _CODE if profile.as_code else people[profile.publisher]


def _architect_flow(
    configuration: Configuration, people: Sequence[PersonSeed], divisions: Sequence[DivisionSeed]
) -> ArchitectFlowSeed:
    profile = configuration.profile
    standing = profile.standing
    colleague = people[profile.colleague]
    return ArchitectFlowSeed(
        id=profile.id,
        name=profile.name,
        type=profile.type,
        division_id=divisions[profile.division].id,
        configuration=configuration,
        modules=configuration.modules,
        description=f"{profile.name} (Demo)",
        system=profile.system,
        published_versions=profile.published_versions,
        published_by=_publisher(profile, people),
        draft="saved"
        if standing in {"never_published", "saved"}
        else "checked_in"
        if standing == "checked_in"
        else "none",
        drafted_by=colleague if standing in {"never_published", "saved", "checked_in"} else None,
        locked_by=colleague if standing in {"saved", "locked"} else None,
    )
