# make serve   the page on http://localhost:5000
# make test    everything that CI runs
# make help    the rest

SHELL := /bin/sh
ifndef PYTHON
PYTHON := $(shell for p in python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null && { echo $$p; break; }; done)
endif
export PYTHON

SERVE := .venv/serve
ALL := .venv/all
BUILD := .venv/build
DIST ?= dist
PARALLEL ?= -n 2 --dist worksteal
NODE := scripts/node.sh
PIP := bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r
DATA ?= photos

BUNDLE := web/static/build/manifest.json
WEB_SOURCES := $(wildcard $(addprefix web/,static/js/*.js static/js/*/*.js static/css/*.css static/*.* templates/*.html *.mjs))

# npm is called twice in one folder where the page and the checks are set up.
.NOTPARALLEL:
.PHONY: help serve setup setup-all weights test test-fast wheel lint format lock golden train clean

help:
	@grep -hE '^# make|^#   ' $(MAKEFILE_LIST) | cut -c3-
#   make setup                 what 'serve' needs, without starting it
#   make setup-all             everything, TensorFlow included
#   make train DATA=FOLDER     a model of your own photos, exported for the page
#   make test-fast             the checks that take less than a minute
#   make lint / make format    check / fix the style
#   make wheel                 build dist/*.whl, to install without this repository
#   make golden                regenerate tests/golden.json and vectors.json, after a deliberate change
#   make lock                  resolve the pinned versions again
#   make clean                 remove what was installed and built

serve: setup
	@exec $(SERVE)/bin/python server.py $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT)) $(OPTIONS)

setup: $(SERVE)/.done weights $(BUNDLE)

setup-all: web/node_modules/.checks setup $(ALL)/.done

# Makes a virtual environment, or a new one where the Python below it has gone.
define venv
@$(1)/bin/python -c '' 2>/dev/null || { test -n "$(PYTHON)" && $(PYTHON) -m venv --clear $(1); } || \
	{ echo "Python 3.11 or 3.12 is needed, with venv; none was found on the path." >&2; exit 1; }
endef

$(SERVE)/.done: locks/serve.txt
	@echo "Installing what serving needs …"
	$(call venv,$(SERVE))
	@$(SERVE)/$(PIP) locks/serve.txt
	@touch $@

$(ALL)/.done: locks/all.txt
	@echo "Installing everything, TensorFlow included (some minutes) …"
	$(call venv,$(ALL))
	@$(ALL)/$(PIP) locks/all.txt
	@scripts/opencv.sh $(ALL)/bin/python
	@touch $@

$(BUILD)/.done: locks/build.txt
	$(call venv,$(BUILD))
	@$(BUILD)/$(PIP) locks/build.txt
	@touch $@

# Always runs: comparing the hashes takes a moment. Fetches the sample photos as well.
weights: $(SERVE)/.done
	@$(SERVE)/bin/python scripts/fetch_weights.py
	@$(SERVE)/bin/python scripts/sample_photos.py

# Two stamps: the page needs fewer packages than the checks; the full set serves for both.
web/node_modules/.page: web/package-lock.json
	@echo "Installing the browser code's packages …"
	@cd web && ../$(NODE) npm ci --omit=dev --loglevel=error
	@touch $@

web/node_modules/.checks: web/package-lock.json
	@echo "Installing the browser code's packages and checks …"
	@cd web && ../$(NODE) npm ci --loglevel=error
	@touch $@ web/node_modules/.page

$(BUNDLE): $(WEB_SOURCES) inference/labels.json weights/sources.json web/node_modules/.page | weights
	@cd web && ../$(NODE) npm run --silent build >/dev/null
	@touch $@

test: setup-all
	@scripts/browser.sh
	@$(MAKE) --no-print-directory lint
	@cd web && ../$(NODE) npm run --silent test
	@$(NODE) $(ALL)/bin/python -m pytest $(PARALLEL)

test-fast: lint
	@cd web && ../$(NODE) npm run --silent test
	@$(NODE) $(ALL)/bin/python -m pytest $(PARALLEL) -m "not slow and not browser and not network"

lint: setup-all
	@$(ALL)/bin/ruff check .
	@$(ALL)/bin/ruff format --check --quiet . || { echo "Run 'make format'." >&2; exit 1; }
	@$(ALL)/bin/mypy
	@cd web && ../$(NODE) npm run --silent lint && ../$(NODE) npm run --silent types

format: setup-all
	@$(ALL)/bin/ruff check --fix --quiet . ; $(ALL)/bin/ruff format .

# Needs no `make serve` before: builds the page and fetches the weights as that does.
wheel: setup $(BUILD)/.done
	@rm -rf $(DIST)/*.whl && $(BUILD)/bin/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w $(DIST) .
	@ls $(DIST)/*.whl

train:
	@test -d "$(DATA)" || { echo "Expected a folder of photos, there is none at $(DATA). Name yours: make train DATA=FOLDER" >&2; exit 1; }
	@$(MAKE) --no-print-directory setup-all
	@$(NODE) $(ALL)/bin/python -m trainer all --data "$(DATA)" $(OPTIONS)

golden: setup-all
	@$(ALL)/bin/python -m tests.golden && $(NODE) node tests/web/vectors.js

lock:
	@set -e; also=; for name in all:dev serve:serve node:node build:build; do \
		uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q \
			--upgrade requirements-$${name#*:}.txt $$also -o locks/$${name%:*}.txt; also="-c locks/all.txt"; done

clean:
	rm -rf .venv dist weights/centerface.* weights/sample_* web/node_modules web/static/build
