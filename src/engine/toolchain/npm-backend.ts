import { jsonOf } from "#base/json-of";
import { err, ok } from "#base/result";
import { ask, work } from "./package-backend";
import type { PackageBackend, PackageClient } from "./package-backend";
import { readSmall } from "#system/fs/read-small";

/** How long npm waits before it asks a silent server again. Its own pauses are a minute. */
const PAUSES = ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=10000"];

const QUIET = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];

/** Packages of npm, installed into a prefix of their own. */
export const npmBackend: PackageBackend = {
  programs: ["npm"],
  releases: async (name, _request, client) => {
    const words = ["view", "--json", ...QUIET, ...(await patience(client)), name, "versions"];
    const asked = await ask(client, `npm:${name}`, ...words);
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
      ...(await patience(client)),
      `${name}@${version}`,
    );
    return made.ok ? ok([client.isWindows ? "." : "bin"]) : made;
  },
};

/**
 * Options by which a silent server is given up as early as any other: npm waits five minutes for each answer. Whoever has
 * told npm how long it is to wait is heeded.
 */
async function patience({ env, silenceMs }: PackageClient): Promise<readonly string[]> {
  const own = Object.keys(env).some((name) => /^npm_config_fetch[-_]timeout$/i.test(name));
  const file = env["npm_config_userconfig"] ?? `${env["HOME"] ?? env["USERPROFILE"] ?? ""}/.npmrc`;
  if (own || /^\s*fetch-timeout\s*=/m.test((await readSmall(file)) ?? "")) return [];
  return [`--fetch-timeout=${silenceMs}`, ...PAUSES];
}

/** A list, or one text where there is one version only. */
function versionsOf(text: string): readonly string[] | undefined {
  const value = jsonOf(text);
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
}
