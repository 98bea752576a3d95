import { suggest } from "#base/suggest";
import { loadWorkspace } from "#app/load-workspace";
import { listPackages, packageInfo } from "#app/operations/packages";
import { placeLines } from "#app/place-lines";
import { usageProblem } from "#app/problems";
import { findPackage } from "#core/workspace/select-packages";
import { jsonDocument } from "#frontends/output/json-document";
import { packageList, packagePage } from "#frontends/output/package-text";
import { loadTheme } from "#frontends/output/theme";
import { isTerminal } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import type { CommandBody, CommandLine, ParsedCommand } from "#frontends/cli/command";
import { resolveColor } from "#frontends/cli/environment-options";
import { optionWords } from "#frontends/cli/invocation";
import { refuse } from "#frontends/cli/refuse";
import { selectedPackages } from "#frontends/cli/select-targets";
import { formatOption, openSession } from "#frontends/cli/session";
import { strayOption } from "#frontends/cli/stray-option";
import type { Session } from "#frontends/cli/session";
import { WORKSPACE_OPTIONS } from "./workspace-options";

const VERBS: readonly string[] = ["list", "graph", "info", "run"];

export const body: CommandBody = {
  async run(parsed, line) {
    const [verb = "list", ...words] = parsed.words;
    const rest = { ...parsed, words };
    const stray = VERBS.includes(verb) ? strayOption(verb, WORKSPACE_OPTIONS, line.given) : undefined;
    if (stray !== undefined)
      return refuse(
        openSession(parsed.options),
        usageProblem("E180", { name: `--${stray}`, where: ` of 'zr workspace ${verb}'` }),
      );
    switch (verb) {
      case "list":
        return list(openSession(parsed.options));
      case "info":
        return info(rest, openSession(parsed.options));
      case "graph":
        return graph(rest, line);
      case "run":
        return runEverywhere(rest, line);
      default: {
        const session = openSession(parsed.options);
        return refuse(session, usageProblem("E181", { name: `workspace ${verb}` }, suggest(verb, VERBS)));
      }
    }
  },
};

async function list(session: Session): Promise<number> {
  const loaded = await loadWorkspace(session.load);
  if (!loaded.ok) return refuse(session, loaded.error);
  const chosen = await selectedPackages(loaded.value, session);
  if (typeof chosen === "number") return chosen;
  const { workspace } = loaded.value;
  const packages = listPackages(workspace, chosen.packages);
  if (formatOption(session.options) === "json") {
    const shown = packages.map((pkg) => ({ ...pkg, version: pkg.version ?? null }));
    await print("stdout", jsonDocument({ root: workspace.root, packages: shown }));
  } else await print("stdout", packageList(packages, await themeOf(session)));
  return 0;
}

async function info({ words: [name] }: ParsedCommand, session: Session): Promise<number> {
  const loaded = await loadWorkspace(session.load);
  if (!loaded.ok) return refuse(session, loaded.error);
  const { workspace, texts } = loaded.value;
  const pkg = name === undefined ? workspace.current : findPackage(workspace, name);
  const found = pkg === undefined ? undefined : packageInfo(workspace, pkg, placeLines(texts));
  if (found === undefined) {
    const known = suggest(name ?? "", workspace.packages.keys());
    return refuse(session, usageProblem("E375", { name: name ?? "" }, known));
  }
  const text =
    formatOption(session.options) === "json"
      ? jsonDocument({ ...found, version: found.version ?? null })
      : packagePage(found, await themeOf(session));
  await print("stdout", text);
  return 0;
}

const themeOf = ({ options, host }: Session): ReturnType<typeof loadTheme> =>
  loadTheme(resolveColor(options, host.env, isTerminal(1)));

/** `zr graph --packages`. */
async function graph(parsed: ParsedCommand, line: CommandLine): Promise<number> {
  const { format, ...options } = parsed.options;
  const shape = format === undefined || format === "text" ? {} : { format };
  const { body: graphBody } = await import("./graph");
  return graphBody.run({ ...parsed, options: { ...options, ...shape, packages: true } }, line);
}

/** `zr run --all`, or with the filters that were given. */
const runEverywhere = ({ words, extra }: ParsedCommand, line: CommandLine): Promise<number> =>
  line.run(
    ["run", "--all", ...optionWords(line.given), ...words, ...(extra.length > 0 ? ["--", ...extra] : [])],
    "workspace",
  );
