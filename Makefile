# One short entrance for each chore. Every target sets up what it needs in .venv.

.DEFAULT_GOAL := help
.PHONY: help setup demo serve check test fuzz screenshots stored bench containers sbom audit release lint format ui clean

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO_HOME := $(CURDIR)/.demo
SERVE_HOME := $(CURDIR)/.serve
AT_PORT = $(if $(PORT),--port $(PORT))

# The demo keeps its org, its Prefect database and its results in .demo, so that nothing of yours is touched.
DEMO_ENV := env -u PREFECT_API_URL -u PREFECT_PROFILE \
	GENESYS_TIMEOUTS_HOME=$(DEMO_HOME) PREFECT_HOME=$(DEMO_HOME)/prefect PREFECT_SERVER_ANALYTICS_ENABLED=false

CACHES := .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# Files stay together where they share servers (tests/conftest.py); the slow ones come first.
SIDE_BY_SIDE := --dist loadscope --no-loadscope-reorder
ON_SERVERS := cli deployments flows genesys/http genesys/sdk genesys/test_reads.py genesys/test_writes.py publishing warm

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Install everything into .venv (uv when it is there, else venv and pip)

$(READY): requirements.lock pyproject.toml deployments/setup.sh
	@sh deployments/setup.sh $(VENV)
	@touch $@

demo: $(READY) ## Run the main job on the embedded demo org: raise, publish, verify, roll back, prove
	@rm -rf $(DEMO_HOME)/prefect/storage # what was read of an org that begins anew
	@$(DEMO_ENV) $(BIN)/genesys-timeouts demo
	@echo; echo "The runs' tables and summaries stay in the Prefect UI: make ui, then http://127.0.0.1:4200/artifacts"

ui: $(READY) ## Serve the Prefect UI with the demo's runs and artifacts on http://127.0.0.1:4200, or PORT=4300
	@$(DEMO_ENV) $(BIN)/genesys-timeouts ui $(AT_PORT)

serve: $(READY) ## Serve a Prefect server, a worker, all deployments and the demo org on http://127.0.0.1:4200, or PORT=4300
	@$(BIN)/genesys-timeouts serve --home $(SERVE_HOME) $(AT_PORT) $(if $(ORG_PORT),--org-port $(ORG_PORT))

check: lint ## Check all that needs no server, in a minute: lint, and the tests without one, on fewer examples
	@$(BIN)/python -m pytest -n auto $(SIDE_BY_SIDE) --hypothesis-profile=quick $(ON_SERVERS:%=--ignore=tests/%)

test: $(READY) ## Run all tests, and hold the coverage of the core and the gateway at 95 % at least
	@sh deployments/test-packages.sh
	@$(BIN)/python -m pytest -n 6 $(SIDE_BY_SIDE) --cov --cov-fail-under=95

fuzz: $(READY) ## Give policies, definitions, answers and stored files all that is odd; SECONDS=600
	@$(BIN)/python -m tests.fuzz $(or $(SECONDS),600)

screenshots: $(READY) ## Take the pictures of Prefect's UI anew (docs/images/ui); tests/deployments/browser/test_in_the_browser.py
	@sh deployments/test-packages.sh
	@GENESYS_TIMEOUTS_SCREENSHOTS=docs/images/ui $(BIN)/python -m pytest tests/deployments/browser/test_in_the_browser.py
	@GENESYS_TIMEOUTS_SCREENSHOTS=docs/images/ui $(BIN)/python -m pytest tests/deployments/outages/test_outages.py -k behind_the_proxy

stored: $(READY) ## Measure what an audit of 5,000 Architect flows stores (docs/sizes.md)
	@$(BIN)/python -m bench.stored $(STORED)

bench: $(READY) ## Measure runs against floors and the usual ways (docs/benchmarks.md); 18 minutes
	@$(BIN)/python -m compileall -q bench cli deployments files flows genesys publishing reports simulator tasks timeouts
	@$(BIN)/python -m bench $(BENCH)

containers: $(READY) ## Build and run deployments/compose.yaml, disturb, upgrade and restore it. Error 3: no engine
	@$(BIN)/python -m tests.containers $(if $(KEEP),--keep)

sbom: $(READY) ## Write the bills of materials, in CycloneDX: dist/sbom.json, and dist/sbom-image.json for the image
	@$(BIN)/python -m deployments.supply.sbom dist

audit: $(READY) ## Ask OSV, or its mirror at OSV_URL, for known vulnerabilities of the lock. Error 1: some; 3: not checked
	@$(BIN)/python -m deployments.supply.audit

release: $(READY) ## Build wheel, source archive, bills and checksums of a tagged commit into dist/ (CONTRIBUTING.md)
	@$(BIN)/python -m deployments.supply.release

lint: $(READY) ## Check style, types and the arrows between the rooms
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(READY) ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .

clean: ## Remove all that these commands have made here: .venv, what demo and serve left, dist, caches
	@rm -rf $(VENV) $(DEMO_HOME) $(SERVE_HOME) dist build *.egg-info .coverage .coverage.* $(CACHES)
	@find . -type d -name __pycache__ -prune -exec rm -rf {} +
