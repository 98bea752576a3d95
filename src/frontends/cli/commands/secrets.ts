import { loadWorkspace } from "#app/load-workspace";
import { declaredSecrets } from "#app/operations/secrets";
import type { DeclaredSecret, SecretOrigin } from "#app/operations/secrets";
import { isInside, relativeTo } from "#base/path";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";
import { visibleControls } from "#frontends/output/visible-text";
import { print } from "#system/stdio/print";

/** `zr secrets [--check]`. */
export const body: CommandBody = {
  async run({ options }) {
    const session = openSession(options);
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const secrets = await declaredSecrets(loaded.value.workspace, session.host);
    const text =
      formatOption(options) === "json" ? jsonDocument({ secrets }) : `${listing(secrets, session.cwd)}\n`;
    await print("stdout", text);
    return isOn(options, "check") && secrets.some(({ isSet }) => !isSet) ? 1 : 0;
  },
};

function listing(secrets: readonly DeclaredSecret[], cwd: string): string {
  if (secrets.length === 0) return "no secrets are declared";
  const rows = secrets.map((secret) => [
    secret.name,
    secret.isSet ? "set" : "missing",
    secret.task === undefined ? `package ${secret.package}` : `task ${secret.task}`,
    secret.from === undefined ? (secret.description ?? "") : originText(secret.from, cwd),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
    .map((line) => visibleControls(line.trimEnd()))
    .join("\n");
}

function originText(from: SecretOrigin, cwd: string): string {
  const shown = (file: string): string => (isInside(cwd, file) ? relativeTo(cwd, file) : file);
  switch (from.kind) {
    case "system":
      return "from the environment";
    case "text":
      return from.file === undefined ? "from the configuration" : `from ${shown(from.file)}`;
    case "file":
      return `from the file ${shown(from.file)}`;
    case "command":
      return from.command === undefined ? "from a command" : `from a command: ${from.command}`;
  }
}
