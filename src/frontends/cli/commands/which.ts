import { loadWorkspace } from "#app/load-workspace";
import { locateDiagnostics } from "#app/locate-diagnostics";
import { unknownTask } from "#app/operations/unknown-task";
import { usageProblem } from "#app/problems";
import { positionAt } from "#base/span";
import { taskPlace } from "#core/config/config";
import { parseReference, resolveReference } from "#core/workspace/references";
import { print } from "#system/stdio/print";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, openSession } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";

export const body: CommandBody = {
  async run({ options, words }) {
    const session = openSession(options);
    const [name, surplus] = words;
    if (surplus !== undefined)
      return refuse(session, usageProblem("E185", { command: "zr which", value: surplus }));
    if (name === undefined)
      return refuse(session, usageProblem("E184", { command: "zr which", what: "the name of a task" }));
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace, texts } = loaded.value;
    const origin = { pkg: workspace.current };
    const { name: asked } = parseReference(name);
    const found = resolveReference(workspace, origin, asked);
    // In a folder that has none of its name: those that `zr run` would take.
    const targets = found.length > 0 ? found : resolveReference(workspace, origin, `*:${asked}`);
    if (targets.length === 0) return refuse(session, unknownTask(name, workspace));
    const places = targets.flatMap(({ entry }) => {
      const [located] = locateDiagnostics(
        [{ code: "E160", severity: "error", data: {}, place: taskPlace(entry) }],
        [],
        texts,
      );
      const { file = "", span } = located?.place ?? {};
      const { line, column } = positionAt(texts.get(file) ?? "", span?.start ?? 0);
      return [{ task: entry.name, file, line, column }];
    });
    const text =
      formatOption(options) === "json"
        ? jsonDocument({ tasks: places })
        : places.map((place) => `${place.file}:${place.line}:${place.column}\n`).join("");
    await print("stdout", text);
    return 0;
  },
};
