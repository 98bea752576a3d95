import type { ArchiveSource, IndexPage, Release, Toolchain } from "#core/toolchain/toolchain";
import { jsonOf } from "#base/json-of";
import { TARGET_TRIPLES } from "./target-triples";
import { textAt, valueAt } from "#base/value-at";

const DOWNLOADS = "https://github.com/astral-sh/python-build-standalone/releases/download";
const LIST = "https://raw.githubusercontent.com/astral-sh/versions/main/v1";

/** Builds that can be unpacked anywhere (python-build-standalone); python.org publishes none for most systems. */
export const pythonToolchain: Toolchain = {
  name: "python",
  displayName: "Python",
  aliases: ["python3", "cpython"],
  sites: [DOWNLOADS, LIST],
  platforms: TARGET_TRIPLES,
  index: () => [`${LIST}/python-build-standalone.ndjson`],
  readIndex,
  layout: (platform) => ({ strip: 1, bin: platform.startsWith("windows") ? [".", "Scripts"] : ["bin"] }),
  versionFiles: [
    { name: ".python-version", read: versionOfPyenv },
    { name: "pyproject.toml", read: (text) => /^\s*requires-python\s*=\s*["']([^"']+)["']/m.exec(text)?.[1] },
    { name: "runtime.txt", read: (text) => /^python-(\S+)/.exec(text.trim())?.[1] },
  ],
};

/** One line of JSON a release: the same version is built several times, the newest build counts. */
function readIndex(text: string): IndexPage {
  const newest = new Map<string, { readonly build: string; readonly release: Release }>();
  for (const line of text.split("\n")) {
    const item = jsonOf(line);
    const [version = "", build = ""] = (textAt(item, "version") ?? "").split("+");
    const archives = archivesOf(valueAt(item, "artifacts"));
    const known = newest.get(version);
    if (version === "" || Object.keys(archives).length === 0 || (known !== undefined && known.build >= build))
      continue;
    newest.set(version, { build, release: { version, isPreview: /[a-z]/.test(version), archives } });
  }
  return { releases: [...newest.values()].map(({ release }) => release) };
}

function archivesOf(artifacts: unknown): Readonly<Record<string, ArchiveSource>> {
  const found = new Map<string, ArchiveSource>();
  for (const artifact of Array.isArray(artifacts) ? artifacts : []) {
    const [url, sha256] = [textAt(artifact, "url"), textAt(artifact, "sha256")];
    if (url?.startsWith(`${DOWNLOADS}/`) !== true || textAt(artifact, "variant") !== "install_only") continue;
    found.set(textAt(artifact, "platform") ?? "", { url, ...(sha256 === undefined ? {} : { sha256 }) });
  }
  return Object.fromEntries(
    Object.entries(TARGET_TRIPLES).flatMap(([platform, triple]) => {
      const archive = found.get(triple);
      return archive === undefined ? [] : [[platform, archive]];
    }),
  );
}

function versionOfPyenv(text: string): string | undefined {
  const words = text.split(/\s+/).map((word) => word.replace(/^(?:cpython|python)-/, ""));
  return words.find((word) => /^\d/.test(word));
}
