import { isAbsolute } from "#base/path";

/** Where zr keeps for a user what can be made again, without a slash at its end; undefined where nobody says where. */
export function userCacheFolder(
  os: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const own = env["XDG_CACHE_HOME"];
  // By the XDG Base Directory Specification a path that is not absolute is as good as none.
  if (own !== undefined && isAbsolute(own)) return `${own}/zr`;
  if (os === "windows") {
    const local = env["LOCALAPPDATA"]?.replaceAll("\\", "/");
    return local === undefined ? undefined : `${local}/zr`;
  }
  const home = env["HOME"] ?? "";
  if (home === "") return undefined;
  return os === "darwin" ? `${home}/Library/Caches/zr` : `${home}/.cache/zr`;
}
