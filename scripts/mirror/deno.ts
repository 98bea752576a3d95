import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { npmPackage, run, scratch, sha256, writeJson } from "./mirror-part";
import type { MirrorPart } from "./mirror-part";

const VERSIONS = ["2.9.6"] as const;
const NAME = "deno-x86_64-unknown-linux-gnu.zip";

/** deno.com/versions.json, and the releases of Deno with a checksum beside each file. */
export const deno: MirrorPart = {
  name: "deno",
  versions: VERSIONS,
  make: async (folder) => {
    for (const version of VERSIONS) {
      await scratch(folder, async (place) => {
        const unpacked = await npmPackage(`@deno/linux-x64-glibc@${version}`, place);
        const site = join(folder, `v${version}`);
        await mkdir(site, { recursive: true });
        await run(["chmod", "755", "deno"], unpacked);
        await run(["zip", "-q", "-1", join(site, NAME), "deno"], unpacked);
        await Bun.write(join(site, `${NAME}.sha256sum`), `${await sha256(join(site, NAME))}  ${NAME}\n`);
      });
    }
    await writeJson(join(folder, "versions.json"), {
      cli: VERSIONS.map((version) => `v${version}`),
      std: [],
    });
  },
};
