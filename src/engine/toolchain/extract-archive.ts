import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { foldedName, memberParts, staysInside } from "#core/toolchain/archive-paths";
import type { ArchiveFormat } from "#core/toolchain/archive-format";
import type { ToolLayout } from "#core/toolchain/toolchain";
import { readTar, TarError } from "#system/archive/tar-read";
import { unpacked } from "#system/archive/unpacked";
import type { Compression } from "#system/archive/unpacked";
import { readZip, ZipError } from "#system/archive/zip-read";
import { fileSize } from "#system/fs/file-pieces";
import { blockingFileSystem, fileSystem } from "#system/runtime-modules";

export interface ExtractRequest {
  readonly archive: string;
  readonly format: Exclude<ArchiveFormat, "file">;
  /** A new folder, of this process alone until it is renamed. */
  readonly folder: string;
  readonly layout: Pick<ToolLayout, "strip" | "skip">;
  /** Told how many bytes of the archive's content are there. */
  readonly onBytes?: (count: number) => void;
  /** Ends it between two files. */
  readonly signal?: AbortSignal;
}

/** Bad archives are the publisher's or an attacker's doing; failures are the system's. */
export interface ExtractFailure {
  readonly kind: "archive" | "system";
  readonly reason: string;
}

/** Nothing that is a tool holds more. */
const MOST_MEMBERS = 500_000;
const MOST_BYTES = 16 * 1024 ** 3;
/** Programs and sources pack to a tenth at best; what unpacks to so much more is made to fill disks. */
const MOST_GROWTH = 100;
const SMALL = 64 * 1024 ** 2;

interface Member {
  readonly name: string;
  readonly kind: string;
  readonly mode: number;
  readonly link?: string;
  readonly body: () => AsyncGenerator<Uint8Array>;
}

class Refused extends Error {}

/**
 * Unpacks an archive into a new folder. Whatever would reach out of it is refused: names and links that lead elsewhere,
 * devices, and content out of proportion. Links are made after all files, so that nothing is ever written through one.
 */
export async function extractArchive(request: ExtractRequest): Promise<Result<void, ExtractFailure>> {
  const { archive, format } = request;
  const place = new Place(request, Math.min(MOST_BYTES, fileSize(archive) * MOST_GROWTH + SMALL));
  try {
    const members: AsyncGenerator<Member> =
      format === "zip" ? readZip(archive) : readTar(unpacked(archive, COMPRESSIONS[format]));
    for await (const member of members) {
      if (request.signal?.aborted === true) return err({ kind: "system", reason: "it was interrupted" });
      await place.put(member);
    }
    await place.finish();
    return ok(undefined);
  } catch (error) {
    if (error instanceof Refused || error instanceof TarError || error instanceof ZipError)
      return err({ kind: "archive", reason: error.message });
    const isSystem = error instanceof Error && "syscall" in error;
    // What a decoder throws for bytes that it does not understand.
    const reason = error instanceof Error ? error.message : String(error);
    return err(
      isSystem ? { kind: "system", reason } : { kind: "archive", reason: `it is damaged (${reason})` },
    );
  }
}

const COMPRESSIONS: Readonly<Record<"tar" | "tar.gz" | "tar.xz" | "tar.zst", Compression>> = {
  tar: "none",
  "tar.gz": "gzip",
  "tar.xz": "xz",
  "tar.zst": "zstd",
};

/** The folder that is being filled. */
class Place {
  readonly #folder: string;
  readonly #layout: ExtractRequest["layout"];
  readonly #limit: number;
  readonly #onBytes: (count: number) => void;
  readonly #links = new Map<string, string>();
  readonly #hardLinks: (readonly [string, string])[] = [];
  readonly #folders = new Set<string>();
  readonly #files = new Set<string>();
  #members = 0;
  #bytes = 0;

  /** @param limit bytes that may be unpacked in all. */
  constructor({ folder, layout, onBytes }: ExtractRequest, limit: number) {
    this.#folder = folder;
    this.#layout = layout;
    this.#limit = limit;
    this.#onBytes = onBytes ?? (() => undefined);
  }

  async put(member: Member): Promise<void> {
    this.#members += 1;
    if (this.#members > MOST_MEMBERS) throw new Refused(`it holds more than ${MOST_MEMBERS} files`);
    const { name, kind } = member;
    const parts = memberParts(name);
    if (parts === undefined) throw new Refused(`'${name}' leads out of the folder`);
    if (this.#layout.skip?.(name) === true) return;
    const path = this.#strip(parts);
    if (path === "") return;
    if (kind === "folder") this.#makeFolder(path);
    else if (kind === "file") await this.#write(path, member);
    else if (kind === "symlink") this.#links.set(path, await linkOf(member));
    else if (kind === "hardlink") this.#hardLinks.push([path, await this.#linkedFile(member)]);
    else throw new Refused(`'${name}' is a device or another special file`);
  }

  /** Makes the links, now that all they can lead to is there. */
  async finish(): Promise<void> {
    const { link, symlink } = fileSystem();
    for (const [path, target] of this.#hardLinks) {
      if (!this.#files.has(target)) throw new Refused(`'${path}' is a link to what is not in the archive`);
      this.#makeFolder(parentOf(path));
      await link(`${this.#folder}/${target}`, `${this.#folder}/${path}`);
    }
    // Some systems take `Lib` for `lib`: a link must not be the way to another one there either.
    const folded = new Map([...this.#links].map(([path, target]) => [foldedName(path), foldedName(target)]));
    for (const path of this.#links.keys()) {
      if (!staysInside(path, this.#links) || !staysInside(foldedName(path), folded))
        throw new Refused(`'${path}' is a link out of the folder`);
      if (parentsOf(path).some((parent) => folded.has(foldedName(parent))))
        throw new Refused(`'${path}' lies behind a link`);
      if (this.#folders.has(path) || this.#files.has(path)) throw new Refused(`'${path}' is there twice`);
    }
    for (const [path, target] of this.#links) {
      this.#makeFolder(parentOf(path));
      await symlink(target, `${this.#folder}/${path}`);
    }
  }

  #strip(parts: readonly string[]): string {
    const { strip } = this.#layout;
    return parts.slice(strip === "auto" ? 0 : strip).join("/");
  }

  async #linkedFile({ name, link = "" }: Member): Promise<string> {
    const parts = memberParts(link);
    if (parts === undefined) throw new Refused(`'${name}' is a link out of the folder`);
    return this.#strip(parts);
  }

  async #write(path: string, { body, mode }: Member): Promise<void> {
    // A call that waits for the disk is shorter than the way through the thread pool, for thousands of small files.
    const { closeSync, openSync, writeSync } = blockingFileSystem();
    this.#makeFolder(parentOf(path));
    if (this.#folders.has(path)) throw new Refused(`'${path}' is there twice`);
    const handle = openSync(`${this.#folder}/${path}`, "w", (mode & 0o111) === 0 ? 0o644 : 0o755);
    try {
      for await (const piece of body()) {
        this.#bytes += piece.length;
        if (this.#bytes > this.#limit) throw new Refused("it unpacks to far more than it is itself");
        for (let at = 0; at < piece.length;) at += writeSync(handle, piece, at);
        this.#onBytes(piece.length);
      }
    } finally {
      closeSync(handle);
    }
    this.#files.add(path);
  }

  #makeFolder(path: string): void {
    if (path === "" || this.#folders.has(path)) return;
    blockingFileSystem().mkdirSync(`${this.#folder}/${path}`, { recursive: true });
    for (const parent of [path, ...parentsOf(path)]) this.#folders.add(parent);
  }
}

async function linkOf({ link, body }: Member): Promise<string> {
  if (link !== undefined) return link;
  // In a ZIP file the target is the content.
  const bytes: Uint8Array[] = [];
  for await (const piece of body()) {
    bytes.push(piece);
    if (bytes.length > 16) throw new Refused("a link with a target that is too long");
  }
  return Buffer.concat(bytes).toString();
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** All folders above, the nearest first. */
function parentsOf(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = parentOf(path); at !== ""; at = parentOf(at)) found.push(at);
  return found;
}
