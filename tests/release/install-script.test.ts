import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { tarGz } from "#scripts/releasing/archive";
import { minisign, parseSecretKey, type SigningKey } from "#scripts/releasing/sign";
import { ensureBinary, REPOSITORY } from "#tests/support/binary";
import { testUnless, without } from "#tests/support/left-out";

/*
 * The installer in the shells that there are, against a release of the program that is tested, on a server on loopback.
 */

const VERSION = "9.8.7";
const ARCH = process.arch === "arm64" ? "arm64" : "x64";
const ARCHIVE = `zr-${VERSION}-linux-${ARCH}.tar.gz`;
const folder = mkdtempSync(join(tmpdir(), "zr-install-"));
/** A release whose program only says its version, and one with the program that is tested, below `/real`. */
const files = new Map<string, Uint8Array>();
const real = new Map<string, Uint8Array>();
let server: ReturnType<typeof Bun.serve> | undefined;
let script = "";

beforeAll(async () => {
  const [program = ""] = await ensureBinary();
  const key = await parseSecretKey(await testKey());
  if (!key.ok) throw new Error(key.error);
  await fill(files, Buffer.from(`#!/bin/sh\necho zr ${VERSION}\n`), key.value);
  await fill(real, readFileSync(program), key.value);
  script = readFileSync(join(REPOSITORY, "scripts/install.sh"), "utf8").replace(
    "ZR_KEY=''",
    `ZR_KEY='${key.value.publicKey}'`,
  );
  server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer });
}, 120_000);

async function fill(release: Map<string, Uint8Array>, program: Uint8Array, key: SigningKey): Promise<void> {
  const bytes = tarGz(
    [
      { name: `zr-${VERSION}-linux-${ARCH}/zr`, bytes: program, isExecutable: true },
      { name: `zr-${VERSION}-linux-${ARCH}/LICENSE`, bytes: Buffer.from("MIT\n"), isExecutable: false },
    ],
    0,
  );
  const sums = new TextEncoder().encode(`${Bun.SHA256.hash(bytes, "hex")}  ${ARCHIVE}\n`);
  release.set(ARCHIVE, bytes);
  release.set("SHA256SUMS", sums);
  release.set("SHA256SUMS.minisig", new TextEncoder().encode(await minisign(sums, key, `zr ${VERSION}`)));
}

afterAll(async () => {
  await server?.stop(true);
  rmSync(folder, { recursive: true, force: true });
});

/** A key pair in the form that minisign keeps it in, without a password. */
async function testKey(): Promise<string> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const seed = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)).slice(16);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const bytes = new Uint8Array(158);
  bytes.set(new TextEncoder().encode("Ed\0\0B2"));
  bytes.set([1, 2, 3, 4, 5, 6, 7, 8], 54);
  bytes.set(seed, 62);
  bytes.set(raw, 94);
  return bytes.toBase64();
}

/** `/latest/download/NAME`, `/download/vVERSION/NAME`; names below `/broken` come wrong. */
function answer(request: Request): Response {
  const { pathname } = new URL(request.url);
  const name = pathname.slice(pathname.lastIndexOf("/") + 1);
  const bytes = (pathname.startsWith("/real/") ? real : files).get(name);
  const isKnown = pathname.includes("/latest/") || pathname.includes(`/download/v${VERSION}/`);
  if (bytes === undefined || !isKnown) return new Response("not found", { status: 404 });
  if (pathname.startsWith("/cut/") && name === ARCHIVE) return new Response(bytes.slice(0, -9));
  if (pathname.startsWith("/sums/") && name === "SHA256SUMS")
    return new Response(
      new TextDecoder().decode(bytes).replace(/^./, (digit) => (digit === "0" ? "1" : "0")),
    );
  if (pathname.startsWith("/unsigned/") && name === "SHA256SUMS.minisig")
    return new Response("not found", { status: 404 });
  if (pathname.startsWith("/loop/")) return Response.redirect(request.url, 302);
  return new Response(bytes.slice());
}

interface Installed {
  readonly code: number;
  readonly said: string;
  readonly home: string;
}

interface Setting {
  readonly shell?: readonly string[];
  readonly place?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly home?: string;
}

let homes = 0;

async function install(
  args: readonly string[],
  { shell = ["sh"], place = "", env = {}, home = join(folder, `home-${(homes += 1)}`) }: Setting = {},
): Promise<Installed> {
  mkdirSync(home, { recursive: true });
  const child = Bun.spawn([...shell, "-s", "--", ...args], {
    cwd: home,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: home,
      TMPDIR: folder,
      ZR_RELEASES: `http://127.0.0.1:${server?.port}${place}`,
      ...env,
    },
    stdin: new Blob([script]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, error, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, said: out + error, home };
}

const SHELLS: readonly (readonly string[])[] = [
  ["sh"],
  ["dash"],
  ["bash"],
  ["busybox", "sh"],
  ["zsh", "--emulate", "sh"],
];

for (const shell of SHELLS) {
  testUnless(without(shell[0] ?? ""))(
    `the installer installs, upgrades and removes in ${shell.join(" ")}`,
    async () => {
      const first = await install([], { shell });
      expect(first.code).toBe(0);
      expect(first.said).toContain(`installed ${first.home}/.local/bin/zr`);
      expect(first.said).toContain(`zr ${VERSION} for linux-${ARCH}`);
      expect(first.said).toContain("is not in PATH");
      const program = join(first.home, ".local/bin/zr");
      expect(Bun.spawnSync([program, "--version"]).stdout.toString()).toBe(`zr ${VERSION}\n`);
      writeFileSync(program, "#!/bin/sh\necho old\n");
      const again = await install([`--version=${VERSION}`], { shell, home: first.home });
      expect(again.code).toBe(0);
      expect(Bun.spawnSync([program]).stdout.toString()).toBe(`zr ${VERSION}\n`);
      expect(readdirSync(join(first.home, ".local/bin"))).toEqual(["zr"]);
      const gone = await install(["--uninstall"], { shell, home: first.home });
      expect([gone.code, existsSync(program)]).toEqual([0, false]);
    },
  );
}

test("the installer puts completions where the user's shell looks for them, unless told not to", async () => {
  const { home } = await install([], { place: "/real", env: { SHELL: "/usr/bin/fish" } });
  expect(existsSync(join(home, ".config/fish/completions/zr.fish"))).toBe(true);
  const without = await install(["--no-completions"], { place: "/real", env: { SHELL: "/usr/bin/fish" } });
  expect(existsSync(join(without.home, ".config"))).toBe(false);
});

test("the installer takes a release from a folder, and needs no network for it", async () => {
  const from = join(folder, "release");
  mkdirSync(from);
  for (const [name, bytes] of files) writeFileSync(join(from, name), bytes);
  const target = join(folder, "offline", "bin");
  const { code, said } = await install(["--from", from, "--dir", target], {
    env: { ZR_RELEASES: "http://127.0.0.1:1" },
  });
  expect([code, said.includes(`installed ${target}/zr`)]).toEqual([0, true]);
});

test("without a home the installer takes a folder that is named, as seen from where it runs", async () => {
  const { code, said, home } = await install(["--dir", "some/bin/"], { env: { HOME: "" } });
  expect([code, said.includes(`${home}/some/bin is not in PATH`)]).toEqual([0, true]);
  expect(readdirSync(join(home, "some/bin"))).toEqual(["zr"]);
});

test("a tilde that no shell has filled in is the home", async () => {
  for (const words of [["--dir=~/own bin"], ["--dir", "~/own bin"]]) {
    const { code, home } = await install(words);
    expect([code, readdirSync(join(home, "own bin")), existsSync(join(home, "~"))]).toEqual([
      0,
      ["zr"],
      false,
    ]);
  }
});

test("where a folder has the name of the program, the installer says so and puts nothing into it", async () => {
  const home = join(folder, "with-folder");
  mkdirSync(join(home, ".local/bin/zr"), { recursive: true });
  const { code, said } = await install([], { home });
  expect([code, said.includes(`${home}/.local/bin/zr is a folder`)]).toEqual([1, true]);
  expect(readdirSync(join(home, ".local/bin/zr"))).toEqual([]);
});

const REFUSED: readonly (readonly [string, readonly string[], Setting, RegExp])[] = [
  ["a version that there is not", ["--version", "0.0.1"], {}, /release 0\.0\.1 can't be had: .*404/],
  ["a server that nobody runs", [], { env: { ZR_RELEASES: "http://127.0.0.1:1" } }, /can't be had/],
  ["an archive that was cut short", [], { place: "/cut" }, /is not what the release says: its SHA-256/],
  ["sums that were changed", [], { place: "/sums" }, /the signature of the release is wrong/],
  ["a release without a signature", [], { place: "/unsigned" }, /the release has no signature/],
  ["redirects in a circle", [], { place: "/loop" }, /can't be had/],
  ["a version that is none", ["--version", "1;2"], {}, /is no version/],
  ["an unknown option", ["--frobnicate"], {}, /unknown option --frobnicate/],
  ["a folder that is not there", ["--from", "/nowhere"], {}, /\/nowhere\/SHA256SUMS can't be read/],
  ["a folder that can't be made", ["--dir", "/proc/zr"], {}, /\/proc\/zr can't be made/],
  ["no home", [], { env: { HOME: "" } }, /HOME is not set/],
  ["a version of dots", ["--version", ".."], {}, /is no version/],
];

test.each(REFUSED)(
  "the installer refuses %s and leaves nothing behind",
  async (_, args, setting, expected) => {
    const { code, said, home } = await install(args, setting);
    expect(code).toBe(1);
    expect(said).toMatch(expected);
    expect(existsSync(join(home, ".local"))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.startsWith("tmp."))).toEqual([]);
  },
);

/** A PATH with these programs and no others. */
function pathOf(...programs: readonly string[]): string {
  const bin = mkdtempSync(join(folder, "bin-"));
  for (const name of programs) {
    const found = Bun.which(name);
    if (found !== null) writeFileSync(join(bin, name), `#!/bin/sh\nexec ${found} "$@"\n`);
    if (found !== null) chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

const BASICS = [
  "uname",
  "mktemp",
  "rm",
  "mkdir",
  "cp",
  "chmod",
  "mv",
  "sed",
  "head",
  "tail",
  "gzip",
  "tar",
  "tr",
  "grep",
  "cat",
];

test("without anything to check the signature by, the installer says so, and fails where that is needed", async () => {
  const env = { PATH: pathOf(...BASICS, "curl", "sha256sum") };
  const { code, said } = await install([], { shell: ["/bin/sh"], env });
  expect([code, said.includes("the signature was not checked")]).toEqual([0, true]);
  const strict = await install(["--need-signature"], { shell: ["/bin/sh"], env });
  expect([strict.code, strict.said.includes("the signature can't be checked")]).toEqual([1, true]);
});

testUnless(without("openssl", "wget"))(
  "with wget and OpenSSL alone the installer checks signature and sums",
  async () => {
    const env = { PATH: pathOf(...BASICS, "wget", "openssl") };
    const good = await install([], { shell: ["/bin/sh"], env });
    expect([good.code, good.said.includes("not checked")]).toEqual([0, false]);
    const bad = await install([], { shell: ["/bin/sh"], env, place: "/sums" });
    expect([bad.code, bad.said.includes("the signature of the release is wrong")]).toEqual([1, true]);
  },
);

test("on another system, another machine and another libc the installer says what there is", async () => {
  const fake = (name: string, text: string): string => {
    const bin = mkdtempSync(join(folder, "fake-"));
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
    return `${bin}:${process.env["PATH"] ?? ""}`;
  };
  const on = async (text: string): Promise<string> =>
    (await install([], { env: { PATH: fake("uname", text) } })).said;
  expect(await on('[ "$1" = -s ] && echo Plan9 || echo x86_64')).toContain("there is no zr for Plan9");
  expect(await on('[ "$1" = -s ] && echo Linux || echo riscv64')).toContain("there is no zr for riscv64");
  expect(await on('[ "$1" = -s ] && echo MINGW64_NT || echo x86_64')).toContain("install.ps1");
  const other = ARCH === "x64" ? "aarch64" : "x86_64";
  expect(await on(`[ "$1" = -s ] && echo Linux || echo ${other}`)).toMatch(/needs glibc|nothing for/);
  expect(await on('[ "$1" = -s ] && echo Darwin || echo arm64')).toContain(
    "the release has nothing for darwin-arm64",
  );
});

test("a shell under Rosetta gets the program for the machine's own processor", async () => {
  const bin = mkdtempSync(join(folder, "rosetta-"));
  writeFileSync(join(bin, "uname"), '#!/bin/sh\n[ "$1" = -s ] && echo Darwin || echo x86_64\n');
  writeFileSync(join(bin, "sysctl"), '#!/bin/sh\n[ "$*" = "-n sysctl.proc_translated" ] && echo 1\n');
  for (const name of ["uname", "sysctl"]) chmodSync(join(bin, name), 0o755);
  const { said } = await install([], { env: { PATH: `${bin}:${process.env["PATH"] ?? ""}` } });
  expect(said).toContain("the release has nothing for darwin-arm64");
});

testUnless(without("curl"))("behind a proxy everything is fetched by it", async () => {
  const asked: string[] = [];
  using proxy = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data: async (socket, data) => {
        const [, url = ""] = /^GET (http:\/\/releases\.invalid\/\S+) HTTP/.exec(data.toString()) ?? [];
        asked.push(url);
        const body = await answer(new Request(url)).bytes();
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`);
        socket.write(body);
        socket.end();
      },
    },
  });
  const env = { ZR_RELEASES: "http://releases.invalid", http_proxy: `http://127.0.0.1:${proxy.port}` };
  const { code, said } = await install([], { env });
  expect([code, said.includes("installed")]).toEqual([0, true]);
  expect(asked).toContain(`http://releases.invalid/latest/download/${ARCHIVE}`);
});

test("half of the installer does nothing", async () => {
  const whole = script;
  try {
    for (const part of [0.3, 0.6, 0.9, 0.99]) {
      script = whole.slice(0, Math.floor(whole.length * part));
      const { home } = await install([]);
      expect(existsSync(join(home, ".local"))).toBe(false);
    }
  } finally {
    script = whole;
  }
});
