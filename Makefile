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
NODE := scripts/node.sh
PIP := bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r
PORT ?= 5000
HOST ?= 127.0.0.1
DATA ?= photos

BUNDLE := web/static/build/manifest.json
WEB_SOURCES := $(wildcard web/static/js/*.js web/static/css/*.css web/static/*.svg web/build.mjs)

.PHONY: help serve setup setup-all test lint format lock golden train clean

help:
	@grep -hE '^# make|^#   ' $(MAKEFILE_LIST)
#   make setup                 what 'serve' needs, without starting it
#   make train DATA=FOLDER     a model of your own photos, exported for the page
#   make lint / make format    check / mend the style
#   make golden                write tests/golden.json anew, after a training
#   make lock                  resolve the pinned versions anew
#   make clean                 remove what was installed and built

serve: setup
	@exec $(SERVE)/bin/python server.py --host $(HOST) --port $(PORT)

setup: $(SERVE)/.done weights/.done $(BUNDLE)

setup-all: web/node_modules/.checks setup $(ALL)/.done

.PHONY: python
python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 is needed, with venv; none was found on the path." >&2; exit 1; }

$(SERVE)/.done: locks/serve.txt | python
	@echo "Installing what serving needs …"
	@test -x $(SERVE)/bin/pip || $(PYTHON) -m venv $(SERVE)
	@$(SERVE)/$(PIP) locks/serve.txt
	@touch $@

$(ALL)/.done: locks/all.txt | python
	@echo "Installing everything, TensorFlow included (some minutes) …"
	@test -x $(ALL)/bin/pip || $(PYTHON) -m venv $(ALL)
	@$(ALL)/$(PIP) locks/all.txt
	@touch $@

weights/.done: weights/sources.json scripts/fetch_weights.py $(SERVE)/.done
	@$(SERVE)/bin/python scripts/fetch_weights.py
	@touch $@

# Two stamps: the page needs fewer packages than the checks; the full set serves for both.
web/node_modules/.page: web/package-lock.json
	@echo "Installing the browser code's packages …"
	@cd web && ../$(NODE) npm ci --omit=dev --loglevel=error
	@touch $@

web/node_modules/.checks: web/package-lock.json
	@echo "Installing the browser code's packages and checks …"
	@cd web && ../$(NODE) npm ci --loglevel=error
	@touch $@ web/node_modules/.page

$(BUNDLE): $(WEB_SOURCES) weights/sources.json web/node_modules/.page
	@cd web && ../$(NODE) npm run --silent build
	@touch $@

test: setup-all
	@scripts/browser.sh
	@$(MAKE) --no-print-directory lint
	@cd web && ../$(NODE) npm run --silent test
	@$(ALL)/bin/python -m pytest

lint: setup-all
	@$(ALL)/bin/ruff check .
	@$(ALL)/bin/ruff format --check --quiet . || { echo "Run 'make format'." >&2; exit 1; }
	@$(ALL)/bin/mypy
	@cd web && ../$(NODE) npm run --silent lint && ../$(NODE) npm run --silent types

format: setup-all
	@$(ALL)/bin/ruff check --fix --quiet . ; $(ALL)/bin/ruff format .

train: setup-all
	@$(NODE) $(ALL)/bin/python -m trainer all --data $(DATA)

golden: setup-all
	@$(ALL)/bin/python -m tests.golden

lock:
	@set -e; for name in all:dev serve:serve node:node; do \
		uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q \
			requirements-$${name#*:}.txt -c locks/all.txt -o locks/$${name%:*}.txt; done

clean:
	rm -rf .venv weights/*.tflite weights/*.onnx weights/.done web/node_modules web/static/build
