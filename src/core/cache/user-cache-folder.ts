/** Where zr keeps for a user what can be made again, without a slash at its end; undefined where nobody says where. */
export function userCacheFolder(
  os: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const own = env["XDG_CACHE_HOME"];
  if (own !== undefined && own !== "") return `${own}/zr`;
  if (os === "windows") {
    const local = env["LOCALAPPDATA"]?.replaceAll("\\", "/");
    return local === undefined ? undefined : `${local}/zr`;
  }
  const home = env["HOME"] ?? "";
  if (home === "") return undefined;
  return os === "darwin" ? `${home}/Library/Caches/zr` : `${home}/.cache/zr`;
}
