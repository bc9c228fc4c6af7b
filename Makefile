# Parley: `make serve` sets everything up and serves, `make test` sets everything up and tests.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DELETE_ON_ERROR:

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/serve.stamp: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Parley needs Python 3.11 or newer; set PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	touch $@

$(VENV)/test.stamp: $(VENV)/serve.stamp requirements-dev.lock
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	touch $@

setup: $(VENV)/serve.stamp  ## Make .venv and install what serving needs

serve: setup  ## Load the bundled facts and serve http://127.0.0.1:8000
	$(BIN)/parley up

# Types are checked beside the tests, which also wait for timeouts and databases.
test: $(VENV)/test.stamp lint  ## Lint, check types, run all tests on a real Neo4j
	@$(BIN)/mypy >$(VENV)/types.log 2>&1 & types=$$!; \
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder; tests=$$?; \
	wait $$types || { cat $(VENV)/types.log; exit 1; }; exit $$tests

$(VENV)/oldest.stamp: $(VENV)/test.stamp requirements-oldest.lock
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps --upgrade --target $(VENV)/oldest --requirement requirements-oldest.lock
	touch $@

test-oldest: $(VENV)/oldest.stamp  ## Golden cases, loads, history, as-of and the oracle on Neo4j 5.26.0 and Java 17
	PYTHONPATH=$(VENV)/oldest PARLEY_NEO4J_LOCK=tests/oldest/neo4j.lock $(BIN)/python -m pytest tests/oldest tests/test_cases.py tests/graph_seed/loading/test_load.py tests/graph_seed/loading/test_load_traps.py tests/graph_seed/loading/test_history.py tests/service/graphql/test_oracle.py tests/service/graphql/test_as_of.py

lint: $(VENV)/test.stamp  ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test.stamp  ## Check types
	$(BIN)/mypy

format: $(VENV)/test.stamp  ## Mend style and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

generate: $(VENV)/test.stamp  ## Write the generated files again
	$(BIN)/python -m service.generate

lock: $(VENV)/test.stamp  ## Pin the newest versions of what pyproject.toml names
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra build --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra build --extra dev --extra telemetry --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

lock-neo4j: $(VENV)/test.stamp  ## Resolve the files of both Neo4j again and write their locks
	$(BIN)/python -m service.managed.lock_jars
	$(BIN)/python -m service.managed.lock_jars 5.26.0 --lock tests/oldest/neo4j.lock

tests/conformance/node_modules/.stamp: tests/conformance/package-lock.json
	cd tests/conformance && npm ci --silent --ignore-scripts
	touch $@

conformance: $(VENV)/test.stamp tests/conformance/node_modules/.stamp  ## Run the audits of GraphQL over HTTP, try clients; needs Node
	$(BIN)/python -m tests.conformance

graphiql/node_modules/.stamp: graphiql/package-lock.json
	cd graphiql && npm ci --silent --ignore-scripts
	touch $@

graphiql: $(VENV)/serve.stamp graphiql/node_modules/.stamp  ## Build GraphiQL again, after a change in graphiql/; needs Node
	cd graphiql && node_modules/.bin/vite build --logLevel warn
	$(BIN)/python -m service.pages.archive

benchmarks/node/node_modules/.stamp: benchmarks/node/package-lock.json
	cd benchmarks/node && npm ci --silent --ignore-scripts
	touch $@

bench: $(VENV)/serve.stamp benchmarks/node/node_modules/.stamp  ## Measure Parley, resolvers and a bare endpoint; needs Node
	$(BIN)/python -m benchmarks.run $(BENCH)
	$(BIN)/python -m benchmarks.report

bench-peer: $(VENV)/serve.stamp benchmarks/node/node_modules/.stamp  ## The same with @neo4j/graphql beside them
	$(BIN)/python -m benchmarks.run --rivals parley,bare,resolvers,peer $(BENCH)
	$(BIN)/python -m benchmarks.report

clean:  ## Remove what was built here; data and downloads stay
	rm -rf $(VENV) benchmarks/node/node_modules graphiql/node_modules graphiql/dist tests/conformance/node_modules tests/conformance/build build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help setup serve test lint types format generate lock lock-neo4j conformance graphiql bench bench-peer clean
