import { archiveFormat } from "./archive-format";

const SYSTEM_WORDS: Readonly<Record<string, readonly string[]>> = {
  linux: ["linux"],
  darwin: ["darwin", "macos", "apple", "osx", "mac"],
  windows: ["windows", "win64", "win32", "win", "pc-windows"],
};
const ARCH_WORDS: Readonly<Record<string, readonly string[]>> = {
  x64: ["x86_64", "amd64", "x64", "64bit", "x86-64"],
  arm64: ["aarch64", "arm64", "armv8"],
};
/** What stands beside the programs in a release. */
const NOT_PROGRAMS =
  /\.(?:sha\d+(?:sums?)?|md5|sig|asc|pem|minisig|sbom|spdx|json|txt|deb|rpm|apk|msi|pkg|dmg|appimage|gem|whl|vsix|crt|cert|bundle|intoto\.jsonl|bz2|7z|rar|gz|xz|zst)$|(?:^|[-_.])(?:checksums?|sha256sums?|src|source|sources|debug|symbols)(?:[-_.]|$)/i;

/** The file of a release that is meant for a platform, by the words in its name; undefined where none is. */
export function chooseAsset(names: readonly string[], platform: string): string | undefined {
  const [os = "", arch = "", libc] = platform.split("-");
  const scored = names.flatMap((name) => {
    const score = scoreOf(name.toLowerCase(), { os, arch, libc });
    return score === undefined ? [] : [{ name, score }];
  });
  return scored.toSorted((a, b) => b.score - a.score || a.name.length - b.name.length)[0]?.name;
}

function scoreOf(
  name: string,
  { os, arch, libc }: { readonly os: string; readonly arch: string; readonly libc: string | undefined },
): number | undefined {
  const format = archiveFormat(name);
  if (format === "file" && NOT_PROGRAMS.test(name)) return undefined;
  const has = (words: readonly string[] | undefined): boolean =>
    (words ?? []).some((word) => hasWord(name, word));
  // `darwin` holds `win`.
  if (!has(SYSTEM_WORDS[os]) || (os === "windows" && has(SYSTEM_WORDS["darwin"]))) return undefined;
  const isUniversal = os === "darwin" && /universal|all/.test(name);
  const otherArch = arch === "x64" ? "arm64" : "x64";
  if (!has(ARCH_WORDS[arch])) {
    if (has(ARCH_WORDS[otherArch]) || /i[3-6]86|armv?[67]|386|riscv|ppc|s390/.test(name)) return undefined;
    if (!isUniversal && arch !== "x64") return undefined;
  }
  let score = has(ARCH_WORDS[arch]) ? 10 : 0;
  const isMusl = name.includes("musl");
  if (libc === "musl") score += isMusl ? 5 : 0;
  // What is linked statically runs everywhere; what is made for the system's own library is the usual choice.
  else if (isMusl) score -= 1;
  if (format !== "file") score += 2;
  return score;
}

const hasWord = (name: string, word: string): boolean =>
  new RegExp(`(?<![a-z0-9])${word.replaceAll(/[-_]/g, "[-_]")}(?![a-z0-9])`).test(name) ||
  (word.length > 4 && name.includes(word));
