"""One raise as a process of its own: `python -m bench.one_raise MODE`, with the policy as JSON on standard input."""

import json
import sys
from typing import cast

from flows.raise_timeouts import raise_timeouts
from flows.records import kept_report
from reports.report import WriteMode
from tasks.storage import default_storage
from timeouts.policy import Policy

if __name__ == "__main__":
    state = raise_timeouts(
        mode=cast("WriteMode", sys.argv[1]), policy=Policy.model_validate_json(sys.stdin.read()), return_state=True
    )
    if not state.is_completed():
        sys.exit(f"{state.name}: {state.message}")
    plan = kept_report(default_storage(), str(state.state_details.flow_run_id)).plan
    assert plan is not None, "a raise has a plan"
    print(json.dumps({"architect_flow_ids": [pin.architect_flow_id for pin in plan.publish_order()]}))
