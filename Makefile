# Every target is a sentence; `make help` reads them from the comments.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What was compiled is kept, whatever the shell says: without it each of the processes that tests start compiles anew.
export PYTHONDONTWRITEBYTECODE :=
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locales/*/LC_MESSAGES/messages.po))
INSTALL = $(BIN)/python -m pip install -q --disable-pip-version-check --retries 2 -c constraints.txt
OR_SAY_WHY = >$(VENV)/install.log 2>&1 || { echo "The libraries could not be installed: is there a way to PyPI from here? What pip said is in $(VENV)/install.log"; exit 1; }
# Chromium and its driver drive the page's tests; see CONTRIBUTING.md.

.PHONY: run test check races series conformance bench fmt locales setup help clean

run: $(VENV)/.run $(CATALOGUES) ## start the service; with nothing configured, the sandbox
	@$(BIN)/python main.py

test: $(VENV)/.test $(CATALOGUES) ## run every test
	@$(BIN)/python -m pytest -n 4

check: $(VENV)/.check $(CATALOGUES) ## static checks, cheapest first
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/codespell bot handlers storage tests benchmarks docs *.md main.py
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@! grep -nE 'https?://' constraints.txt

races: $(VENV)/.test $(CATALOGUES) ## a long series of answers at once on requests on routes, on both databases
	@SERIES=100 $(BIN)/pytest -q -n 0 tests/races -k route

series: $(VENV)/.test $(CATALOGUES) ## a long series of what is tried by chance: ten times the examples, steps and races of the tests
	@SERIES=10 $(BIN)/python -m pytest -q -n 2 --timeout 1800 tests/properties tests/approvals tests/machines tests/races tests/unit/understanding tests/unit/domain tests/channels tests/sandbox/test_telegram_markup.py

conformance: $(VENV)/.test $(CATALOGUES) ## have schemathesis try the whole API by its document, as each kind of caller
	@test -x $(VENV)/conformance/bin/schemathesis || { $(PYTHON) -m venv $(VENV)/conformance && $(VENV)/conformance/bin/python -m pip install -q --disable-pip-version-check schemathesis==4.32.5; }
	@$(BIN)/python -m tests.conformance $(VENV)/conformance/bin/schemathesis

look: $(VENV)/.test $(CATALOGUES) ## every page in every guise in a real browser; pictures in data/look
	@LOOK=all $(BIN)/python -m pytest -q -n 0 --timeout 1800 tests/e2e/test_look.py

bench: $(VENV)/.test $(CATALOGUES) ## measure; each line of JSON has a peer or a floor from the same run
	@$(BIN)/python -m benchmarks

fmt: $(VENV)/.check ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

locales: $(VENV)/.run ## extract messages and merge them into the catalogues
	@$(BIN)/pybabel -q extract -F locales/babel.cfg -k t:1 -k tn:1,2 -k tc:1c,2 --no-location --no-wrap --omit-header -o locales/messages.pot .
	@$(BIN)/pybabel -q update -i locales/messages.pot -d locales --no-wrap --no-fuzzy-matching --ignore-obsolete
	@sed -i -E '/^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Report-Msgid-Bugs-To|Project-Id-Version|Language-Team):/d' $(wildcard locales/*/LC_MESSAGES/messages.po)

setup: $(VENV)/.check $(CATALOGUES) ## prepare everything a contributor needs

help: ## say what can be done
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

clean: ## remove what was built
	@rm -rf $(VENV) $(CATALOGUES) .pytest_cache .ruff_cache .mypy_cache

%.mo: %.po $(VENV)/.run
	@$(BIN)/pybabel -q compile -i $< -o $@

$(VENV)/.venv:
	@command -v $(PYTHON) >/dev/null || { echo "Smena needs Python 3.11 or newer, and there is no $(PYTHON) here. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Smena needs Python 3.11 or newer, and $(PYTHON) is `$(PYTHON) -V`. Where there is a newer one, name it: make run PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make a virtual environment here. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Installing (once, about a minute)…"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# Only what the program needs: it runs from where it is, so that nothing has to be built.
$(VENV)/.run: $(VENV)/.venv pyproject.toml constraints.txt
	@test ! -e $(VENV)/install.log || echo "Installing…"
	@$(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" >$(VENV)/needs.txt
	@$(INSTALL) -r $(VENV)/needs.txt $(OR_SAY_WHY)
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@echo "Installing what tests need (once)…"
	@$(INSTALL) --upgrade 'pip>=25.1' $(OR_SAY_WHY)
	@$(INSTALL) --group test $(OR_SAY_WHY)
	@touch $@

$(VENV)/.check: $(VENV)/.test
	@$(INSTALL) --group check $(OR_SAY_WHY)
	@touch $@
