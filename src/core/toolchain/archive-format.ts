/** Forms in which tools are published; `file` is a program as it is. */
export type ArchiveFormat = "tar.gz" | "tar.xz" | "tar.zst" | "tar" | "zip" | "file";

const ENDINGS: readonly (readonly [string, ArchiveFormat])[] = [
  [".tar.gz", "tar.gz"],
  [".tgz", "tar.gz"],
  [".tar.xz", "tar.xz"],
  [".txz", "tar.xz"],
  [".tar.zst", "tar.zst"],
  [".tzst", "tar.zst"],
  [".tar", "tar"],
  [".zip", "zip"],
  [".jar", "file"],
];

/** By the end of the address, whatever is asked behind it. */
export function archiveFormat(url: string): ArchiveFormat {
  const path = url.replace(/[?#].*$/, "").toLowerCase();
  return ENDINGS.find(([ending]) => path.endsWith(ending))?.[1] ?? "file";
}

/** The name of the file behind an address. */
export const archiveName = (url: string): string => {
  const path = url.replace(/[?#].*$/, "");
  return decodeName(path.slice(path.lastIndexOf("/") + 1));
};

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
