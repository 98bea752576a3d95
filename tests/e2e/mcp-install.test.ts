import { expect, test } from "bun:test";
import { chmodSync, statSync } from "node:fs";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

const CONFIG = { "zr.toml": '[tasks]\nt = "true"\n', "sub/keep": "" };

const json = (project: Project, path: string): unknown => JSON.parse(project.read(path));

test.each([
  ["claude", ".mcp.json", { mcpServers: { zr: { command: "zr", args: ["mcp", "serve"] } } }],
  ["cursor", ".cursor/mcp.json", { mcpServers: { zr: { command: "zr", args: ["mcp", "serve"] } } }],
  [
    "vscode",
    ".vscode/mcp.json",
    { servers: { zr: { type: "stdio", command: "zr", args: ["mcp", "serve"] } } },
  ],
])("zr mcp install --client %s writes %s at the workspace root", async (client, file, expected) => {
  await using project = await makeProject(CONFIG);
  await project
    .zrWith({ cwd: "sub" }, "mcp", "install", "--client", client)
    .expect({ stdout: `wrote ../${file}\n` });
  expect(json(project, file)).toEqual(expected);
  await project.zr("mcp", "install", "--client", client).expect({ stdout: `nothing to change in ${file}\n` });
});

test("what stands in the file stays, comments and indentation too", async () => {
  await using project = await makeProject(CONFIG);
  const before = `// servers of the team
{
    "inputs": [], // none "yet"
    "servers": {
        "other": { "command": "other", "args": ["{", "}"] }, /* keep */
    },
}
`;
  project.write(".vscode/mcp.json", before);
  chmodSync(project.path(".vscode/mcp.json"), 0o600);
  await project.zr("mcp", "install", "--client", "vscode").expect({ stdout: "wrote .vscode/mcp.json\n" });
  expect(project.read(".vscode/mcp.json")).toBe(
    before.replace(
      '"servers": {\n',
      `"servers": {
        "zr": {
            "type": "stdio",
            "command": "zr",
            "args": [
                "mcp",
                "serve"
            ]
        },
`,
    ),
  );
  expect(statSync(project.path(".vscode/mcp.json")).mode & 0o777).toBe(0o600);
});

test("an entry of zr that is there already is replaced where it differs, with the options that were given", async () => {
  await using project = await makeProject(CONFIG);
  project.write(".mcp.json", '{ "mcpServers": { "a": {}, "zr": { "command": "/old/zr" }, "b": {} } }\n');
  const install = ["mcp", "install", "--client", "claude", "--read-only", "--allow-task", "test*"];
  await project.zr(...install, "--dry-run").expect({ stdout: "would write .mcp.json\n" });
  expect(project.read(".mcp.json")).toContain("/old/zr");
  await project.zr(...install).expect({ stdout: "wrote .mcp.json\n" });
  expect(json(project, ".mcp.json")).toEqual({
    mcpServers: {
      a: {},
      zr: { command: "zr", args: ["mcp", "serve", "--read-only", "--allow-task", "test*"] },
      b: {},
    },
  });
});

test.each([
  ["{ oops", /E191.*it is no JSON/],
  ["[]", /E191.*it holds no table/],
  ['{"mcpServers": []}', /E191.*"mcpServers" is no table/],
])("a file that can't be changed (%s) stays as it is", async (text, stderr) => {
  await using project = await makeProject(CONFIG);
  project.write(".mcp.json", text);
  await project.zr("mcp", "install", "--client", "claude").expect({ code: 2, stderr });
  expect(project.read(".mcp.json")).toBe(text);
});

test("wrong words are told", async () => {
  await using project = await makeProject(CONFIG);
  await project.zr("mcp").expect({ code: 2, stderr: /E184.*serve or install/ });
  await project.zr("mcp", "start").expect({ code: 2, stderr: /E185[^]*start/ });
  await project.zr("mcp", "instal").expect({ code: 2, stderr: /E185[^]*install/ });
  await project.zr("mcp", "serve", "it").expect({ code: 2, stderr: /E185.*'it'/ });
  await project.zr("mcp", "install").expect({ code: 2, stderr: /E184.*--client claude\|cursor\|vscode/ });
});
