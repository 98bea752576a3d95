import { tarGz } from "./tar-bytes";
import type { TarEntry } from "./tar-bytes";

type Answer = Uint8Array<ArrayBuffer> | string | ((request: Request) => Response | Promise<Response>);

/**
 * A site like that of Node.js on this machine: its index, checksums and archives of programs that are shell scripts. Each
 * path can be given another answer, to see what comes of it.
 */
export class ToolSite implements Disposable {
  /** Paths that have been asked for, first to last. */
  readonly asked: string[] = [];
  readonly #answers = new Map<string, Answer>();
  readonly #server: Bun.Server<undefined>;
  readonly #versions: { readonly version: string; readonly lts: string | false }[] = [];

  constructor() {
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
    return `http://127.0.0.1:${this.#server.port}`;
  }

  /** For the environment of zr. */
  get variables(): Readonly<Record<string, string>> {
    return { ZR_MIRROR_NODE: this.url, ZR_DOWNLOAD_TIMEOUT: "300ms" };
  }

  answer(path: string, answer: Answer): void {
    this.#answers.set(path, answer);
  }

  /** Publishes a version whose `node` prints it; `archive` replaces the usual one. */
  publish(
    version: string,
    {
      lts = false,
      archive,
    }: { readonly lts?: string | false; readonly archive?: Uint8Array<ArrayBuffer> } = {},
  ): Uint8Array<ArrayBuffer> {
    const bytes = archive ?? tarGz(nodeEntries(version));
    const name = archiveName(version);
    this.answer(`/v${version}/${name}`, bytes);
    this.answer(`/v${version}/SHASUMS256.txt`, `${sha256(bytes)}  ${name}\n`);
    this.#versions.push({ version, lts });
    this.answer(
      "/index.json",
      JSON.stringify(
        this.#versions.map((one) => ({ version: `v${one.version}`, lts: one.lts, files: ["linux-x64"] })),
      ),
    );
    return bytes;
  }

  [Symbol.dispose](): void {
    void this.#server.stop(true);
  }
}

export const archiveName = (version: string): string => `node-v${version}-linux-x64.tar.gz`;
export const archivePath = (version: string): string => `/v${version}/${archiveName(version)}`;

export const sha256 = (bytes: Uint8Array): string =>
  new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

/** The members of an archive as Node's, with a script in the place of the program. */
export function nodeEntries(version: string): readonly TarEntry[] {
  const top = `node-v${version}-linux-x64`;
  return [
    { name: `${top}/`, type: "5", mode: 0o755 },
    { name: `${top}/bin/`, type: "5", mode: 0o755 },
    { name: `${top}/bin/node`, mode: 0o755, content: `#!/bin/sh\necho v${version}\n` },
    { name: `${top}/lib/npm.sh`, mode: 0o755, content: "#!/bin/sh\necho npm\n" },
    { name: `${top}/bin/npm`, type: "2", link: "../lib/npm.sh" },
  ];
}
