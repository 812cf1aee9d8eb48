# Needs git, make and a Python 3; fetches everything else into .tools and .venv, each only when its lock changed.
.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .tools/uv/bin/uv
PY := .venv/bin/python
UV_READY := .tools/uv/.ready-$(UV_VERSION)
ENVIRONMENTS := $(addsuffix /.ready,$(addprefix .tools/,sam ministack lambda))
EXPORT := $(UV) export --quiet --frozen --no-emit-project --no-header --format requirements-txt
STAGE ?= dev
ROLE ?= staff
AUTH ?= false

# $(call timed,title,command): one line with the time it took; the whole output only when it failed.
define timed
	@printf '  %-46s' '$(1)'; begun=$$(date +%s); mkdir -p .tools; \
	if ( $(2) ) >.tools/setup.log 2>&1; then echo "$$(( $$(date +%s) - begun )) s"; \
	else echo failed; sed 's/^/    | /' .tools/setup.log | tail -n 20; exit 1; fi
endef

.PHONY: help setup tools lock lint test web-full conformance up down reset reload demo token logs bench bench-data capabilities \
	import-products deploy schemas words vendor

help: ## What there is to run
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready $(ENVIRONMENTS) ## Everything that runs with Python, from the locks

$(UV_READY):
	$(call timed,uv $(UV_VERSION),$(PYTHON) -m venv .tools/uv && .tools/uv/bin/python -m pip install --quiet uv==$(UV_VERSION) && touch $@)

.venv/.ready: uv.lock pyproject.toml .python-version $(UV_READY)
	$(call timed,Python environment,$(UV) sync --frozen --quiet && touch $@)

.tools/%/.ready: local/tools/%.txt .python-version $(UV_READY)
	$(call timed,Tool environment: $*,{ test -x .tools/$*/bin/python || $(UV) venv --quiet .tools/$*; } && $(UV) pip sync --quiet --require-hashes --python .tools/$*/bin/python local/tools/$*.txt && touch $@)

tools: setup ## Install the programs that tests use beside Python (with apt, as root)
	@$(PY) -m local.tools.install

lock: $(UV_READY) ## Renew uv.lock and every list of requirements made from it
	$(UV) lock --quiet
	$(EXPORT) --no-default-groups -o layers/dependencies/requirements.txt >/dev/null
	$(EXPORT) --only-group export_orders -o functions/export_orders/requirements.txt >/dev/null
	$(EXPORT) --only-group back_office -o functions/back_office/requirements.txt >/dev/null
	$(EXPORT) --only-group payment_webhook -o functions/payment_webhook/requirements.txt >/dev/null
	$(EXPORT) --only-group documents -o functions/documents/requirements.txt >/dev/null
	$(EXPORT) --only-group settle_label -o functions/settle_label/requirements.txt >/dev/null
	$(EXPORT) --only-group ask_carrier -o functions/ask_carrier/requirements.txt >/dev/null
	for tool in sam ministack lambda oscar; do $(UV) pip compile --quiet --universal --generate-hashes --no-header \
	  --python-version 3.13 local/tools/$$tool.in -o local/tools/$$tool.txt; done

lint: setup ## Style, types, layering, locks and the template
	@$(UV) lock --check --quiet
	@$(EXPORT) --no-default-groups | diff - layers/dependencies/requirements.txt
	@$(EXPORT) --only-group export_orders | diff - functions/export_orders/requirements.txt
	@$(EXPORT) --only-group back_office | diff - functions/back_office/requirements.txt
	@$(EXPORT) --only-group payment_webhook | diff - functions/payment_webhook/requirements.txt
	@$(EXPORT) --only-group documents | diff - functions/documents/requirements.txt
	@$(EXPORT) --only-group settle_label | diff - functions/settle_label/requirements.txt
	@$(EXPORT) --only-group ask_carrier | diff - functions/ask_carrier/requirements.txt
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(PY) -m local.openapi --check
	@$(PY) -m local.schemas --check
	@AWS_DEFAULT_REGION=us-east-1 SAM_CLI_TELEMETRY=0 .tools/sam/bin/sam validate --lint
	@$(PY) -m local.tools.lint_template

schemas: setup ## Renew what is generated from the code: OpenAPI, event schemas, tables in the docs
	@$(PY) -m local.openapi
	@$(PY) -m local.schemas
	@$(PY) -m local.docs_tables
	@$(PY) -m local.docs_roles

words: setup ## Renew the back office's lists of texts; names what lacks Spanish
	@$(PY) -m local.words

vendor: setup ## Renew what browsers are served and the fonts of papers, from their pinned packages
	@$(PY) -m local.tools.vendor

test: setup ## All tests; `make tools` first, so that none is skipped; ARGS= to choose some
	@$(PY) -m pytest $(or $(ARGS),-n auto --maxprocesses 4)

WEB_FULL := $(CURDIR)/.local/web-full
web-full: tools ## Every screen in every size, language and role among 10,000 orders, and a job over 5,000; pictures in .local/web-full/shots
	@COMANDA_HOME=$(WEB_FULL) $(PY) -m local.reset
	@COMANDA_HOME=$(WEB_FULL) $(PY) -m local.up
	@COMANDA_E2E_HOME=$(WEB_FULL) COMANDA_SHOTS=$(WEB_FULL)/shots $(PY) -m pytest tests/web/full/matrix.py \
	  tests/web/full/big_job.py $(ARGS); status=$$?; COMANDA_HOME=$(WEB_FULL) $(PY) -m local.down; exit $$status

conformance: setup ## Whether the embedded AWS still behaves as its cures expect
	@$(PY) -m pytest tests/conformance $(ARGS)

up: setup ## Start the whole system on this machine; AUTH=true enforces execution roles
	@$(PY) -m local.up $(if $(filter true,$(AUTH)),--enforce-roles)

down: .venv/.ready ## Stop it; orders, mails and files stay
	@$(PY) -m local.down

reset: .venv/.ready ## Stop it and throw its state away
	@$(PY) -m local.reset

reload: .venv/.ready ## Make changed code, template and workflow live
	@$(PY) -m local.reload

demo: .venv/.ready ## Drive one order from cart to the merchant's SFTP server
	@$(PY) -m local.demo

token: .venv/.ready ## Print a bearer token: ROLE=admin, staff or picker
	@$(PY) -m local.sign_in $(ROLE)

logs: .venv/.ready ## What the functions wrote; NAME=place-order for one of them
	@$(PY) -m local.logs $(NAME)

import-products: .venv/.ready ## Import a product CSV: FILE=products.csv
	@$(PY) -m local.import_products "$(FILE)"

bench-data: setup ## What list pages cost among N orders (N=100000; at 1000 beside AWS's own engine)
	@$(PY) -m local.bench.list_pages $(or $(N),100000)

bench: setup .tools/oscar/.ready ## Measure the budgets side by side with their yardsticks
	@$(PY) -m local.bench

capabilities: .venv/.ready ## Which capability is proven by which test, from the last full run
	@$(PY) -m local.capabilities

deploy: setup ## Build for Lambda and deploy with SAM: STAGE=dev or prod
	@COMANDA_LAYER_ARCH=arm64 UV="$(CURDIR)/$(UV)" PYTHON="$(CURDIR)/$(PY)" .tools/sam/bin/sam build
	@.tools/sam/bin/sam deploy --config-env $(STAGE)
