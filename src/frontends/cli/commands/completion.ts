import { installCompletion, shellOf, uninstallCompletion } from "#app/operations/install-completion";
import type { CompletionSetting } from "#app/operations/install-completion";
import { plainProblems, usageProblem } from "#app/problems";
import { suggest } from "#base/suggest";
import type { CommandBody } from "#frontends/cli/command";
import { isShell, SHELLS } from "#frontends/cli/completion/first-words";
import { COMPLETION_SCRIPTS } from "#frontends/cli/completion/scripts";
import { refuse } from "#frontends/cli/refuse";
import { isOn, openSession, type Session } from "#frontends/cli/session";
import { print } from "#system/stdio/print";

const EXPECTED = `a shell: ${SHELLS.join(", ")}`;

/**
 * `zr completion SHELL` prints the script, `zr completion install [SHELL]` puts it where the shell finds it, and
 * `zr completion uninstall [SHELL]` takes it away again.
 */
export const body: CommandBody = {
  run: async ({ options, words, extra }) => {
    const session = openSession(options);
    const all = [...words, ...extra];
    const [first] = all;
    const surplus = all[first === "install" || first === "uninstall" ? 2 : 1];
    if (surplus !== undefined)
      return refuse(session, usageProblem("E185", { command: "zr completion", value: surplus }));
    if (first === "install") return install(session, all[1]);
    if (first === "uninstall") return uninstall(session, all[1]);
    if (isShell(first)) {
      await print("stdout", COMPLETION_SCRIPTS[first]);
      return 0;
    }
    return unknownShell(session, first);
  },
};

function unknownShell(session: Session, name: string | undefined): Promise<number> {
  if (name === undefined)
    return refuse(session, usageProblem("E184", { command: "zr completion", what: EXPECTED }));
  return refuse(
    session,
    usageProblem(
      "E184",
      { command: "zr completion", what: `${EXPECTED}; not '${name}'` },
      suggest(name, [...SHELLS, "install", "uninstall"]),
    ),
  );
}

const settingOf = ({ host, options }: Session): CompletionSetting => ({
  env: host.env,
  isDry: isOn(options, "dry-run"),
});

const saying = ({ options }: Session, verb: string, done: string): string =>
  isOn(options, "dry-run") ? `would ${verb}` : done;

async function install(session: Session, given: string | undefined): Promise<number> {
  const shell = given ?? shellOf(session.host.env);
  if (!isShell(shell)) return unknownShell(session, shell);
  const done = await installCompletion(shell, COMPLETION_SCRIPTS[shell], settingOf(session));
  if (!done.ok) return refuse(session, plainProblems(done.error));
  const { path, isChanged, hint } = done.value;
  if (isOn(session.options, "quiet")) return 0;
  const lines = [`${shell}: ${isChanged ? saying(session, "write", "wrote") : "is up to date:"} ${path}`];
  if (hint !== undefined) lines.push(`Put this into ${hint.file}:`, `  ${hint.line}`);
  await print("stderr", `${lines.join("\n")}\n`);
  return 0;
}

async function uninstall(session: Session, given: string | undefined): Promise<number> {
  const shell = given ?? shellOf(session.host.env);
  if (!isShell(shell)) return unknownShell(session, shell);
  const done = await uninstallCompletion(shell, settingOf(session));
  if (!done.ok) return refuse(session, plainProblems(done.error));
  const { path, isRemoved, hint } = done.value;
  if (isOn(session.options, "quiet")) return 0;
  const lines = [`${shell}: ${isRemoved ? saying(session, "remove", "removed") : "there is no"} ${path}`];
  if (hint !== undefined) lines.push(`Take this out of ${hint.file}:`, `  ${hint.line}`);
  await print("stderr", `${lines.join("\n")}\n`);
  return 0;
}
