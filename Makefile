# make app, make test and make check each set up what they need. uv is used when present, else venv and pip.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
PORT ?= 8501
TORCH_VENV ?= .venv-torch
ROUNDS ?= 5

# `make frontend` needs Node 20 and npm; everything else does without: what it builds is committed.
.PHONY: app test check frontend bench-training bench-live lock clean

app: $(VENV)/.app
	@echo "FER Studio: http://localhost:$(PORT)"
	@$(BIN)/streamlit run app.py --server.address localhost --server.port $(PORT) --server.headless true

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

frontend: $(VENV)/.dev frontend/node_modules/.package-lock.json
	$(BIN)/python frontend/constants.py
	cd frontend && npm run --silent check && npm test --silent && npm run --silent build

bench-training: $(VENV)/.dev $(TORCH_VENV)/.done
	$(BIN)/python -m benchmarks.bench_training --torch $(TORCH_VENV)/bin/python --rounds $(ROUNDS)

bench-live: $(VENV)/.dev
	$(BIN)/python -m benchmarks.bench_live_cost --plain

lock:
	uv pip compile --quiet --universal --python-version 3.11 requirements.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) $(TORCH_VENV)

$(VENV)/.python:
ifdef UV
	UV_VENV_CLEAR=1 uv venv --quiet --no-python-downloads --python $(PYTHON) $(VENV)
else
	$(PYTHON) -m venv $(VENV)
endif
	@touch $@

ifdef UV
INSTALL = uv pip install --quiet --compile-bytecode --python $(BIN)/python
else
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

$(VENV)/.app: $(VENV)/.python requirements.txt pyproject.toml
	$(INSTALL) -r requirements.txt
	$(INSTALL) --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.app requirements-dev.txt
	$(INSTALL) -r requirements.txt -r requirements-dev.txt
	@touch $@

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	cd frontend && npm ci --silent --ignore-scripts
	@touch $@

# With pip even where there is uv: pip takes a build of PyTorch for the CPU where the machine offers one.
$(TORCH_VENV)/.done: benchmarks/requirements-torch.txt requirements.txt
	$(PYTHON) -m venv --clear $(TORCH_VENV)
	$(TORCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements-torch.txt
	@touch $@
