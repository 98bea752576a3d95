import type { RealPackage } from "./package";

const VERSION = "1.2.8";

/** JavaScript: linted by eslint, tested by tape under nyc, with its 500 packages of development dependencies. */
export const minimist: RealPackage = {
  name: "minimist",
  version: VERSION,
  language: "JavaScript",
  fetch: [
    ["npm", "pack", "--silent", `minimist@${VERSION}`],
    ["tar", "-xzf", `minimist-${VERSION}.tgz`, "--strip-components=1"],
    ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
  ],
  config: `
[package]
name = "minimist"

[tasks.build]
description = "It is shipped as it is; the linter has to be content"
cmd = "npm run --silent lint"

[tasks.test]
description = "tape under nyc"
cmd = "npm run --silent tests-only"
timeout = "2m"

[tasks.examples]
cmd = ["node", "example/parse.js", "-a", "beep", "-b", "boop"]
`,
  mistake: { file: "index.js", right: "/^0x[0-9a-f]+$/i", wrong: "/^0x[0-9]+$/i" },
};
