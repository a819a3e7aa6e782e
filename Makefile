# Everything from a fresh clone; `make help` lists the targets.
SHELL := /bin/bash
CARGO ?= cargo
PREFIX ?= $(or $(CARGO_HOME),$(HOME)/.cargo)
OUT ?= runs/demo
SCC := target/release/scc

.PHONY: help setup build demo test test-light lint install clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## check the tools, fetch libtorch once (cached outside the clone)
	@scripts/check-tools
	@scripts/setup-libtorch

build: setup ## the release binary, target/release/scc
	$(CARGO) build --release --locked --bin scc

demo: build ## make demonstrations, train on them, play the built-in AI, print the table (again: resumes)
	@if [ -e $(OUT)/config.toml ]; then set -x; $(SCC) train --stage imitation --resume $(OUT); \
	else set -x; $(SCC) train --stage imitation --out $(OUT) $(ARGS); fi

test: setup ## all tests
	$(CARGO) test --locked

test-light: ## the tests of everything that does not learn: no libtorch, no download of it
	@scripts/check-tools --light
	$(CARGO) test --locked --no-default-features

lint: setup ## format and clippy, as CI runs them
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings

install: build ## copy scc to $(PREFIX)/bin
	@mkdir -p "$(PREFIX)/bin"
	@cp $(SCC) "$(PREFIX)/bin/.scc.new" && mv -f "$(PREFIX)/bin/.scc.new" "$(PREFIX)/bin/scc"
	@echo "installed $(PREFIX)/bin/scc"
	@case ":$$PATH:" in *":$(PREFIX)/bin:"*) ;; *) echo "note: $(PREFIX)/bin is not on your PATH; add it, or: make install PREFIX=DIR";; esac

clean: ## remove build output and the .libtorch link; runs/ and the cache outside the clone stay
	rm -rf target .libtorch
