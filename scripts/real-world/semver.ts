import type { RealPackage } from "./package";

const VERSION = "1.0.23";

/** Rust: a crate with its tests, among them those in its documentation. */
export const semver: RealPackage = {
  name: "semver",
  version: VERSION,
  language: "Rust",
  fetch: [
    ["cargo", "init", "--quiet", "--vcs=none", "--lib", "--name=fetch", "fetch"],
    ["cargo", "add", "--quiet", "--manifest-path=fetch/Cargo.toml", `semver@=${VERSION}`],
    ["cargo", "vendor", "--quiet", "--manifest-path=fetch/Cargo.toml", "vendor"],
    ["sh", "-c", "cp -R vendor/semver/. . && rm -rf fetch vendor Cargo.lock .cargo-checksum.json"],
    ["cargo", "fetch", "--quiet"],
  ],
  config: `
[package]
name = "semver"

[env]
CARGO_TERM_COLOR = "never"

[tasks.build]
cmd = "cargo build --offline --release"

[tasks.test]
cmd = "cargo test --offline --quiet --lib --tests"
# cargo locks its target folder; tasks that wait for a lock would hold a slot for nothing.
deps_serial = ["build"]
timeout = "10m"

[tasks.doctest]
cmd = "cargo test --offline --quiet --doc"
deps_serial = ["test"]
`,
  mistake: {
    file: "src/eval.rs",
    right: "return ver.major > cmp.major;",
    wrong: "return ver.major < cmp.major;",
  },
};
