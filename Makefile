# app · test · bench · check: each sets up what it needs on a fresh machine, then runs.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: app test bench check setup browser
.DEFAULT_GOAL := app

app: setup
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

test: setup browser
	$(BIN)/python -m pytest

bench: setup
	$(BIN)/python -m bench

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

setup: $(READY)

$(READY): requirements.lock
	@[ -n "$(PYTHON)" ] && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "rendiqian needs Python 3.11 or newer. Install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' \
	  || { echo "rendiqian needs Python's venv and pip (on Debian: apt-get install python3-venv)"; exit 1; }
	rm -rf $(VENV)
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --prefer-binary -r requirements.lock
	touch $(READY)

# The browser journeys need Chromium and a Chinese font. Debian's root can install them; others are told.
browser:
	@missing=(); \
	command -v chromium >/dev/null || missing+=(chromium); \
	[ -n "$$(fc-list ':lang=zh' 2>/dev/null | head -n 1)" ] || missing+=(fonts-noto-cjk fontconfig); \
	if [ $${#missing[@]} -gt 0 ]; then \
	  if [ "$$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$${missing[@]}" >/dev/null; \
	  else \
	    echo "The browser tests need $${missing[*]}: install them (on Debian: sudo apt-get install $${missing[*]})"; exit 1; \
	  fi; \
	fi
