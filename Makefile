# hashwatt: `make run` measures this machine, `make test` checks everything. The work is in Scripts/.

.PHONY: run test build dist deb install chains format install-dependencies clean help

run: install-dependencies build ## Build, measure this machine with the quick suite, print the table, write the report.
	@.build/release/hashwatt run --suite quick --report $(ARGS)

test: ## Everything that continuous integration checks.
	@Scripts/check.sh

build: ## Build the program: .build/release/hashwatt
	@Scripts/build.sh release

dist: install-dependencies ## Make a tarball that runs without Swift or packages: .build/dist/*.tar.gz
	@Scripts/dist.sh

deb: install-dependencies ## Make a Debian package from the same build: .build/deb/*.deb
	@Scripts/deb.sh

PREFIX ?= /usr/local
install: ## Install what was built, with manual pages and completions: make install PREFIX=/usr/local
	@Scripts/install.sh .build/release/hashwatt $(PREFIX)

format: ## Format all Swift and C sources in place.
	@Scripts/format.sh

chains: ## Put the data of profiles/chains into the program.
	@Scripts/chains

install-dependencies: ## Install the libraries that the build needs (Debian, Ubuntu).
	@Scripts/install-dependencies.sh run

clean: ## Remove everything that was built.
	@rm -rf .build

help: ## Show this list.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 28
