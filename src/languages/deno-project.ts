import { denoToolchain } from "./deno-toolchain";
import type { ImportTarget, LanguageProject } from "./language-project";
import { jsonTextSpan } from "./manifest-version";
import { packageNameOf, scanScript } from "./node-project";
import { fileTarget, packageTarget } from "./scan-imports";

const MANIFESTS = ["deno.json", "deno.jsonc"];
const LOCK = "deno.lock";

/** Packages of Deno. */
export const denoProject: LanguageProject = {
  inputs: ["$default"],
  outputs: ["dist/**"],
  versionFiles: denoToolchain.versionFiles ?? [],
  looksFor: [LOCK],
  install: (folder, root) => {
    const place = MANIFESTS.some((name) => root.names.has(name)) ? root : folder;
    const manifest = MANIFESTS.find((name) => place.names.has(name));
    if (manifest === undefined) return undefined;
    const isLocked = place.names.has(LOCK);
    return {
      cmds: [["deno", "install", ...(isLocked ? ["--frozen"] : [])]],
      cwd: place.dir,
      reads: [manifest, ...(isLocked ? [LOCK] : [])],
      makes: [],
    };
  },
  versionIn: (name, text) => (MANIFESTS.includes(name) ? jsonTextSpan(text, ["version"]) : undefined),
  imports: { files: ["**/*.{js,jsx,mjs,ts,tsx,mts}"], scan: (text) => scanScript(text, meaningOf) },
};

function meaningOf(specifier: string): ImportTarget | undefined {
  if (/^\.{1,2}(?:\/|$)/.test(specifier)) return fileTarget(specifier);
  const published = /^(?:jsr|npm):\/?(.+)$/.exec(specifier)?.[1];
  if (published === undefined && /^[a-z]+:|^[#/]/.test(specifier)) return undefined;
  const name = packageNameOf(published ?? specifier);
  return packageTarget(name.replace(/(?<=.)@.*$/, ""));
}
