import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { run, scratch, sha256, writeJson, wheel } from "./mirror-part";
import type { MirrorPart } from "./mirror-part";

const VERSION = "0.17.1";

/** ziglang.org: `download/index.json` with addresses and checksums, and the archives. */
export const zig: MirrorPart = {
  name: "zig",
  versions: [VERSION],
  make: async (folder) => {
    const top = `zig-x86_64-linux-${VERSION}`;
    const site = join(folder, "download", VERSION);
    const archive = join(site, `${top}.tar.xz`);
    await scratch(folder, async (place) => {
      await rename(join(await wheel(`ziglang==${VERSION}`, place), "ziglang"), join(place, top));
      await mkdir(site, { recursive: true });
      await run(["chmod", "755", `${top}/zig`], place);
      await run(["tar", "--use-compress-program=xz -0 -T0", "-cf", archive, top], place);
    });
    await writeJson(join(folder, "download", "index.json"), {
      [VERSION]: {
        date: "2026-01-01",
        "x86_64-linux": {
          tarball: `https://ziglang.org/download/${VERSION}/${top}.tar.xz`,
          shasum: await sha256(archive),
          size: String(Bun.file(archive).size),
        },
      },
    });
  },
};
