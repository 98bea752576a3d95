import { err, ok } from "#base/result";
import { ask, work } from "./package-backend";
import type { PackageBackend } from "./package-backend";

/** Programs of crates.io, built by Cargo. It tells one version: the newest of a line, such as `14` or `14.1`. */
export const cargoBackend: PackageBackend = {
  programs: ["cargo"],
  releases: async (name, request, client) => {
    const line = /^\d+(?:\.\d+)*$/.test(request) ? `${name}@${request}` : name;
    const asked = await ask(client, `cargo:${name}`, "info", "--quiet", "--color=never", line);
    if (!asked.ok) return asked;
    const version = /^version: (\S+)/m.exec(asked.value.stdout)?.[1];
    return version === undefined
      ? err({
          code: "E421",
          data: { tool: `cargo:${name}`, command: "cargo info", reason: "its answer is not understood" },
        })
      : ok([{ version }]);
  },
  install: async ({ name, version, home }, client) => {
    const made = await work(
      client,
      `cargo:${name}`,
      "install",
      "--quiet",
      "--color=never",
      `--root=${home}`,
      `--version==${version}`,
      name,
    );
    return made.ok ? ok(["bin"]) : made;
  },
};
