import { err, ok } from "#base/result";
import { ask, work } from "./package-backend";
import type { PackageBackend } from "./package-backend";

const QUIET = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];

/** Packages of npm, installed into a prefix of their own. */
export const npmBackend: PackageBackend = {
  programs: ["npm"],
  releases: async (name, _request, client) => {
    const asked = await ask(client, `npm:${name}`, "view", "--json", ...QUIET, name, "versions");
    if (!asked.ok) return asked;
    const versions = versionsOf(asked.value.stdout);
    return versions === undefined
      ? err({
          code: "E421",
          data: { tool: `npm:${name}`, command: "npm view", reason: "its answer is not understood" },
        })
      : ok(versions.map((version) => ({ version })));
  },
  install: async ({ name, version, home }, client) => {
    const made = await work(
      client,
      `npm:${name}`,
      "install",
      "--global",
      `--prefix=${home}`,
      ...QUIET,
      `${name}@${version}`,
    );
    return made.ok ? ok([client.isWindows ? "." : "bin"]) : made;
  },
};

/** A list, or one text where there is one version only. */
function versionsOf(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "string") return [value];
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
  } catch {
    return undefined;
  }
}
