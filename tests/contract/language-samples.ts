/** A small project of each language as its own tools would have it, and what zr has to know of it. */
export interface LanguageSample {
  readonly provider: string;
  readonly files: Readonly<Record<string, string>>;
  /** Name and version of the package; empty where the manifest says none. */
  readonly name?: string;
  readonly version?: string;
  /** Tasks with the words of their commands, all of them. */
  readonly tasks: Readonly<Record<string, string>>;
  /** `request from`, the surest first. */
  readonly versions: readonly string[];
  /** The words of the commands. */
  readonly install?: readonly string[];
  /** The manifest whose version is edited; none where the language keeps versions elsewhere. */
  readonly versioned?: string;
  /** Whether the manifest has versions of numbers only. */
  readonly isNumeric?: true;
  /** A text of the language, and what it imports: `specifier → meaning`. */
  readonly source?: readonly [text: string, imports: readonly string[]];
  /** Names that a text declares. */
  readonly declares?: readonly [text: string, names: readonly string[]];
}

export const LANGUAGE_SAMPLES: readonly LanguageSample[] = [
  {
    provider: "node",
    files: {
      "package.json":
        '{\n  "name": "shop",\n  "version": "1.2.3",\n  "scripts": { "build": "tsc", "test": "node --test" },\n  "engines": { "node": ">=18" }\n}\n',
      "package-lock.json": "{}",
      ".nvmrc": "v20.11.1\n",
      ".tool-versions": "nodejs 21.0.0 # newest\nruby 3.2.0\n",
    },
    name: "shop",
    version: "1.2.3",
    tasks: { build: "npm run --silent build --", test: "npm run --silent test --" },
    versions: ["20.11.1 .nvmrc", ">=18 package.json", "21.0.0 .tool-versions"],
    install: ["npm ci"],
    versioned: "package.json",
    source: [
      [
        'import fs from "node:fs";',
        "import { a,",
        '  b } from "@acme/ui/button"; // import x from "no"',
        "import type { T } from './types';",
        "import 'side-effect';",
        'export * from "../lib/index.js";',
        'const lazy = await import("chart.js/auto"), old = require("lodash");',
        '/* import "gone" */ const text = "from \'quoted\'"; const t = `import "template"`;',
        'Array.from("abc"); x.require("method"); import local from "#own";',
      ].join("\n"),
      [
        "@acme/ui/button → package @acme/ui",
        "./types → file ./types",
        "side-effect → package side-effect",
        "../lib/index.js → file ../lib/index.js",
        "chart.js/auto → package chart.js",
        "lodash → package lodash",
      ],
    ],
  },
  {
    provider: "rust",
    files: {
      "Cargo.toml":
        '[package]\nname = "tool"\nversion = "0.4.0" # of the crate\n\n[dependencies]\nserde = { version = "1.0" }\n',
      "Cargo.lock": "",
      "rust-toolchain.toml": '[toolchain]\nchannel = "1.75.0"\n',
    },
    name: "tool",
    version: "0.4.0",
    tasks: {
      build: "cargo build",
      check: "cargo check --all-targets",
      test: "cargo test",
      clippy: "cargo clippy --all-targets",
      fmt: "cargo fmt",
    },
    versions: ["1.75.0 rust-toolchain.toml"],
    install: ["cargo fetch --locked"],
    versioned: "Cargo.toml",
    source: [
      [
        "use std::fmt;",
        "use acme_core::{io, net}; // use gone::x;",
        "extern crate regex;",
        "use log;",
        "fn a<'a>(x: &'a str) -> String { serde_json::to_string(x); crate::own::f(); self::b(); Vec::new(); \"no::path\".into() }",
        "/* use deep::x; /* use deeper::y; */ use still::z; */",
      ].join("\n"),
      [
        "acme_core → package acme_core, acme-core",
        "regex → package regex",
        "log → package log",
        "serde_json → package serde_json, serde-json",
      ],
    ],
  },
  {
    provider: "go",
    files: { "go.mod": "module example.com/shop/api\n\ngo 1.22.1\n\ntoolchain go1.22.3\n", "go.sum": "" },
    name: "example.com/shop/api",
    tasks: {
      build: "go build ./...",
      test: "go test ./...",
      vet: "go vet ./...",
      fmt: "go fmt ./...",
    },
    versions: ["1.22.3 go.mod"],
    install: ["go mod download"],
    source: [
      [
        "package main",
        'import "fmt"',
        "import (",
        '\t"example.com/lib"',
        '\talias "example.com/a/b" // "gone"',
        "\t_ `embed`",
        ")",
        'var s = "import \\"no\\""',
      ].join("\n"),
      [
        "fmt → package fmt",
        "example.com/lib → package example.com/lib, example.com",
        "example.com/a/b → package example.com/a/b, example.com/a, example.com",
        "embed → package embed",
      ],
    ],
  },
  {
    provider: "python",
    files: {
      "pyproject.toml":
        '[project]\nname = "worker"\nversion = "2.0.1"\nrequires-python = ">=3.10"\ndependencies = []\n[dependency-groups]\ndev = ["pytest", "ruff"]\n',
      "uv.lock": "",
      ".python-version": "3.12.1\n",
    },
    name: "worker",
    version: "2.0.1",
    tasks: { test: "uv run pytest", lint: "uv run ruff check .", format: "uv run ruff format ." },
    versions: ["3.12.1 .python-version", ">=3.10 pyproject.toml"],
    install: ["uv sync"],
    versioned: "pyproject.toml",
    source: [
      [
        '"""import docstring"""',
        "import os, my_lib.io as io",
        "from . import sibling",
        "from ..pkg.mod import (",
        "    name,",
        ")",
        "from acme.billing import total  # from gone import x",
        "    import lazy",
        "text = 'import quoted'",
      ].join("\n"),
      [
        "os → package os",
        "my_lib.io → package my-lib-io, my-lib",
        ". → file .",
        "..pkg.mod → file ../pkg/mod",
        "acme.billing → package acme-billing, acme",
        "lazy → package lazy",
      ],
    ],
  },
  {
    provider: "java",
    files: {
      "pom.xml":
        "<project>\n  <parent><artifactId>up</artifactId><version>9.9</version></parent>\n  <groupId>org.acme</groupId>\n  <artifactId>web</artifactId>\n  <version>1.0.0-SNAPSHOT</version>\n</project>\n",
      ".java-version": "21\n",
    },
    name: "web",
    version: "1.0.0-SNAPSHOT",
    tasks: {
      build: "mvn -B package -DskipTests",
      test: "mvn -B test",
      verify: "mvn -B verify",
      clean: "mvn -B clean",
    },
    versions: ["21 .java-version"],
    install: ["mvn -B dependency:go-offline"],
    versioned: "pom.xml",
    source: [
      "package org.acme.web;\nimport java.util.List;\nimport org.acme.core.Order;\nimport static org.acme.util.Text.*;\n// import org.gone.X;\n",
      [
        "org.acme.core.Order → module org.acme.core.Order",
        "org.acme.util.Text.* → module org.acme.util.Text",
      ],
    ],
    declares: ["// package no;\npackage org.acme.web;\n", ["org.acme.web"]],
  },
  {
    provider: "dotnet",
    files: {
      "App.csproj":
        '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup><Version>3.1.0</Version></PropertyGroup>\n  <ItemGroup><PackageReference Include="Microsoft.NET.Test.Sdk" Version="17.0.0" /></ItemGroup>\n</Project>\n',
      "global.json": '{ "sdk": { "version": "8.0.100" } }',
    },
    name: "App",
    version: "3.1.0",
    tasks: { build: "dotnet build", test: "dotnet test" },
    versions: ["8.0.100 global.json"],
    install: ["dotnet restore"],
    versioned: "App.csproj",
    source: [
      "using System.Text;\nglobal using Acme.Core;\nusing static Acme.Util.Texts;\nusing Alias = Acme.Data.Store;\n// using Gone;\n",
      [
        "Acme.Core → module Acme.Core",
        "Acme.Util.Texts → module Acme.Util.Texts",
        "Acme.Data.Store → module Acme.Data.Store",
      ],
    ],
    declares: ["namespace Acme.Core;\n", ["Acme.Core"]],
  },
  {
    provider: "bun",
    files: {
      "package.json": '{ "name": "fast", "version": "0.1.0", "scripts": { "start": "bun x.ts" } }',
      "bun.lock": "",
      ".bun-version": "1.1.30\n",
    },
    tasks: {},
    versions: ["1.1.30 .bun-version"],
    install: ["bun install --frozen-lockfile"],
    versioned: "package.json",
    source: ['import { a } from "left-pad";', ["left-pad → package left-pad"]],
  },
  {
    provider: "deno",
    files: {
      "deno.jsonc":
        '{\n  // of the registry\n  "name": "@acme/api",\n  "version": "0.2.0",\n  "tasks": { "dev": "deno run -A main.ts", "all": { "description": "Everything", "dependencies": ["dev"] } },\n}\n',
      "deno.lock": "{}",
      ".dvmrc": "2.1.4\n",
    },
    name: "@acme/api",
    version: "0.2.0",
    tasks: { dev: "deno task --quiet dev", all: "deno task --quiet all" },
    versions: ["2.1.4 .dvmrc"],
    install: ["deno install --frozen"],
    versioned: "deno.jsonc",
    source: [
      'import { a } from "jsr:@std/assert@^1.0.0";\nimport b from "npm:chalk@5/index.js";\nimport c from "https://deno.land/x.ts";\nimport "./d.ts";\nimport e from "@acme/lib";\n',
      [
        "jsr:@std/assert@^1.0.0 → package @std/assert",
        "npm:chalk@5/index.js → package chalk",
        "./d.ts → file ./d.ts",
        "@acme/lib → package @acme/lib",
      ],
    ],
  },
  {
    provider: "zig",
    files: {
      "build.zig":
        'const std = @import("std");\npub fn build(b: *std.Build) void {\n    const run_step = b.step("run", "Run the app");\n    const t = b.step("test", "Run unit tests");\n}\n',
      "build.zig.zon":
        '.{\n    .name = .demo,\n    .version = "0.3.0",\n    .minimum_zig_version = "0.13.0",\n    .dependencies = .{},\n}\n',
    },
    name: "demo",
    version: "0.3.0",
    tasks: { build: "zig build", run: "zig build run", test: "zig build test", fmt: "zig fmt ." },
    versions: ["0.13.0 build.zig.zon"],
    install: ["zig build --fetch"],
    versioned: "build.zig.zon",
    source: [
      'const std = @import("std");\nconst lib = @import("lib");\nconst o = @import("sub/other.zig"); // @import("gone")\n',
      ["lib → package lib", "sub/other.zig → file sub/other.zig"],
    ],
  },
  {
    provider: "ruby",
    files: {
      Gemfile: "source 'https://rubygems.org'\nruby '~> 3.1'\ngem 'rake'\n",
      "Gemfile.lock": "",
      "billing.gemspec":
        'Gem::Specification.new do |spec|\n  spec.name = "billing"\n  spec.version = "1.5.0"\nend\n',
      Rakefile:
        "require 'rake/testtask'\nRake::TestTask.new\ndesc 'Put things right'\ntask :fix do\nend\nnamespace :db do\n  desc \"Bring the schema up\"\n  task migrate: :environment do\n    if true\n    end\n  end\nend\ntask default: :test\n",
      ".ruby-version": "3.1.2\n",
    },
    name: "billing",
    version: "1.5.0",
    tasks: {
      test: "bundle exec rake test",
      fix: "bundle exec rake fix",
      "db:migrate": "bundle exec rake db:migrate",
    },
    versions: ["3.1.2 .ruby-version", ">=3.1 <4 Gemfile"],
    install: ["bundle install"],
    versioned: "billing.gemspec",
    source: [
      "require 'json'\nrequire \"acme/billing\"\nrequire_relative '../lib/x'\n# require 'gone'\n",
      ["json → package json", "acme/billing → package acme-billing, acme", "../lib/x → file ../lib/x"],
    ],
  },
  {
    provider: "php",
    files: {
      "composer.json":
        '{\n  "name": "acme/site",\n  "version": "4.0.0",\n  "require": { "php": ">=8.1" },\n  "scripts": { "lint": "phpcs", "post-install-cmd": "echo", "both": ["@lint", "@test"] },\n  "scripts-descriptions": { "lint": "Look for mistakes" }\n}\n',
      "phpunit.xml": "<phpunit/>",
    },
    name: "acme/site",
    version: "4.0.0",
    tasks: {
      lint: "composer run-script --timeout=0 lint --",
      both: "composer run-script --timeout=0 both --",
      test: "vendor/bin/phpunit",
    },
    versions: [">=8.1 composer.json"],
    install: ["composer install --no-interaction"],
    versioned: "composer.json",
    source: [
      "<?php\nnamespace Acme\\Site;\nuse Acme\\Core\\Order;\nuse function Acme\\Util\\text;\n# use Gone\\X;\nrequire __DIR__ . '/../boot.php';\n",
      [
        "Acme\\Core\\Order → module Acme\\Core\\Order",
        "Acme\\Util\\text → module Acme\\Util\\text",
        "/../boot.php → file ./../boot.php",
      ],
    ],
    declares: ["<?php\nnamespace Acme\\Site;\n", ["Acme\\Site"]],
  },
  {
    provider: "elixir",
    files: {
      "mix.exs":
        'defmodule Shop.MixProject do\n  use Mix.Project\n\n  def project do\n    [\n      # app: :gone, version: "9.9.9",\n      app: :shop,\n      version: "0.7.0",\n      elixir: "~> 1.15",\n      deps: [{:core, in_umbrella: true}, {:lib, path: "../lib"}, {:jason, "~> 1.4"}]\n    ]\n  end\nend\n',
      ".formatter.exs": "[]",
    },
    name: "shop",
    version: "0.7.0",
    tasks: { build: "mix compile", test: "mix test", format: "mix format" },
    versions: [">=1.15 <2 mix.exs"],
    install: ["mix deps.get"],
    versioned: "mix.exs",
    source: [
      'defmodule Shop.Web do\n  @moduledoc """\n  alias Not.This\n  """\n  alias Shop.Core\n  use Phoenix.Router, only: []\n  # import Gone\nend\n',
      ["Shop.Core → module Shop.Core", "Phoenix.Router → module Phoenix.Router"],
    ],
    declares: ["defmodule Shop.Web do\nend\n", ["Shop.Web"]],
  },
  {
    provider: "swift",
    files: {
      "Package.swift":
        '// swift-tools-version: 5.9\nimport PackageDescription\n\nlet package = Package(\n    name: "Shop",\n    dependencies: [ /* .package(path: "../gone") */ .package(url: "https://host.example/x", from: "1.0.0") ],\n    targets: [ .executableTarget(name: "shop"), .testTarget(name: "ShopTests") ]\n)\n',
    },
    name: "Shop",
    tasks: { build: "swift build", test: "swift test", run: "swift run" },
    versions: [">=5.9 Package.swift"],
    install: ["swift package resolve"],
    source: [
      "import Foundation\n@testable import ShopCore\nimport struct Lib.Thing\n// import Gone\n",
      ["ShopCore → package ShopCore", "Lib → package Lib"],
    ],
  },
  {
    provider: "kotlin",
    files: {
      "build.gradle.kts": 'plugins {\n  kotlin("jvm") version "1.9.22"\n}\nversion = "2.1.0"\n',
      "settings.gradle.kts": 'rootProject.name = "shop"\n',
      gradlew: "",
    },
    tasks: {},
    versions: ["1.9.22 build.gradle.kts"],
    install: ["./gradlew dependencies"],
    versioned: "build.gradle.kts",
    source: [
      "package org.acme\nimport kotlin.math.max\nimport org.acme.core.Order\nimport org.acme.util.*\n",
      ["org.acme.core.Order → module org.acme.core.Order", "org.acme.util.* → module org.acme.util"],
    ],
    declares: ["package org.acme.web\n", ["org.acme.web"]],
  },
  {
    provider: "dart",
    files: {
      "pubspec.yaml":
        "name: shop\nversion: 1.0.0+3 # of the app\nenvironment:\n  sdk: ^3.5.0\ndependencies:\n  core:\n    path: ../core\n  http: ^1.0.0\ndev_dependencies:\n  test: ^1.25.0\n",
    },
    name: "shop",
    version: "1.0.0+3",
    tasks: { test: "dart test", lint: "dart analyze", format: "dart format ." },
    versions: ["^3.5.0 pubspec.yaml"],
    install: ["dart pub get"],
    versioned: "pubspec.yaml",
    source: [
      "import 'dart:io';\nimport 'package:core/core.dart';\nexport 'src/x.dart';\n// import 'package:gone/x.dart';\n",
      ["package:core/core.dart → package core", "src/x.dart → file ./src/x.dart"],
    ],
  },
  {
    provider: "cpp",
    files: {
      "CMakeLists.txt":
        "cmake_minimum_required(VERSION 3.20)\n# project(gone VERSION 9)\nproject(engine\n  VERSION 2.4.1\n  LANGUAGES CXX)\nenable_testing()\nadd_subdirectory(src)\n",
      "src/CMakeLists.txt": "add_library(engine engine.cpp)\n",
      "conanfile.txt": "[requires]\n",
    },
    name: "engine",
    version: "2.4.1",
    tasks: {
      configure: "cmake -S . -B build",
      build: "cmake --build build",
      test: "ctest --test-dir build --output-on-failure",
    },
    versions: [">=3.20 CMakeLists.txt"],
    install: ["conan install . --output-folder=build --build=missing"],
    versioned: "CMakeLists.txt",
    isNumeric: true,
    source: [
      '#include <vector>\n#include "core/engine.h"\n  # include "../up.hpp"\n// #include "gone.h"\n',
      ["vector → module vector", "core/engine.h → file ./core/engine.h", "../up.hpp → file ../up.hpp"],
    ],
  },
  {
    provider: "cpp",
    files: {
      "meson.build": "project('tiny', 'c',\n  version: '0.9', # a comment\n  meson_version: '>=1.0')\n",
    },
    name: "tiny",
    version: "0.9",
    tasks: {
      configure: "meson setup build",
      build: "meson compile -C build",
      test: "meson test -C build",
    },
    versions: [],
    versioned: "meson.build",
  },
  {
    provider: "terraform",
    files: {
      "main.tf":
        'terraform {\n  required_version = "~> 1.5"\n}\nmodule "net" {\n  source = "./modules/net"\n}\n',
      "modules/net/main.tf": "",
      ".terraform-version": "1.6.2\n",
    },
    tasks: {
      init: "terraform init -input=false",
      validate: "terraform validate",
      plan: "terraform plan -input=false",
      format: "terraform fmt -recursive",
    },
    versions: ["1.6.2 .terraform-version", ">=1.5 <2 main.tf"],
    install: ["terraform init -input=false"],
    source: [
      'module "a" {\n  source = "../a"\n}\nmodule "b" {\n  source = "terraform-aws-modules/vpc/aws"\n  # source = "gone"\n}\n',
      ["../a → file ../a", "terraform-aws-modules/vpc/aws → module terraform-aws-modules/vpc/aws"],
    ],
  },
  {
    provider: "make",
    files: {
      Makefile:
        "CC := gcc\n.PHONY: all test clean \\\n  deploy\nall: out.o ## Build everything\nout.o: in.c\n\t$(CC) -c in.c\ntest: all\n\techo tested\nclean deploy:\n\trm -f out.o\n%.x: %.y\n\ttrue\n",
    },
    tasks: {
      all: "make --no-print-directory all",
      test: "make --no-print-directory test",
      clean: "make --no-print-directory clean",
      deploy: "make --no-print-directory deploy",
    },
    versions: [],
    source: ["include rules.mk\n-include $(wildcard *.d)\n# include gone.mk\n", ["rules.mk → file rules.mk"]],
  },
  {
    provider: "docker",
    files: { Dockerfile: "FROM alpine:3.20 AS base\n", "compose.yaml": "services: {}\n" },
    tasks: {
      image: "docker build --tag project .",
      up: "docker compose up --detach --wait",
      down: "docker compose down",
      logs: "docker compose logs --follow",
    },
    versions: [],
    source: [
      "FROM --platform=linux/amd64 golang:1.22 AS build\nFROM scratch\n",
      ["golang:1.22 → module golang:1.22"],
    ],
  },
];
