/** `bun scripts/build-vscode.ts`: packs the extension for Visual Studio Code into `dist/zr-vscode.vsix`. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "#base/result";
import { projectRoot, runCommand } from "./project";
import { writeZip } from "./zip-write";

const SOURCE = join(projectRoot, "editors", "vscode");
const TARGET = join(projectRoot, "dist", "zr-vscode.vsix");

/** Writes the extension with the library that it needs in one file. @returns its size in bytes. */
export async function buildExtension(target: string): Promise<Result<number, string>> {
  const dist = join(projectRoot, "dist");
  await mkdir(dist, { recursive: true });
  const scratch = await mkdtemp(join(dist, ".building-"));
  try {
    const out = join(scratch, "extension.js");
    const flags = ["--target=node", "--format=cjs", "--minify", "--external=vscode", `--outfile=${out}`];
    const result = await runCommand([process.execPath, "build", join(SOURCE, "extension.ts"), ...flags]);
    if (result.exitCode !== 0) return err((result.stderr || result.stdout).trim());
    // Our own file; its shape is tested.
    const manifest = (await Bun.file(join(SOURCE, "package.json")).json()) as Manifest;
    const text = async (path: string): Promise<Uint8Array> => Bun.file(path).bytes();
    const encode = (content: string): Uint8Array => new TextEncoder().encode(content);
    const bytes = writeZip([
      { name: "extension.vsixmanifest", bytes: encode(vsixManifest(manifest)) },
      { name: "[Content_Types].xml", bytes: encode(CONTENT_TYPES) },
      { name: "extension/package.json", bytes: await text(join(SOURCE, "package.json")) },
      { name: "extension/extension.js", bytes: await text(out) },
      { name: "extension/readme.md", bytes: await text(join(SOURCE, "README.md")) },
      { name: "extension/LICENSE.txt", bytes: await text(join(projectRoot, "LICENSE")) },
    ]);
    await Bun.write(target, bytes);
    return ok(bytes.length);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Manifest {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly version: string;
  readonly publisher: string;
  readonly categories: readonly string[];
  readonly engines: { readonly vscode: string };
}

const CONTENT_TYPES = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension=".json" ContentType="application/json"/><Default Extension=".js" ContentType="application/javascript"/><Default Extension=".md" ContentType="text/markdown"/><Default Extension=".txt" ContentType="text/plain"/><Default Extension=".vsixmanifest" ContentType="text/xml"/></Types>
`;

const vsixManifest = ({
  name,
  displayName,
  description,
  version,
  publisher,
  categories,
  engines,
}: Manifest): string =>
  `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${xml(name)}" Version="${xml(version)}" Publisher="${xml(publisher)}"/>
    <DisplayName>${xml(displayName)}</DisplayName>
    <Description xml:space="preserve">${xml(description)}</Description>
    <Categories>${xml(categories.join(","))}</Categories>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${xml(engines.vscode)}"/>
    </Properties>
    <License>extension/LICENSE.txt</License>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/readme.md" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true"/>
  </Assets>
</PackageManifest>
`;

const xml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

if (import.meta.main) {
  const built = await buildExtension(TARGET);
  console.log(
    built.ok ? `dist/zr-vscode.vsix: ${(built.value / 1e3).toFixed(0)} kB` : `build: ${built.error}`,
  );
  process.exitCode = built.ok ? 0 : 1;
}
