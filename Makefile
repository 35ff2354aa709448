# Two commands for a newcomer (demo, test); three more for those who work here.
PYTHON ?= $(shell command -v python3.13 || command -v python3.12 || command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: demo test check docs bench clean

demo: .venv/base
	$(BIN)/kakehashi demo

