# Two commands: `make run` serves the page, `make test` tests everything. Both set themselves up.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8501
STAFF_PORT ?= 8502
CONTENT ?= content
BUILT ?= index/built
WHEELS ?= wheels
FOR ?= everything

VENV := .venv
PY := $(VENV)/bin/python
# What has no hash in requirements*.txt, or another one, is not installed.
PIP := $(PY) -m pip --disable-pip-version-check install --quiet --require-hashes
# Building a package from its source would fetch what it is built with, whose hashes nobody knows.
BUILT_ONLY := $(PIP) --only-binary :all:

# The product sets this itself (core/offline.py); here it also holds for whatever else make starts.
export ORT_DISABLE_TELEMETRY = 1

# The tests wait half of their time, so there are more workers than the two cores they are meant for,
# and one thread of algebra in each: more would wait for each other.
WORKERS ?= 4
# Each worker and each page that a test serves would compile everything anew without bytecode.
PYTEST = PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(PY) -m pytest -n $(WORKERS) --dist loadscope --durations=25

.PHONY: run staff ingest preview publish new test test-slow test-all lint typecheck fix evaluate bench peers screenshots pictures
.PHONY: browser engines containers lock wheels clean help
.DEFAULT_GOAL := help

help:
	@echo "make run    install, build the index from $(CONTENT)/, serve the page"
	@echo "            (PORT=8501 HOST=127.0.0.1 CONTENT=content BUILT=index/built)"
	@echo "            WATCH=1: and whenever something in $(CONTENT)/ changes"
	@echo "make staff  serve the page for staff, behind a secret link (STAFF_PORT=8502)"
	@echo "make ingest only build the index"
	@echo "make preview, make publish  show what would change, then publish just that"
	@echo "make new CONTENT=my-clinic  make a content folder for a clinic of your own"
	@echo "make test   install, and test in minutes (ARGS=tests/index/search/test_pipeline.py: only these)"
	@echo "make test-slow  what takes longer: every crash point, long fuzzing, large indexes"
	@echo "make test-all   both"
	@echo "make containers build the images of deploy/ and run them (root, 10 minutes, 6 GB)"
	@echo "make lint   ruff, codespell and mypy (make typecheck: mypy alone)"
	@echo "make fix    let ruff correct and format the code"
	@echo "make evaluate     measure the search on the question bank"
	@echo "make bench        measure speed, memory and many visitors (long; ARGS=--quick: only try)"
	@echo "make peers        install other searches to compare with: python -m benchmarks peers"
	@echo "make screenshots  take the pictures of the page in docs/screenshots/"
	@echo "make pictures     draw the pictures of docs/architecture.md from the code"
	@echo "make lock   write requirements*.txt, with hashes, and pyproject.toml from requirements*.in"
	@echo "make wheels  fill $(WHEELS)/, from which the project installs without a network (FOR=serving)"
	@echo "make clean  remove what was installed and built"

run: $(VENV)/installed
	@[ -e "$(BUILT)/current" ] || $(PY) -m ingest --content "$(CONTENT)" contacts
	@$(if $(WATCH),,$(PY) -m ingest --content "$(CONTENT)" --built "$(BUILT)" \
		|| echo "Something was not taken (above); the page serves what is published." >&2)
	@if [ -z "$(WATCH)" ]; then exec $(SERVE); fi; \
		$(PY) -m ingest --watch --content "$(CONTENT)" --built "$(BUILT)" & \
		trap "kill $$! 2>/dev/null" EXIT INT TERM; $(SERVE)

SERVE = $(PY) -m ui --host "$(HOST)" --port "$(PORT)" --content "$(CONTENT)" --built "$(BUILT)"

staff: $(VENV)/installed
	@exec $(PY) -m ui --staff --host "$(HOST)" --port "$(STAFF_PORT)" --content "$(CONTENT)" --built "$(BUILT)"

ingest: $(VENV)/installed
	@$(PY) -m ingest --content "$(CONTENT)" --built "$(BUILT)"

preview: $(VENV)/installed
	@$(PY) -m ingest --content "$(CONTENT)" --built "$(BUILT)" --preview

publish: $(VENV)/installed
	@$(PY) -m ingest --content "$(CONTENT)" --built "$(BUILT)" --publish

new: $(VENV)/installed
	@$(PY) -m ingest new "$(CONTENT)" $(ARGS)

test: $(VENV)/installed-dev browser
	$(PYTEST) -m "not slow" $(ARGS)

# Tests that draw their examples (hypothesis) are in `make test` too, with fewer of them.
test-slow: $(VENV)/installed-dev browser engines
	$(PYTEST) -m "slow or hypothesis" --hypothesis-profile thorough $(ARGS)

test-all: $(VENV)/installed-dev browser engines
	$(PYTEST) --hypothesis-profile thorough $(ARGS)

# Podman's bridges and rules of the firewall stay in a network of their own (apart.sh).
containers: $(VENV)/installed-dev browser
	@$(call have,podman,podman netavark aardvark-dns crun iptables iproute2)
	@$(call have,debootstrap,debootstrap)
	$(PY) -m tests.support.containers.images
	CONTAINERS=yes sh tests/support/containers/apart.sh $(PY) -m pytest -s tests/deploy/test_containers.py $(ARGS)

lint: $(VENV)/installed-dev typecheck
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/codespell *.md docs/*.md deploy/*.md

typecheck: $(VENV)/installed-dev
	$(VENV)/bin/mypy

fix: $(VENV)/installed-dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

evaluate: ingest
	$(PY) -m evaluation --built "$(BUILT)" --content "$(CONTENT)" --ablate

bench: $(VENV)/installed-dev browser ingest
	$(PY) -m benchmarks all --built "$(BUILT)" --content "$(CONTENT)" $(ARGS)

# Other searches beside this one (2.4 GB), in an environment of their own, with this PyTorch's build.
peers: $(VENV)/installed
	@$(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes \
		-r requirements-$$($(PY) -c 'import torch; print("cpu" if "+cpu" in torch.__version__ else "cuda")').txt \
		-r benchmarks/requirements-peers.txt

screenshots: $(VENV)/installed-dev browser ingest
	$(PY) -m tests.support.pages.screenshots

# The programs that the tests drive, Debian's, where this user may install them: the browser, nginx
# in front of the page, rsync, which brings an index to a server, strace, which watches what
# libraries do, and Tesseract, which reads scans. Tests of one that is missing are skipped, loudly; where CI is set, they fail.
browser:
	@$(call have,chromium,chromium fonts-dejavu-core)
	@$(call have,nginx,nginx-light openssl)
	@$(call have,rsync,rsync)
	@$(call have,strace,strace)
	@$(call have,tesseract,tesseract-ocr)

# Two more browser engines, in which slow tests go the main ways of a patient. Missing, they are skipped.
engines:
	@$(call have,WebKitWebDriver,webkit2gtk-driver xvfb)
	@$(call have,Xvfb,xvfb)
	@$(call have,firefox-esr,firefox-esr)

have = PATH="$$PATH:/usr/sbin"; command -v $(1) >/dev/null 2>&1 || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 \
		&& apt-get update -qq && apt-get install -y -qq $(2) >/dev/null; } \
		|| echo "NO $(1): its tests will be SKIPPED. Install it: apt-get install $(2)" >&2

pictures: $(VENV)/installed-dev
	$(PY) -m tests.support.architecture_pictures

lock: $(VENV)/installed-dev
	$(PY) .ci/lock.py

wheels: $(VENV)/installed-dev
	@$(PY) .ci/wheels.py "$(WHEELS)" --for "$(FOR)"

# PyTorch without libraries for graphics cards where pip can find it, else PyPI's, with them on Linux.
$(VENV)/installed: requirements.txt requirements-serve.txt requirements-cpu.txt requirements-cuda.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, found " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12 run")'
	@echo "Installing into $(VENV) (once; a few minutes) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BUILT_ONLY) -r requirements-cpu.txt -r requirements.txt 2>/dev/null \
		|| $(BUILT_ONLY) -r requirements-cuda.txt -r requirements.txt
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt requirements-milvus.txt
	@$(PIP) -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) .venv-peers .cache index/built wheels
