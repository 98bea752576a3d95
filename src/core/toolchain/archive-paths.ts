/**
 * The parts of a member's name below the folder it is unpacked to; none for the folder itself. Undefined where the name
 * is absolute, goes up, or holds what would be read otherwise on some system.
 */
export function memberParts(name: string): readonly string[] | undefined {
  if (name.includes("\0") || name.startsWith("/") || /^[A-Za-z]:/.test(name) || name.includes("\\"))
    return undefined;
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  // Windows leaves points and spaces at the end of a name out.
  return parts.some((part) => /^\.[. ]+$/.test(part)) ? undefined : parts;
}

/** What names are one for a file system that does not tell capital letters, or ways to write an accent, apart. */
export const foldedName = (name: string): string => name.normalize("NFC").toLowerCase();

const MOST_LINKS = 40;

/**
 * Whether a symbolic link stays in the folder, whatever other links of the archive it goes through. Names are relative
 * to the folder, `links` has every link's target by name.
 */
export function staysInside(name: string, links: ReadonlyMap<string, string>): boolean {
  let followed = 0;
  const at: string[] = [];
  let rest = name.split("/");
  while (rest.length > 0) {
    const [part = "", ...behind] = rest;
    rest = behind;
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (at.length === 0) return false;
      at.pop();
      continue;
    }
    at.push(part);
    const target = links.get(at.join("/"));
    if (target === undefined) continue;
    followed += 1;
    if (
      followed > MOST_LINKS ||
      target === "" ||
      target.includes("\0") ||
      target.startsWith("/") ||
      /^[A-Za-z]:|\\/.test(target)
    )
      return false;
    at.pop();
    rest = [...target.split("/"), ...rest];
  }
  return true;
}
