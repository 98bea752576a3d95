import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildExtension } from "./build-vscode";
import { projectRoot } from "./project";

const manifest = await Bun.file(join(projectRoot, "editors/vscode/package.json")).json();

test("the extension has the version of zr, wakes where a zr.toml is, and can be limited to trusted programs", async () => {
  const project = await Bun.file(join(projectRoot, "package.json")).json();
  expect(manifest.version).toBe(project.version);
  expect(manifest.license).toBe(project.license);
  expect(manifest.main).toBe("./extension.js");
  expect(manifest.activationEvents).toContain("workspaceContains:**/zr.toml");
  expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(["zr.path"]);
  expect(Object.keys(manifest.contributes.configuration.properties)).toEqual(["zr.path", "zr.files"]);
});

test("the package holds the manifest and one program that starts zr lsp, and unpacks by another's reader", async () => {
  const folder = await mkdtemp(join(tmpdir(), "zr-vsix-"));
  try {
    const file = join(folder, "zr.vsix");
    const built = await buildExtension(file);
    expect(built.ok).toBe(true);
    const again = await buildExtension(join(folder, "again.vsix"));
    expect(again).toEqual(built);
    expect(Bun.SHA256.hash(await Bun.file(join(folder, "again.vsix")).bytes(), "hex")).toBe(
      Bun.SHA256.hash(await Bun.file(file).bytes(), "hex"),
    );
    const python = Bun.which("python3");
    // Another reader than ours; where there is none the members are at least named.
    if (python !== null) expect(Bun.spawnSync([python, "-m", "zipfile", "-t", file]).exitCode).toBe(0);
    const bytes = Buffer.from(await Bun.file(file).bytes()).toString("latin1");
    for (const name of [
      "extension.vsixmanifest",
      "[Content_Types].xml",
      "extension/package.json",
      "extension/extension.js",
    ])
      expect(bytes).toContain(name);
    const source = await Bun.file(join(projectRoot, "editors/vscode/extension.ts")).text();
    expect(source).toContain('args: ["lsp"]');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
