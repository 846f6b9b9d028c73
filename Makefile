# The door for people. `make help` lists what is behind it.

PYTHON ?= python3
PORT   ?= 8000

# Python and Node both come from .venv, whatever the machine has.
IN_VENV := PATH="$(CURDIR)/.venv/bin:$$PATH"
SPHINX  := $(IN_VENV) python -m sphinx -W --keep-going -j auto
BUNDLE  := _static/bundle
# Sphinx says a warning once, when it reads the page: what a failed build has read is forgotten, so that the next fails too.
FORGET   = { rm -rf $(1); exit 1; }
# Tests and benchmarks look at pages in a Chromium, which this finds or fetches.
WITH_CHROMIUM = chromium="$$($(IN_VENV) python tools/chromium.py)" && echo "Chromium: $$chromium" && $(IN_VENV) CHROMIUM="$$chromium"

.DEFAULT_GOAL := help
.PHONY: help html doctest accept serve test mutants bench clean environment ready

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

html: ready ## build the site into _build/html (sets up everything it needs the first time)
	@$(SPHINX) -b html -d _build/doctrees . _build/html || $(call FORGET,_build/doctrees)
	@echo "The site is built: open _build/html/index.html"

doctest: ready ## run every chapter and every >>> example again, in plain Python
	@$(SPHINX) -b doctest -d _build/doctrees-doctest . _build/doctest || $(call FORGET,_build/doctrees-doctest)

accept: ready ## rewrite the expected outputs from what the code printed (then read the diff)
	@$(SPHINX) -b accept -d _build/doctrees-doctest . _build/doctest

serve: ready ## serve the site on 127.0.0.1:8000 (or PORT=...) and rebuild it on save
	@$(IN_VENV) python -m sphinx_autobuild --host 127.0.0.1 --port $(PORT) \
		--pre-build "$(MAKE) --no-print-directory ready" --ignore $(BUNDLE) --ignore _build --re-ignore __pycache__ \
		-j auto -d _build/serve/doctrees . _build/serve/html

# Three at a time also where there are two cores: most tests wait for a browser now and then. A file is tested by one
# process, which sets up once what its tests share; conftest.py says which files begin.
test: html ## build the site and run all tests (finds or fetches a Chromium)
	@$(WITH_CHROMIUM) python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=10

mutants: html ## change every constant and operator of every cell, and list what no reader can see (an hour)
	@$(IN_VENV) MUTANTS=all python -m pytest -n 2 tests/test_code_mutants.py
	@echo "The survivors are in _build/code-mutants."

bench: html ## measure the build against its floor and against stock myst-nb, and how fast the explorables answer
	@$(WITH_CHROMIUM) python tests/bench.py

clean: ## remove what builds made; .venv and node_modules stay
	rm -rf _build $(BUNDLE)

ready: $(BUNDLE)/katex.css

$(BUNDLE)/katex.css: package.json package-lock.json explorables $(wildcard explorables/*.ts $(addprefix explorables/*/*.,ts json css)) | environment
	@rm -rf $(BUNDLE)
	@$(IN_VENV) npm run --silent assets

environment:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, but there is no $(PYTHON) here: name one, as in \`make html PYTHON=python3.11\`." >&2; exit 1; }
	@$(PYTHON) tools/environment.py
