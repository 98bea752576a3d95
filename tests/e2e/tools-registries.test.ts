import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { atLeisure } from "#tests/support/at-leisure";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { describeUnless, testUnless, without } from "#tests/support/left-out";

/** Where each client keeps its settings, caches and certificates: its user's, since registries are reached by them. */
const settings = (): Readonly<Record<string, string | undefined>> => {
  const { HOME = "/root" } = process.env;
  return {
    HOME,
    XDG_CONFIG_HOME: process.env["XDG_CONFIG_HOME"],
    XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"],
    GOFLAGS: process.env["GOFLAGS"],
    NODE_EXTRA_CA_CERTS: process.env["NODE_EXTRA_CA_CERTS"],
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
    testUnless(without(client))(
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

  testUnless(without("npm"))("of a version that is not there the nearest are offered", async () => {
    await using project = await makeProject(
      { "zr.toml": '[tools]\n"npm:is-ci" = "99"\n' },
      { env: settings() },
    );
    await project.zr("tools", "install").expect({
      code: 1,
      stdout: anything,
      stderr: /npm:is-ci has no version that '99' means; there is 4\./,
    });
  });

  describeUnless(without("npm"))("whose server goes silent", () => {
    const files = { "zr.toml": '[tools]\n"npm:is-ci" = "3"\n' };
    let server: Bun.Server<undefined>;
    let asked = 0;

    beforeEach(() => {
      asked = 0;
      server = Bun.serve({
        port: 0,
        hostname: "127.0.0.1",
        idleTimeout: 0,
        fetch: () => {
          asked += 1;
          return new Promise<Response>(() => undefined);
        },
      });
    });

    afterEach(() => server.stop(true));

    const client = (further: Readonly<Record<string, string>>) => ({
      ...settings(),
      npm_config_registry: `http://127.0.0.1:${server.port}`,
      npm_config_fetch_retries: "0",
      ...further,
    });

    test("is given up after the time that downloads have, not after npm's five minutes", async () => {
      await using project = await makeProject(files, { env: client({ ZR_DOWNLOAD_TIMEOUT: "500ms" }) });
      const run = await project.zr("tools", "install").result();
      expect(run.code).toBe(1);
      expect(run.stderr).toMatch(
        /^error\[E421\]: can't install npm:is-ci: 'npm view [^\n]*network timeout at/,
      );
      expect(run.stderr).not.toContain("complete log");
      expect(asked).toBe(1);
      expect(existsSync(project.path("zr.lock"))).toBe(false);
    });

    test("is waited for as long as npm's own settings say", async () => {
      const home = await makeProject({ ".npmrc": "fetch-timeout=600\n" });
      await using _ = home;
      const own = { npm_config_userconfig: home.path(".npmrc"), ZR_DOWNLOAD_TIMEOUT: "10m" };
      await using project = await makeProject(files, { env: client(own) });
      const run = await project.zr("tools", "install").result();
      expect(run.code).toBe(1);
      expect(run.stderr).toContain("network timeout at");
    });
  });
});
