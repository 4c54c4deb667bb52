"""The claims of docs/security.md by topic, in the order of the page."""

from tests.security.claims.in_and_out import BOUNDS, NETWORK, SHOWN
from tests.security.claims.machines import SECRETS, SERVED, SUPPLY
from tests.security.claims.org_and_runs import ORG, RUNS, TRUTH
from tests.security.claims.stored import APPROVALS, FILES, STORED

TOPICS = {
    "The org": ORG,
    "The truth": TRUTH,
    "Runs": RUNS,
    "Secrets": SECRETS,
    "make serve, the simulator, containers": SERVED,
    "What is installed, and released": SUPPLY,
    "What is stored": STORED,
    "Approvals": APPROVALS,
    "Architect flows in files": FILES,
    "What comes in": BOUNDS,
    "The network, and `doctor`": NETWORK,
    "What people read": SHOWN,
}
