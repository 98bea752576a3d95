import { complete } from "#frontends/cli/completion/candidates";
import type { Candidate, Completion } from "#frontends/cli/completion/completion-source";
import { loadKnownNames } from "#frontends/cli/completion/known-names";
import type { CommandBody, OptionValues } from "#frontends/cli/command";
import { withEnvironment } from "#frontends/cli/environment-options";
import { parseArguments } from "#frontends/cli/parse-args";
import { openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { thisHost } from "#system/host";
import { print } from "#system/stdio/print";
import type { PeripherySetting } from "./periphery-setting";

/**
 * `zr complete [--shell SHELL] [--index N] -- WORDS…`, called by the scripts of `zr completion`. The last word is being
 * written; with `--index` the Nth from 0, which may lie behind the last, since some shells drop empty words.
 *
 * Prints a candidate a line, with its description behind a tab; `:file` or `:folder` where the shell shall look for
 * paths itself. Whatever is wrong with the configuration, the exit code is 0 and what is known is printed.
 */
export const completeBody = (setting: PeripherySetting): CommandBody => ({
  run: async ({ options, extra }) => {
    const words = wordsToCursor(extra, textOption(options, "index"));
    const given = optionsOf(words, setting);
    let names: ReturnType<typeof loadKnownNames> | undefined;
    const completion = await complete(words, {
      table: setting.commands(),
      globals: setting.globals,
      codes: async () => (await import("#frontends/cli/completion/code-candidates")).codeCandidates(),
      names: () => (names ??= loadKnownNames(openSession(given).load)),
      templates: () => knownTemplates(openSession(given)),
    });
    const shell = textOption(options, "shell");
    await print(
      "stdout",
      format(completion, {
        prefix: shell === "bash" || shell === "pwsh" ? (words.at(-1) ?? "") : "",
        // The script for PowerShell does not quote.
        isQuoted: shell !== "pwsh",
      }),
    );
    return 0;
  },
});

async function knownTemplates({ cwd, host }: Session): Promise<readonly Candidate[]> {
  const { listTemplates } = await import("#app/scaffold/find-templates");
  const found = await listTemplates({ cwd, env: host.env });
  return found.flatMap((one) =>
    one.ok ? [{ value: one.value.name, description: one.value.description ?? "" }] : [],
  );
}

function wordsToCursor(extra: readonly string[], index: string | undefined): readonly string[] {
  if (index === undefined) return extra.length === 0 ? [""] : extra;
  const at = Math.min(Number(index), extra.length);
  return [...extra.slice(0, at), extra[at] ?? ""];
}

/** Options of the line that is being written, as far as it can be read: `-C` and `--config` say which tasks there are. */
function optionsOf(words: readonly string[], setting: PeripherySetting): OptionValues {
  const read = parseArguments(words.slice(0, -1), setting.commands(), setting.globals);
  const options = read.ok ? read.value.parsed.options : {};
  const { env } = thisHost();
  const merged = withEnvironment(options, env, setting.globals);
  return withHome(merged.ok ? merged.value : options, env);
}

/** What the shell would make of `~/` in the places that say which tasks there are. */
function withHome(
  options: OptionValues,
  { HOME: home = "" }: Readonly<Record<string, string | undefined>>,
): OptionValues {
  const there = ["chdir", "config"].flatMap((name) => {
    const value = options[name];
    return home !== "" && typeof value === "string" && value.startsWith("~/")
      ? [[name, `${home}${value.slice(1)}`] as const]
      : [];
  });
  return there.length === 0 ? options : { ...options, ...Object.fromEntries(there) };
}

interface Format {
  /** Only lines that start like this, for shells that do not look themselves. */
  readonly prefix: string;
  /** Whether the shell puts quotes where a word needs some. */
  readonly isQuoted: boolean;
}

function format({ candidates, paths }: Completion, { prefix, isQuoted }: Format): string {
  const unfit = isQuoted ? /^$|[\p{Cc}\p{Zl}\p{Zp}]/u : /^$|[\s\p{Cc}]/u;
  const lines = candidates
    .filter(({ value }) => value.startsWith(prefix) && !unfit.test(value))
    .map(({ value, description }) => (description === "" ? value : `${value}\t${oneLine(description)}`));
  if (paths !== undefined) lines.push(`:${paths}`);
  return lines.map((line) => `${line}\n`).join("");
}

const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
