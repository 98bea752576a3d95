import { mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { run, scratch, sha256 } from "./mirror-part";
import type { MirrorPart } from "./mirror-part";

const BUILD = "20260101";
const DOWNLOADS = "https://github.com/astral-sh/python-build-standalone/releases/download";

/** The list and an archive of python-build-standalone, with Debian's Python in it. */
export const python: MirrorPart = {
  name: "python",
  versions: ["debian"],
  make: async (folder) => {
    await scratch(folder, async (place) => {
      const line = /python3\.(\d+)/.exec(await run(["apt-cache", "depends", "python3"], place))?.[1];
      if (line === undefined) throw new Error("Debian's lists have no python3");
      const names = [`python3.${line}-minimal`, `libpython3.${line}-minimal`, `libpython3.${line}-stdlib`];
      // Whoever downloads as root does so as another user, who may not write everywhere.
      await run(["chmod", "777", place], place);
      await run(["apt-get", "download", ...names], place);
      for (const name of (await readdir(place)).filter((entry) => entry.endsWith(".deb")))
        await run(["dpkg-deb", "-x", name, "root"], place);
      await mkdir(join(place, "python"));
      await rename(join(place, "root", "usr", "bin"), join(place, "python", "bin"));
      await rename(join(place, "root", "usr", "lib"), join(place, "python", "lib"));
      await run(["ln", "-s", `python3.${line}`, "python/bin/python3"], place);
      await run(["ln", "-s", `python3.${line}`, "python/bin/python"], place);
      // Its settings lie in /etc; a copy stands in for each link that leads there.
      await run(
        ["sh", "-c", "find python -xtype l -lname '/*' -delete; find python -lname '/*' -delete"],
        place,
      );
      const said = await run(
        ["python/bin/python3", "-c", "import platform; print(platform.python_version())"],
        place,
      );
      const version = said.trim();
      const file = `cpython-${version}+${BUILD}-x86_64-unknown-linux-gnu-install_only.tar.gz`;
      await mkdir(join(folder, BUILD), { recursive: true });
      await run(["tar", "--use-compress-program=gzip -1", "-cf", join(folder, BUILD, file), "python"], place);
      const record = {
        version: `${version}+${BUILD}`,
        date: "2026-01-01T00:00:00Z",
        artifacts: [
          {
            platform: "x86_64-unknown-linux-gnu",
            variant: "install_only",
            url: `${DOWNLOADS}/${BUILD}/${encodeURIComponent(file)}`,
            sha256: await sha256(join(folder, BUILD, file)),
          },
        ],
      };
      await Bun.write(join(folder, "python-build-standalone.ndjson"), `${JSON.stringify(record)}\n`);
    });
  },
};
