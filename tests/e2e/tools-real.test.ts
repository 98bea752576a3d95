import { afterAll, expect } from "bun:test";
import { buildMirror, mirrorFolder } from "#scripts/mirror/build-mirror";
import { mirrorVariables, serveMirror } from "#scripts/mirror/serve-mirror";
import { atLeisure } from "#tests/support/at-leisure";
import { makeProject } from "#tests/support/project";
import { notInMirror, testUnless } from "#tests/support/left-out";

/*
 * Real distributions, repackaged from what package registries carry in the publishers' own forms: the whole way from the
 * index to a program that says its version. Made once on a machine; a part whose registry is not reached is skipped.
 */
const folder = mirrorFolder(process.env);
const mirror = await buildMirror(folder);
const { made } = mirror;
const server = serveMirror(folder);
afterAll(() => server[Symbol.dispose]());

const TOOLS: readonly (readonly [string, string, string, RegExp])[] = [
  ["node", "22", "node --version && npm --version", /^v22\.12\.0\n10\./],
  ["bun", "latest", "bun --version && bun -e 'console.log(6 * 7)'", /^1\.4\.5\n42\n$/],
  ["deno", "2", "deno --version", /^deno 2\.9\.6 /],
  [
    "go",
    "1.24",
    "go version && go env GOROOT",
    /^go version go1\.24\.1 linux\/amd64\n.*\/tools\/go\/1\.24\.1\n$/,
  ],
  ["zig", ">=0.17 <1", "zig version", /^0\.17\.1\n$/],
  ["java", "lts", "java -version 2>&1 && test -d $JAVA_HOME/lib", /^openjdk version "25\.0\.2"/],
  ["python", "3", "python3 -c 'import sys, ssl, json; print(sys.prefix)'", /\/tools\/python\/3\.\d+\.\d+\n$/],
];

for (const [name, request, command, output] of TOOLS)
  testUnless(notInMirror(mirror, name))(
    `${name} is resolved, downloaded, verified, unpacked and run`,
    async () => {
      const [url] = [server.url];
      await using project = await makeProject(
        { "zr.toml": `[tools]\n${name} = "${request}"\n[tasks.t]\ncmd = ${JSON.stringify(command)}\n` },
        { env: mirrorVariables(url, [name]) },
      );
      expect(await atLeisure(project, "tools", "install")).toMatch(new RegExp(`^installed ${name} \\S+\\n$`));
      await project.zr("run", "t").expect({ stdout: output });
      expect(project.read("zr.lock")).not.toContain(url);
      // The second time nothing is asked for.
      const before = server.asked.length;
      await project.zr("tools", "install", "--locked").expect();
      expect(server.asked.length).toBe(before);
    },
    120_000,
  );

testUnless(notInMirror(mirror, "node"))(
  "all at once, and side by side for one task",
  async () => {
    const names = made.filter((name) => ["node", "bun", "deno"].includes(name));
    await using project = await makeProject(
      {
        "zr.toml": `[tools]\n${names.map((name) => `${name} = "latest"\n`).join("")}[tasks.t]\ncmd = "${names.map((name) => `${name} --version`).join(" && ")}"\ntools = { node = "22" }\n`,
      },
      { env: mirrorVariables(server.url, names) },
    );
    expect(await atLeisure(project, "run", "t", "--yes")).toContain("v22.12.0\n");
  },
  120_000,
);
