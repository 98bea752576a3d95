import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "bun:test";
import { tarGz, zip, type ArchiveFile } from "#scripts/releasing/archive";
import { releaseNotes } from "#scripts/releasing/changes";
import { formula } from "#scripts/releasing/formula";
import { sbom } from "#scripts/releasing/sbom";
import { ensureBinary, REPOSITORY } from "#tests/support/binary";
import { testUnless, without } from "#tests/support/left-out";

const folder = mkdtempSync(join(tmpdir(), "zr-release-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const FILES: readonly ArchiveFile[] = [
  { name: "zr-1/zr", bytes: bytes("program\n".repeat(9999)), isExecutable: true },
  { name: "zr-1/LICENSE", bytes: bytes("MIT\n"), isExecutable: false },
];

test("archives hold what was put in, with modes and one time, whatever the order and the machine", async () => {
  writeFileSync(join(folder, "a.tar.gz"), tarGz(FILES, 1_700_000_000));
  const listed = Bun.spawnSync(["tar", "-tvzf", join(folder, "a.tar.gz")], {
    env: { ...process.env, TZ: "UTC" },
  });
  expect(listed.stdout.toString()).toMatch(
    /-rw-r--r-- 0\/0 +4 2023-11-14 22:13 zr-1\/LICENSE\n-rwxr-xr-x 0\/0 +79992 .* zr-1\/zr/,
  );
  expect(tarGz([...FILES].reverse(), 1_700_000_000)).toEqual(tarGz(FILES, 1_700_000_000));
  expect(zip([...FILES].reverse(), 1_700_000_000)).toEqual(zip(FILES, 1_700_000_000));
  writeFileSync(join(folder, "a.zip"), zip(FILES, 1_700_000_000));
  const script =
    "import zipfile,sys; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), [(i.filename, oct(i.external_attr>>16), i.date_time) for i in z.infolist()])";
  const read = Bun.spawnSync(["python3", "-c", script, join(folder, "a.zip")]);
  if (Bun.which("python3") !== null)
    expect(read.stdout.toString()).toBe(
      "None [('zr-1/LICENSE', '0o100644', (2023, 11, 14, 22, 13, 20)), ('zr-1/zr', '0o100755', (2023, 11, 14, 22, 13, 20))]\n",
    );
});

test("the bill of materials names the runtime and every library of the program, and none that only builds it", async () => {
  const lock = readFileSync(join(REPOSITORY, "package-lock.json"), "utf8");
  const input = { version: "1.2.3", lock, runtime: "1.4.5", timeSeconds: 0 };
  const text = sbom(input);
  expect(sbom(input)).toBe(text);
  const { bomFormat, specVersion, components } = JSON.parse(text);
  expect([bomFormat, specVersion]).toEqual(["CycloneDX", "1.6"]);
  const names = components.map((component: { readonly name: string }) => component.name);
  expect(names).toContain("bun");
  expect(names).toContain("@iarna/toml");
  expect(names).not.toContain("oxlint");
  const undigested = components.filter(
    (component: { readonly type: string; readonly hashes?: unknown }) =>
      component.type === "library" && component.hashes === undefined,
  );
  expect(undigested).toEqual([]);
  const toml = components.find((component: { readonly name: string }) => component.name === "@iarna/toml");
  expect(toml.purl).toMatch(/^pkg:npm\/%40iarna\/toml@\d/);
  expect(toml.hashes[0].content).toMatch(/^[0-9a-f]{128}$/);
});

test("the notes of a release are what the changelog says of it, and the commits since the last one", () => {
  const changelog = "# Changelog\n\n## Unreleased\n\n- new\n\n## 0.1.0\n\n- old\n";
  const changes = { since: "v0.1.0", subjects: ["One", "Two"] };
  const notes = releaseNotes("0.2.0", changelog, changes);
  expect(notes).toContain("# zr 0.2.0\n\n- new\n");
  expect(notes).toContain("Commits since v0.1.0");
  expect(notes).toContain("- One\n- Two\n");
  expect(notes).not.toContain("old");
  expect(releaseNotes("0.1.0", changelog, changes)).toContain("# zr 0.1.0\n\n- old\n");
});

testUnless(without("ruby"))("the Homebrew formula is Ruby, and installs and tests the program", async () => {
  const [program = ""] = await ensureBinary();
  const reported = Bun.spawnSync([program, "--version"]).stdout.toString();
  const version = /\d+\.\d+\.\d+/.exec(reported)?.[0] ?? "";
  const arch = process.arch === "arm64" ? "arm64" : "x64";
  const name = `zr-${version}-linux-${arch}`;
  const archive = tarGz(
    [
      { name: `${name}/zr`, bytes: readFileSync(program), isExecutable: true },
      ...["zr.bash", "_zr", "zr.fish"].map((file) => ({
        name: `${name}/completions/${file}`,
        bytes: bytes("# completion\n"),
        isExecutable: false,
      })),
    ],
    0,
  );
  writeFileSync(join(folder, `${name}.tar.gz`), archive);
  const sums = new Map([[`${name}.tar.gz`, Bun.SHA256.hash(archive, "hex")]]);
  const text = formula({ version, sums, repository: "https://github.com/zr-build/zr" });
  writeFileSync(join(folder, "zr.rb"), text);
  expect(Bun.spawnSync(["ruby", "-c", join(folder, "zr.rb")]).stdout.toString()).toBe("Syntax OK\n");
  const run = (os: string, machine: string) =>
    Bun.spawnSync(
      [
        "ruby",
        join(REPOSITORY, "tests/release/formula-shim.rb"),
        join(folder, "zr.rb"),
        os,
        machine,
        folder,
        join(folder, "cellar"),
      ],
      { env: { ...process.env, HOME: folder, TMPDIR: folder } },
    );
  const done = run("linux", arch === "arm64" ? "arm" : "intel");
  expect(done.stderr.toString()).toBe("");
  expect(done.stdout.toString()).toBe(
    `installed bin/zr\ninstalled etc/bash_completion.d/zr\ninstalled share/zsh/site-functions/_zr\ninstalled share/fish/vendor_completions.d/zr.fish\ntested ${version}\n`,
  );
  expect(run("macos", "arm").stderr.toString()).toContain("nothing for macos on arm");
  writeFileSync(join(folder, `${name}.tar.gz`), "other");
  expect(run("linux", arch === "arm64" ? "arm" : "intel").stderr.toString()).toContain("the sum is wrong");
});
