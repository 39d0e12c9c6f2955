# make verify: certify the catalogue, grade the examples, write build/report.html.   make test: run every test.
# make docs: certify the catalogue again, keep its certificates, write docs/catalog.md and its pictures.
PYTHON ?= python3.11
BIN := .venv/bin
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

.PHONY: verify test docs lint clean

verify: .venv/ready
	$(BIN)/python -m checks.verify

test: .venv/ready
	$(BIN)/python -m pytest -n $(JOBS)

docs: .venv/ready
	$(BIN)/python -m checks.catalogue

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet -c constraints.txt torch==2.13.0
	$(BIN)/pip install --quiet -c constraints.txt -e '.[dev]'
	touch $@

clean:
	rm -rf .venv build
