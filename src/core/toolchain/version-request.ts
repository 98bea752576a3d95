import { parseRange, satisfies } from "#core/expr/semver";
import type { VersionRange } from "#core/expr/semver";
import { parseToolVersion } from "./tool-version";
import type { ToolVersion } from "./tool-version";

/** What `[tools]` asks for. */
export type VersionRequest =
  | { readonly kind: "latest" | "lts" | "system" }
  /** A version, or the beginning of some: `20` means 20.x.y, whichever is the newest. */
  | { readonly kind: "prefix"; readonly text: string; readonly version: ToolVersion }
  | { readonly kind: "range"; readonly text: string; readonly range: VersionRange };

const WORDS = ["latest", "lts", "system"] as const;

/**
 * Reads a version request: `latest`, `lts`, `system`, a version or its beginning (`20`, `3.12`, `1.22rc1`), or a range in
 * the grammar of node-semver (`>=20 <22`, `^3.12`, `18 || 20`). Undefined where it is none of them.
 */
export function parseVersionRequest(text: string): VersionRequest | undefined {
  const trimmed = text.trim();
  const word = WORDS.find((known) => known === trimmed.toLowerCase());
  if (word !== undefined) return { kind: word };
  if (trimmed === "*" || trimmed === "stable") return { kind: "latest" };
  const plain = trimmed.replace(/^=/, "").replace(/(?:\.[xX*])+$/, "");
  const version = parseToolVersion(plain);
  if (version !== undefined) return { kind: "prefix", text: plain.replace(/^v/, ""), version };
  // npm's ranges allow no space behind an operator's version only; people write `>= 20, < 22` too.
  const range = trimmed === "" ? undefined : parseRange(trimmed.replaceAll(",", " "));
  return range === undefined ? undefined : { kind: "range", text: trimmed, range };
}

/** Whether a release's version is one that is asked for. `lts` has to be known of the release, and is asked elsewhere. */
export function fitsRequest(version: string, request: VersionRequest): boolean {
  const parsed = parseToolVersion(version);
  if (parsed === undefined) return request.kind === "prefix" && request.text === version;
  switch (request.kind) {
    case "system":
      return false;
    case "latest":
    case "lts":
      return parsed.pre === "";
    case "prefix":
      return fitsPrefix(version, parsed, request);
    case "range": {
      const [major = 0, minor = 0, patch = 0] = parsed.numbers;
      const pre = parsed.pre.replace(/^-/, "");
      return satisfies(
        { numbers: [major, minor, patch], written: 3, pre: pre === "" ? [] : pre.split(".") },
        request.range,
      );
    }
  }
}

function fitsPrefix(
  text: string,
  found: ToolVersion,
  { text: wantedText, version: wanted }: Extract<VersionRequest, { kind: "prefix" }>,
): boolean {
  if (text === wantedText) return true;
  if (wanted.build !== "" && wanted.build !== found.build) return false;
  if (!wanted.numbers.every((number, index) => (found.numbers[index] ?? 0) === number)) return false;
  // A preview is meant only where it is named.
  return wanted.pre === found.pre;
}
