"""The report of an effect: what became of the calls of the actions that a run touched, as one JSON document."""

import typing

from reports.report import NextStep, Run
from timeouts.effect.effect import RunEffect
from timeouts.model.org import Organization
from timeouts.model.request_figures import RequestCounts
from timeouts.model.values import Value

SCHEMA_VERSION: typing.Literal[1] = 1


class EffectReport(Value):
    """A whole effect run. `effect`: of the run that was named. `next`: what can be typed next."""

    schema_version: typing.Literal[1] = SCHEMA_VERSION
    run: Run
    org: Organization
    effect: RunEffect
    next: tuple[NextStep, ...] = ()
    requests: RequestCounts
