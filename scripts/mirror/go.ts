import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { run, scratch, sha256, writeJson } from "./mirror-part";
import type { MirrorPart } from "./mirror-part";

const VERSIONS = ["1.24.1"] as const;

/** go.dev/dl: the list as JSON, with checksums, and the archives. */
export const go: MirrorPart = {
  name: "go",
  versions: VERSIONS,
  make: async (folder) => {
    const listed: unknown[] = [];
    for (const version of VERSIONS) {
      const filename = `go${version}.linux-amd64.tar.gz`;
      await scratch(folder, async (place) => {
        const module = `golang.org/toolchain@v0.0.1-go${version}.linux-amd64`;
        const env = { GOMODCACHE: join(place, "cache"), GOTOOLCHAIN: "local", GOFLAGS: "-modcacherw" };
        const said: unknown = JSON.parse(await run(["go", "mod", "download", "-json", module], place, env));
        const zip = (said as { readonly Zip?: string }).Zip;
        if (zip === undefined) throw new Error("go mod download gave no archive");
        await run(["unzip", "-q", zip, "-d", "unpacked"], place);
        await mkdir(join(place, "site"));
        await rename(join(place, "unpacked", module), join(place, "site", "go"));
        // A module can't hold another one's go.mod, nor modes: the go command puts both right, and so is done here.
        await run(
          [
            "sh",
            "-c",
            'find go -name _go.mod | while read f; do mv "$f" "${f%_go.mod}go.mod"; done; chmod -R 755 go/bin go/pkg/tool',
          ],
          join(place, "site"),
        );
        await run(
          ["tar", "--use-compress-program=gzip -1", "-cf", join(folder, filename), "go"],
          join(place, "site"),
        );
      });
      const digest = await sha256(join(folder, filename));
      const size = Bun.file(join(folder, filename)).size;
      const common = { version: `go${version}`, os: "linux", kind: "archive", size };
      listed.push({
        version: `go${version}`,
        stable: true,
        files: [
          { filename: `go${version}.linux-arm64.tar.gz`, arch: "arm64", sha256: "0".repeat(64), ...common },
          { filename, arch: "amd64", sha256: digest, ...common },
        ],
      });
    }
    await writeJson(join(folder, "index.json"), listed);
  },
};
