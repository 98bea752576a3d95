import { upgrade } from "#app/operations/upgrade";
import type { Upgraded } from "#app/operations/upgrade";
import { plainProblems, usageProblem } from "#app/problems";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession } from "#frontends/cli/session";
import { watchInstalls } from "#frontends/cli/tool-gate";
import { jsonDocument } from "#frontends/output/json-document";
import { print } from "#system/stdio/print";

const INTERRUPTED = 130;

/** `zr upgrade [VERSION]`. */
export const body: CommandBody = {
  run: async ({ options, words, extra }) => {
    const session = openSession(options);
    const [version, surplus] = [...words, ...extra];
    if (surplus !== undefined)
      return refuse(session, usageProblem("E185", { command: "zr upgrade", value: surplus }));
    const watched = watchInstalls(session);
    const isJson = formatOption(options) === "json";
    // Without `--check`, looking is all that a dry run does.
    const check = isOn(options, "check") || isOn(options, "dry-run");
    const done = await upgrade({
      version,
      check,
      force: isOn(options, "force"),
      host: session.host,
      signal: watched.signal,
      onProgress: (to, bytes, total) =>
        watched.report({ kind: "downloading", tool: "zr", version: to, bytes, total }),
    });
    await watched.done();
    if (!done.ok) return watched.signal.aborted ? INTERRUPTED : refuse(session, plainProblems(done.error));
    if (isJson) await print("stdout", jsonDocument(done.value));
    else if (!isOn(options, "quiet")) await print("stdout", `${said(done.value)}\n`);
    return isOn(options, "check") && done.value.state === "newer" ? 1 : 0;
  },
};

function said({ from, to, state, path }: Upgraded): string {
  switch (state) {
    case "current":
      return `zr ${from} is the version that is there`;
    case "newer":
      return `zr ${to} is newer than this one, ${from}: zr upgrade ${to}`;
    case "older":
      return `zr ${to} is older than this one, ${from}: zr upgrade ${to} --force`;
    case "upgraded":
      return `zr ${from} → ${to} in ${path}`;
  }
}
