/** A Makefile with most of what Makefiles have. */
export const MAKEFILE = String.raw`# The demo
# of everything

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

NAME ?= demo
# Where things go
OUT := out
FLAGS = -v $(EXTRA)
VERSION := $(shell echo 1.2.3)
SOURCES := one.txt two.txt
COPIES := $(SOURCES:%.txt=$(OUT)/%.copy)
export MODE = fast
SYSTEM := $(shell uname -s)

ifeq ($(SYSTEM),Darwin)
OPEN = open
else
OPEN = xdg-open
endif

define both
echo first of $(1)
echo second of $(1)
endef

.PHONY: all greet list steps loop clean release open check canned help debug

all: greet list ## Do it all

greet: ## Say hello
	@echo "hello $(NAME) $(VERSION) '$(OUT)'"

# List things
list: greet
	echo $(FLAGS) $(sort b a b) $(words $(SOURCES))
	-false
	@for i in 1 2; do \
		echo $$i; \
	done

steps:
	$(MAKE) greet
	echo $(notdir a/b/c.txt) $(addprefix lib/,x y)

release: NAME = final
release:
	echo release $(NAME)

open:
	echo $(OPEN) $(OUT)

canned:
	$(call both,it)

debug:
ifdef DEBUG
	echo debugging
else
	echo plain
endif

$(OUT):
	mkdir -p $@

$(OUT)/%.copy: %.txt | $(OUT)
	cp $< $@

copies: $(COPIES)
	cat $^

clean:
	rm -rf $(OUT)
`;

/** A justfile with most of what justfiles have. */
export const JUSTFILE = String.raw`# The demo

set dotenv-load := false
set shell := ["bash", "-uc"]

name := "demo"
version := ${"`echo 1.2.3`"}
out := "out" / name
level := env("LEVEL", "info")
flags := if level == "debug" { "-v" } else { "-q" }
export MODE := "fast"

alias g := greet

# Say hello
[group('talk')]
greet who=name *rest:
    @echo "hello {{who}} {{version}} '{{out}}'" {{rest}}
    echo {{flags}} {{uppercase(name)}} {{{{braces}}

# All of it
all: (greet "you") && bye
    echo body
    -false

[private]
bye:
    echo bye

pair left right="b": (greet left)
    echo {{left}} {{right}} \
      on one line

[confirm("Really?")]
[linux]
open:
    xdg-open .

[macos]
open:
    open .

script:
    #!/usr/bin/env bash
    set -e
    for i in 1 2; do
      echo "$i of {{name}}"
    done

python word="x":
    #!/usr/bin/env python3
    print("{{word}}")

[working-directory: 'sub']
inside:
    pwd
`;

/** A Taskfile with most of what Taskfiles have. */
export const TASKFILE = String.raw`version: '3'

# What everything is about
vars:
  NAME: demo
  VERSION:
    sh: echo 1.2.3
  OUT: 'out/{{.NAME}}'
  LEVEL: '{{.LEVEL | default "info"}}'
  THINGS: [one, two]

env:
  MODE: fast

tasks:
  default:
    deps: [greet]
    cmds:
      - task: call
        vars: { WHO: you }

  # Says hello
  greet:
    desc: Say hello
    aliases: [g]
    cmds:
      - echo "hello {{.NAME}} {{.VERSION}} '{{.OUT}}'"
      - echo {{.NAME | upper}} {{if eq .NAME "demo"}}yes{{else}}no{{end}} {{.LEVEL}}

  call:
    internal: true
    cmd: echo calling {{.WHO | default "nobody"}}

  each:
    cmds:
      - for: [a, b]
        cmd: echo item {{.ITEM}}
      - for: { var: THINGS }
        cmd: echo thing {{.ITEM}}
      - cmd: "false"
        ignore_error: true

  checked:
    preconditions:
      - sh: test -n yes
        msg: never said
    status: [test -e done.txt]
    cmds: [echo checked]

  built:
    sources: [src/*.txt]
    generates: [out.txt]
    cmds: [cat src/a.txt > out.txt]

  choose:
    requires:
      vars: [{ name: PLACE, enum: [here, there] }]
    cmds: ['echo {{.PLACE}} {{.CLI_ARGS}}']

  ending:
    cmds:
      - defer: echo at the end
      - echo first

  'serve:*':
    cmds: ['echo serving {{index .MATCH 0}}']

  windows:
    platforms: [windows]
    cmds: [echo windows]
`;
