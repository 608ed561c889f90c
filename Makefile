.DEFAULT_GOAL := help

.PHONY: help install test lint types contracts docs bench demo check

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

install: ## install for development, editable, with the test extra
	python -m pip install -e '.[test]'

test: ## run the tests, on as many cores as there are
	pytest -n auto

lint: ## lint and formatting
	ruff check . && ruff format --check .

types: ## mypy --strict over library and command line
	mypy

contracts: ## who may import whom
	lint-imports

docs: ## generate the generated documents, and check all of them
	python docs/generate.py && pytest -q tests/docs

bench: ## attack it, time it against its limits, and write docs/attacks.md and docs/performance.md
	python benchmarks/attacks.py --page docs/attacks.md
	mkdir -p .benchmarks && pytest benchmarks --benchmark-only --benchmark-json=.benchmarks/last.json
	python benchmarks/report.py .benchmarks/last.json --page docs/performance.md --date "$$(date -u +%F)"

demo: ## the whole story on sample data
	disclosure-ledger demo

check: lint types contracts test ## everything that CI runs but a fresh environment
