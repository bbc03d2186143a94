# `make run` serves the hub, `make test` checks everything; the rest is for those who work on it.
# Needs: make and python3 >= 3.11 with venv. On Windows see README.md: the wheel needs no make.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
CATALOGS := $(shell find libhub plugins -name '*.po')
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
COMPILE := uv pip compile pyproject.toml --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock" --group build

.PHONY: run test check lint catalogs unit screenshots bench bench-search bench-pages lock vendor wheel clean
.DELETE_ON_ERROR:

run: $(VENV)/run.stamp
	@exec $(BIN)/libhub serve --host "$(HOST)" --port "$(PORT)" --workers "$(WORKERS)"

test: lint catalogs unit
	@echo "All checks passed."

# The fast lane, for a look after every change: rules of the code, documents, what is quick of the core.
QUICK := tests/docs tests/core/quizzes tests/core/test_smoke.py tests/core/test_public_means.py \
	tests/core/test_who_knows_the_request.py tests/core/test_core_names_no_section.py \
	tests/core/test_interface_promises.py tests/core/test_validation.py tests/core/test_config.py \
	tests/core/test_covers.py tests/core/test_school_class.py tests/core/search/test_syntax.py \
	tests/core/search/test_whoosh_names.py tests/core/search/test_ranking.py tests/core/test_pages.py

check: lint catalogs
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(QUICK)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

catalogs: $(VENV)/dev.stamp
	$(BIN)/python hatch_build.py

unit: $(VENV)/dev.stamp
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

screenshots: $(VENV)/dev.stamp
	$(BIN)/python docs/screenshots.py

# Measures on this machine; docs/performance.md says what each figure means. BENCH_ARGS go to the servers' bench.
# The texts come from Debian's packages of Russian documentation, once, into build/corpus.
CORPUS := build/corpus
SIZES ?= 5000 50000 200000

bench: bench-search bench-pages
	$(BIN)/python bench/startup.py
	$(BIN)/python bench/saved_found.py
	$(BIN)/python bench/judged.py
	$(PIP_INSTALL) ".[bench]"
	$(BIN)/python bench/servers.py $(BENCH_ARGS)

bench-search: $(CORPUS)/paragraphs.jsonl
	$(BIN)/python bench/search_speed.py --plot docs/search_speed.svg $(CORPUS) $(SIZES)
	$(BIN)/python bench/judged.py
	$(BIN)/python bench/judged.py $(CORPUS) 33000
	$(BIN)/python bench/suggestions.py $(CORPUS)
	$(BIN)/python bench/corrections.py
	$(BIN)/python bench/forms.py 1500

bench-pages: $(CORPUS)/paragraphs.jsonl
	$(BIN)/python bench/pages.py --corpus $(CORPUS)

$(CORPUS)/paragraphs.jsonl: | $(VENV)/dev.stamp
	$(BIN)/python bench/corpus.py $(CORPUS)

# New versions of everything, checked by hash from then on. Run `make test` afterwards.
lock: $(VENV)/dev.stamp
	$(PIP_INSTALL) "uv>=0.9"
	$(BIN)/$(COMPILE) --upgrade --output-file requirements.lock
	$(BIN)/$(COMPILE) --upgrade --extra dev --constraint requirements.lock --output-file requirements-dev.lock

# Fetch the files named in the manifests: the browser libraries of the hub, and what the gates need (needs npm).
vendor: $(VENV)/dev.stamp
	$(BIN)/python -m tools.vendoring libhub/static/vendor tests/gates/vendor

wheel: $(VENV)/dev.stamp
	$(BIN)/python -m build --no-isolation --wheel

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

# The stamps say what the environment was made from: a later start that finds them fresh installs nothing.
$(VENV)/venv.stamp:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" \
		|| { echo "LibHub needs Python 3.11 or newer; $(PYTHON) is older or absent. Another one: make run PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" \
		|| { echo "Python's venv is absent. On Debian: apt install python3-venv"; exit 1; }
	@echo "Preparing $(VENV) (once; about half a minute) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/lock.stamp: requirements.lock | $(VENV)/venv.stamp
	@$(PIP_INSTALL) --require-hashes --requirement requirements.lock
	@touch $@

$(VENV)/run.stamp: $(VENV)/lock.stamp pyproject.toml hatch_build.py $(CATALOGS)
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.lock
	@echo "Installing what the checks need ..."
	@$(PIP_INSTALL) --require-hashes --requirement requirements-dev.lock
	@touch $@
