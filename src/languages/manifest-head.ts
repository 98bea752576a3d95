import { textAt } from "#base/value-at";
import type { ManifestPackage } from "./language-provider";

/** What a manifest of JSON says of its package under `name` and `version`. */
export function manifestHead(
  file: string,
  value: unknown,
): Pick<ManifestPackage, "manifest" | "name" | "version" | "namePlace"> {
  const name = textAt(value, "name");
  const version = textAt(value, "version");
  return {
    manifest: file,
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    namePlace: { file, path: ["name"] },
  };
}
