# make demo | test | bench | demo-down: each sets up everything it needs.
PYTHON ?= $(shell for p in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$p" && break; done)
BIN := .venv/bin
DEMO ?= demo
# Each that comes to tests of the demo's lab starts one, so more than a few do not help.
WORKERS ?= 3

.PHONY: help demo demo-down test lint bench venv lock os-packages clean
help:
	@echo "make demo       the main job end to end, on a lab of your own (first time: about 10 minutes)"
	@echo "make demo-down  stop the demo's lab; its state is kept"
	@echo "make test       all checks and tests"
	@echo "make bench      the benchmarks, each beside its rival"
	@echo "make venv       .venv with the toolkit and its tools"

os-packages:
	@tools/os-packages

venv: os-packages $(BIN)/.made
$(BIN)/.made: requirements.txt pyproject.toml tools/bootstrap.txt
	@test -n "$(PYTHON)" || { echo "no Python >= 3.11 with venv: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "making .venv with $(PYTHON)"
	@test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	@$(BIN)/python -m pip install -q --require-hashes -r tools/bootstrap.txt
	@$(BIN)/uv pip sync -q --compile-bytecode --python $(BIN)/python --require-hashes requirements.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q src/yunwang/*/  # where Python may write no bytecode, each start would compile all of it again
	@touch $@

demo: venv
	@$(BIN)/yunwang demo $(DEMO)

demo-down:
	@test ! -x $(BIN)/yunwang || test ! -d $(DEMO) || $(BIN)/yunwang lab down -w $(DEMO)

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/ansible-lint --offline -q --profile production playbooks
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict -q -d build/docs

test: lint
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

bench: venv
	@$(BIN)/python -m bench

# The lock: every extra, with hashes, without addresses.
lock: venv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		--python-version 3.11 --all-extras pyproject.toml -o requirements.txt
	printf 'uv\n' | $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		--python-version 3.11 -c requirements.txt - -o tools/bootstrap.txt

clean: demo-down
	rm -rf .venv build dist
