# What can be done here; the first two are all that a new machine needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench

.DEFAULT_GOAL := help
.PHONY: help demo test check fuzz bench docs notebooks clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/cli  ## a day on the example store: actions, and one explanation
	@mkdir -p build/demo
	$(BIN)/loyaltyrules run policies/menswear examples/store --on 2027-02-05 \
	  --out build/demo/actions.csv --suppressed build/demo/suppressed.csv --labels build/demo/labels.csv
	@echo
	@cut -d, -f5,8,9,11,17,18 build/demo/actions.csv | head -n 8
	@echo
	$(BIN)/loyaltyrules explain policies/menswear examples/store --on 2027-02-05 --id C006

test: $(VENV)/dev  ## the tests, with some of their days and cases: a few minutes; EFFORT=all: with all
	EFFORT=$(or $(EFFORT),some) $(BIN)/python -m pytest -n auto --dist loadgroup -rfEs

check: $(VENV)/dev  ## linters, strict types, layers, messages, generated pages, policies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/messages.py --check
	$(BIN)/python scripts/docs.py --check
	$(BIN)/loyaltyrules check policies/menswear examples/cdnow/policy --root .
	$(BIN)/loyaltyrules test policies/menswear

fuzz: $(VENV)/dev  ## mutated policies, records and files, SECONDS=60 or CASES=1000, from SEED=0 on
	$(BIN)/python -m fuzz $(if $(CASES),--cases $(CASES),--seconds $(or $(SECONDS),60)) \
	  --seed $(or $(SEED),0) --processes $(or $(PROCESSES),2)

bench: $(BENCH)/bench  ## speed, as ratios to what is written by hand, and to peers
	$(BENCH)/bin/python -m benchmarks.bench $(OPTIONS)

docs: $(VENV)/dev  ## write the generated pages and the catalogue of messages
	$(BIN)/python scripts/docs.py
	$(BIN)/python scripts/messages.py

notebooks: $(VENV)/dev  ## run the notebooks of the examples and keep what they show
	$(BIN)/python scripts/notebooks.py

clean:  ## remove what the targets made
	rm -rf build dist $(VENV) $(BENCH)

$(VENV)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; name one: make demo PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/cli: $(VENV)/pip pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[cli]'
	@touch $@

$(VENV)/dev: $(VENV)/pip pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/cli

# A venv of its own: a peer needs an older version of what the library uses.
$(BENCH)/bench: pyproject.toml constraints.txt benchmarks/constraints.txt
	$(PYTHON) -m venv $(BENCH)
	grep -v '^python-dateutil==' constraints.txt | cat - benchmarks/constraints.txt > $(BENCH)/constraints.txt
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -c $(BENCH)/constraints.txt -e '.[bench]'
	@touch $@
