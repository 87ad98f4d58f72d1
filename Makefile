# make reproduce   execute every notebook, rebuild figures and derived tables, print the ledger of claims
# make test        lint, types, unit tests, and nbval on every notebook
# make site        build the static site from the executed notebooks into build/site (20 seconds, offline);
#                  SITE=https://... where it will be, for previews of shared pages and for the page of lost addresses
# make lab         open the project in JupyterLab: notebooks, and data/ beside them
# make test-lab    open and run every notebook in JupyterLab in headless Chromium (minutes)
# make test-range  nbval with the oldest (RESOLUTION=lowest-direct) or newest (highest) dependencies; needs uv
# make citation    validate CITATION.cff; needs uv
# make bench       time the record-level counts on synthetic records (four minutes)
# make test-engines  the same counts on pandas, DuckDB and Spark; needs uv and Java 17
# make seal        accept a meant change of data/ (checksums, data dictionary)
# make changes     show which cells, claims and answers changed since the last release, or SINCE=commit
#                  (the last tag, or the last commit that changed the version)
# make licences    write the licences of all locked packages into build/licences.md; needs uv and a network
# make mutants     change the code in 300 places and count how many changes the unit tests notice (minutes); needs uv
# make audit       look up known vulnerabilities of the locked packages; needs uv and a network
# make lock        resolve requirements.lock anew; needs uv; then make seal
#
# Targets that need .venv set it up from requirements.lock before anything else: with uv where it is on the PATH,
# otherwise with Python's own venv and pip. PYTHON=python3.12 chooses an interpreter.

ADMITTED := >=3.11,<3.15
CHOSEN := $(if $(PYTHON),$(PYTHON),$(ADMITTED))
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
UV := $(shell command -v uv 2>/dev/null)
# Each of the many programs that are started would compile the package anew.
unexport PYTHONDONTWRITEBYTECODE
# uv ignores the certificates of the system unless told; behind a proxy it needs them.
export UV_SYSTEM_CERTS ?= 1

.PHONY: reproduce test site lab test-lab test-range citation bench test-engines seal changes mutants licences audit lock

reproduce: $(READY)
	$(BIN)/python -m detainer_analysis reproduce

# No program of the tests reaches the network; the set-up before them does.
OFFLINE := $(CURDIR)/tests/offline$(if $(PYTHONPATH),:$(PYTHONPATH))
# Threads of linear algebra in each of several processes wait for each other.
test: export OMP_NUM_THREADS := 1
test: export OPENBLAS_NUM_THREADS := 1
test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/coverage erase
	PYTHONPATH='$(OFFLINE)' $(BIN)/coverage run -m pytest --numprocesses auto --dist loadscope --no-loadscope-reorder
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

SITE ?=
site: $(READY)
	$(BIN)/sphinx-build -q -W --keep-going -j auto -b html $(if $(SITE),-D html_baseurl=$(SITE)) docs build/site
	@echo "Open build/site/index.html; search and county look-up need: $(BIN)/python -m http.server --directory build/site"

lab: $(READY)
	$(BIN)/jupyter lab . --LabApp.default_url=/lab/tree/notebooks $(if $(filter 0,$(shell id -u)),--allow-root)

test-lab: $(READY)
	$(BIN)/python -m pytest -q -o addopts=--import-mode=importlib tests/lab.py

# cffconvert needs an older jsonschema than JupyterLab, so it has an environment of its own.
citation:
	uvx --quiet --from cffconvert==2.0.0 --with 'setuptools<80' cffconvert --validate

RESOLUTION ?= highest
test-range:
	uv venv --quiet --clear --python $(PYTHON) .venv-range
	uv pip install --quiet --python .venv-range/bin/python --resolution $(RESOLUTION) --editable . --group nbval
	.venv-range/bin/python -m pytest notebooks

seal: $(READY)
	$(BIN)/python -m detainer_analysis seal

SINCE ?=
changes: $(READY)
	@$(BIN)/python -m detainer_analysis changes $(SINCE)

# mutmut runs the tests in its own processes, so it has an environment with them; see docs/dependencies.md.
mutants: export OMP_NUM_THREADS := 1
mutants: export OPENBLAS_NUM_THREADS := 1
mutants:
	uv venv --quiet --clear --python '$(ADMITTED)' .venv-mutants
	uv pip sync --quiet --python .venv-mutants/bin/python --require-hashes requirements.lock
	uv pip install --quiet --python .venv-mutants/bin/python --no-deps --no-build-isolation --editable .
	uv pip install --quiet --python .venv-mutants/bin/python mutmut==3.8.1
	PATH=$(CURDIR)/.venv-mutants/bin:$$PATH python tests/mutants.py

# Tools that look at the environment stay out of it.
licences: $(READY)
	@mkdir -p build
	uvx --quiet --from pip-licenses==5.5.0 pip-licenses --python $(BIN)/python --format markdown --with-urls \
	  --output-file build/licences.md

ADVISORIES := https://api.osv.dev
audit:
	@curl --silent --max-time 10 --output /dev/null $(ADVISORIES) || \
	  { echo "No network: $(ADVISORIES) cannot be reached, so nothing was checked."; exit 1; }
	uvx --quiet pip-audit==2.9.0 --vulnerability-service osv --requirement requirements.lock --require-hashes --no-deps --disable-pip

bench: $(READY)
	$(BIN)/python -m benchmarks

# Spark is heavy and warns of the newest pandas, so it has an environment of its own.
test-engines:
	uv venv --quiet --clear --python '$(ADMITTED)' .venv-spark
	uv pip sync --quiet --python .venv-spark/bin/python --require-hashes requirements-spark.lock
	uv pip install --quiet --python .venv-spark/bin/python --no-deps --no-build-isolation --editable .
	DETAINER_TEST_SPARK=1 .venv-spark/bin/python -W ignore -m pytest -o filterwarnings=ignore -k spark \
	  tests/records

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock:
	$(COMPILE) --group dev --output-file requirements.lock pyproject.toml
	$(COMPILE) --group dev --group spark --constraint requirements.lock --output-file requirements-spark.lock \
	  pyproject.toml

VERSION := import sys; (3, 11) <= sys.version_info < (3, 15) or sys.exit("Python 3.11 to 3.14 is needed; try: make PYTHON=python3.12")
ifdef UV
SET_UP = uv venv --quiet --clear --python '$(CHOSEN)' .venv && \
  $(BIN)/python -c '$(VERSION)' && \
  uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock && \
  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SET_UP = $(PYTHON) -c '$(VERSION)' && \
  $(PYTHON) -m venv --clear .venv && \
  $(PIP_INSTALL) --require-hashes -r requirements.lock && \
  $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
endif
SET_UP_LOG := .cache/set-up.log

$(READY): requirements.lock pyproject.toml
	@echo "Setting up .venv from requirements.lock (once; one to two minutes with pip; log: $(SET_UP_LOG))"
	@mkdir -p $(dir $(SET_UP_LOG))
	@{ $(SET_UP); } >$(SET_UP_LOG) 2>&1 || { tail -n 20 $(SET_UP_LOG); echo "The set-up failed; all it said: $(SET_UP_LOG)"; exit 1; }
	@touch $@
