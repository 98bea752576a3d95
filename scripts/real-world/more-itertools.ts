import type { RealPackage } from "./package";

const VERSION = "10.5.0";

/** Python: a source distribution, tested by unittest. */
export const moreItertools: RealPackage = {
  name: "more-itertools",
  version: VERSION,
  language: "Python",
  fetch: [
    [
      "sh",
      "-c",
      `python3 -m pip download --quiet --disable-pip-version-check --no-deps --no-binary=:all: more-itertools==${VERSION}`,
    ],
    ["sh", "-c", "tar -xzf more*itertools-*.tar.gz --strip-components=1"],
  ],
  config: `
[package]
name = "more-itertools"

[tasks.build]
cmd = "python3 -m compileall -q more_itertools"

[tasks."test-*"]
description = "One module of tests: test-more, test-recipes"
cmd = ["python3", "-m", "unittest", "tests.test_\${match.0}"]
deps = ["build"]
timeout = "5m"

[tasks.test]
deps = ["test-more", "test-recipes"]
`,
  mistake: {
    file: "more_itertools/recipes.py",
    right: "return list(islice(iterable, n))",
    wrong: "return list(islice(iterable, n + 1))",
  },
};
