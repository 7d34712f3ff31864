# Two commands do it all: `make demo` and `make test`. Both set everything up first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest --numprocesses=auto --dist=loadfile
# Tests start many processes of ours; without bytecode each would compile the program anew.
export PYTHONDONTWRITEBYTECODE :=
READY := $(VENV)/.ready

.PHONY: demo test test-stores torture bench check audit format lock clean

demo: $(READY)
	$(BIN)/evidence demo $(ARGS)

test: $(READY)
	$(PYTEST) -m "not torture" $(ARGS)

# The same tests of all that is kept and served, on PostgreSQL, an object store and a cluster of two
# workers, which the tests start themselves.
test-stores: $(READY)
	EVIDENCE_TESTS_STORE=postgres+s3 EVIDENCE_TESTS_EXECUTOR=dask $(PYTEST) -m "not torture" tests/registry tests/api \
		tests/bulk tests/bundle tests/cluster tests/reliability $(wildcard tests/test_*.py) $(ARGS)

# What takes long: kills, power cuts, failing disks, thousands of hostile bytes.
torture: $(READY)
	$(PYTEST) -m torture $(ARGS)

bench: $(READY)
	$(BIN)/python -m bench $(ARGS)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(PYTEST) -m "not torture" $(ARGS)

# Known vulnerabilities of what is locked. Where no advisory database answers, nobody knows.
audit: $(READY)
	@rm -f .audit.json
	@$(BIN)/pip-audit --disable-pip --require-hashes --requirement requirements.lock \
		--progress-spinner off --format json --output .audit.json 2>/dev/null && echo "No known vulnerability." || { \
		test -s .audit.json && echo "Found: see .audit.json." \
		|| echo "NOT CHECKED: no advisory database answered, so nobody knows. Try again with a network."; exit 1; }

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Every dependency with its hashes; no index address is recorded.
lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra cluster --extra traces --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --quiet --constraint requirements.lock \
		--output-file deploy/requirements.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
