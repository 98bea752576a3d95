import { minisign } from "#scripts/releasing/sign";
import type { SigningKey } from "#scripts/releasing/sign";
import { compileProgram } from "#scripts/compile";
import { tarBytes } from "./tar-bytes";
import type { TarEntry } from "./tar-bytes";

type Answer = Uint8Array<ArrayBuffer> | string | ((request: Request) => Response | Promise<Response>);

export const PLATFORM = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;

export const archiveOf = (version: string): string => `zr-${version}-${PLATFORM}.tar.gz`;

/** A key as `minisign -G -W` makes it. */
export async function makeKey(): Promise<SigningKey> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const id = crypto.getRandomValues(new Uint8Array(8));
  return {
    id,
    publicKey: new Uint8Array([0x45, 0x64, ...id, ...raw]).toBase64(),
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, bytes)),
  };
}

/** Compiles zr as a release of that version does, with that key. */
export async function buildRelease(file: string, version: string, key: string | undefined): Promise<void> {
  const texts = {
    ZR_VERSION: version,
    ZR_COMMIT: "unknown",
    ZR_RELEASE_KEY: key ?? "",
    ZR_RELEASES_URL: "http://127.0.0.1:1/releases",
  };
  const defines = Object.entries(texts).flatMap(([name, text]) => [
    "--define",
    `${name}=${JSON.stringify(text)}`,
  ]);
  const built = await compileProgram({ file, defines });
  if (!built.ok) throw new Error(`zr ${version} could not be built\n${built.error}`);
}

/** The members of an archive of a release around a program. */
export function releaseEntries(version: string, program: string | Uint8Array): readonly TarEntry[] {
  const top = `zr-${version}-${PLATFORM}`;
  return [
    { name: `${top}/LICENSE`, content: "MIT\n" },
    { name: `${top}/README.md`, content: "# zr\n" },
    { name: `${top}/completions/zr.bash`, content: "" },
    { name: `${top}/zr`, content: program, mode: 0o755 },
  ];
}

/** A program that is a zr of some version as far as an upgrade looks. */
export const script = (version: string): string => `#!/bin/sh\necho zr ${version}\n`;

export interface Published {
  readonly entries?: readonly TarEntry[];
  /** Of the archive, instead of its own. */
  readonly sha256?: string;
  readonly key?: SigningKey;
}

/** A server of releases on this machine, with the addresses that GitHub has. Each path can be given another answer. */
export class ReleaseSite implements Disposable {
  /** Paths that have been asked for, first to last. */
  readonly asked: string[] = [];
  readonly #answers = new Map<string, Answer>();
  readonly #server: Bun.Server<undefined>;
  readonly #key: SigningKey;

  constructor(key: SigningKey) {
    this.#key = key;
    this.#server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      idleTimeout: 0,
      fetch: (request) => {
        const { pathname } = new URL(request.url);
        this.asked.push(pathname);
        const answer = this.#answers.get(pathname);
        if (answer === undefined) return new Response("not found", { status: 404 });
        return typeof answer === "function" ? answer(request) : new Response(answer);
      },
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.port}/releases`;
  }

  get port(): number {
    return this.#server.port ?? 0;
  }

  /** @param path below `/releases/`. */
  answer(path: string, answer: Answer): void {
    this.#answers.set(`/releases/${path}`, answer);
  }

  /** Publishes a version, signed, and makes it the newest. */
  async publish(version: string, { entries, sha256, key = this.#key }: Published = {}): Promise<void> {
    const archive = Bun.gzipSync(tarBytes(entries ?? releaseEntries(version, script(version))), { level: 1 });
    const name = archiveOf(version);
    const sums = [
      `${sha256 ?? new Bun.CryptoHasher("sha256").update(archive).digest("hex")}  ${name}\n`,
      `${"0".repeat(64)}  zr-${version}.cdx.json\n`,
    ].join("");
    const signature = await minisign(new TextEncoder().encode(sums), key, `zr ${version}`);
    for (const folder of [`download/v${version}`, "latest/download"]) {
      this.answer(`${folder}/SHA256SUMS`, sums);
      this.answer(`${folder}/SHA256SUMS.minisig`, signature);
      this.answer(`${folder}/${name}`, archive);
    }
  }

  [Symbol.dispose](): void {
    void this.#server.stop(true);
  }
}
