import { describe, expect, test } from "bun:test";
import { atLeisure } from "#tests/support/at-leisure";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

/** Where each client keeps its settings and caches: its user's, since registries are reached by them. */
const settings = (): Readonly<Record<string, string | undefined>> => {
  const { HOME = "/root" } = process.env;
  return {
    HOME,
    XDG_CONFIG_HOME: process.env["XDG_CONFIG_HOME"],
    XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"],
    GOFLAGS: process.env["GOFLAGS"],
  };
};

/*
 * Real tools of the real registries, through the user's own clients. Small ones: what is tried is the way, not the tool.
 * Skipped where the client is not there.
 */
const CASES: readonly (readonly [string, string, string, string, RegExp])[] = [
  ["npm", "npm:is-ci", "3.0", "is-ci; echo $?", /^[01]\n$/],
  ["python3", "pypi:pycowsay", "0.0.0.2", "pycowsay moo", /< moo >/],
  ["go", "go:mvdan.cc/sh/v3/cmd/shfmt", "3.8", "echo 'a  b' | shfmt", /^a b\n$/],
  ["cargo", "cargo:hexyl", "0.14", "hexyl --version", /^hexyl 0\.14\./],
];

describe("a tool of a registry", () => {
  for (const [client, tool, request, command, output] of CASES) {
    test.skipIf(Bun.which(client) === null)(
      `${tool} is installed by ${client} and run`,
      async () => {
        await using project = await makeProject(
          { "zr.toml": `[tools]\n"${tool}" = "${request}"\n[tasks.t]\ncmd = ${JSON.stringify(command)}\n` },
          { env: settings() },
        );
        expect(await atLeisure(project, "tools", "install")).toMatch(
          new RegExp(`^installed ${tool} \\S+\\n$`),
        );
        await project.zr("run", "t").expect({ stdout: output });
        await project.zr("tools", "install", "--locked").expect();
      },
      180_000,
    );
  }

  test.skipIf(Bun.which("npm") === null)(
    "of a version that is not there the nearest are offered",
    async () => {
      await using project = await makeProject(
        { "zr.toml": '[tools]\n"npm:is-ci" = "99"\n' },
        { env: settings() },
      );
      await project.zr("tools", "install").expect({
        code: 1,
        stdout: anything,
        stderr: /npm:is-ci has no version that '99' means; there is 4\./,
      });
    },
  );
});
