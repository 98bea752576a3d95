import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { npmPackage, run, scratch, sha256, writeJson } from "./mirror-part";
import type { MirrorPart } from "./mirror-part";

const VERSIONS = ["1.4.5"] as const;

/** The releases of Bun on GitHub: the API's list, and a ZIP file and checksums a release. */
export const bun: MirrorPart = {
  name: "bun",
  versions: VERSIONS,
  make: async (folder) => {
    for (const version of VERSIONS) {
      await scratch(folder, async (place) => {
        const unpacked = await npmPackage(`@oven/bun-linux-x64@${version}`, place);
        await mkdir(join(place, "bun-linux-x64"));
        await rename(join(unpacked, "bin", "bun"), join(place, "bun-linux-x64", "bun"));
        const site = join(folder, `bun-v${version}`);
        await mkdir(site, { recursive: true });
        await run(["chmod", "755", "bun-linux-x64/bun"], place);
        await run(["zip", "-q", "-1", "-r", join(site, "bun-linux-x64.zip"), "bun-linux-x64"], place);
        const digest = await sha256(join(site, "bun-linux-x64.zip"));
        await Bun.write(join(site, "SHASUMS256.txt"), `${digest}  bun-linux-x64.zip\n`);
      });
    }
    await writeJson(
      join(folder, "releases"),
      VERSIONS.map((version) => ({
        tag_name: `bun-v${version}`,
        draft: false,
        prerelease: false,
        assets: [],
      })),
    );
  },
};
