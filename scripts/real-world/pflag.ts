import type { RealPackage } from "./package";

const MODULE = "github.com/spf13/pflag";
const VERSION = "v1.0.10";

/** Go: a module from the module proxy. */
export const pflag: RealPackage = {
  name: "pflag",
  version: VERSION,
  language: "Go",
  fetch: [
    // The folder becomes a copy of the module cache's, which is read-only.
    [
      "sh",
      "-c",
      `cp -R "$(go mod download -json ${MODULE}@${VERSION} | sed -n 's/^.*"Dir": "\\(.*\\)".*$/\\1/p')/." . && chmod -R u+w .`,
    ],
    ["go", "mod", "download"],
  ],
  config: `
[package]
name = "pflag"

[env]
GOFLAGS = "-mod=mod"

[tasks.build]
cmd = "go build ./..."

[tasks.vet]
cmd = "go vet ."
deps = ["build"]

[tasks.test]
cmd = "go test -count=1 ."
deps = ["build"]
timeout = "5m"
`,
  mistake: { file: "count.go", right: 'if s == "+1" {', wrong: 'if s == "+2" {' },
};
