"""One audit as a process of its own: `python -m bench.one_audit`; the environment names the org and the server."""

import json
import sys

from bench.memory import peak_mb
from flows.audit import audit

if __name__ == "__main__":
    state = audit(return_state=True)
    if not state.is_completed():
        sys.exit(f"{state.name}: {state.message}")
    print(json.dumps({"peak_mb": peak_mb(), "message": state.message}))
