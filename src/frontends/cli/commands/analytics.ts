import { loadWorkspace } from "#app/load-workspace";
import { analytics } from "#app/operations/analytics";
import type { AnalyticsRequest } from "#app/operations/analytics";
import { unknownPastTask } from "#app/operations/past-task";
import type { CommandBody } from "#frontends/cli/command";
import { sayHistoryWarnings } from "#frontends/cli/history-warnings";
import { writeAsked } from "#frontends/cli/asked-file";
import { openPage, writePage } from "#frontends/cli/page-file";
import { refuse } from "#frontends/cli/refuse";
import { sinceOption } from "#frontends/cli/since-option";
import { formatOption, isOn, openSession, textOption } from "#frontends/cli/session";
import { visibleControls } from "#frontends/output/visible-text";
import { resolveFrom } from "#base/path";
import { isTerminal } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";

const DEFAULT_LIMIT = 500;

/** `zr analytics`: what the history says, as a page or as data. */
export const body: CommandBody = {
  async run({ options }) {
    const session = openSession(options);
    const since = sinceOption(options);
    if (!since.ok) return refuse(session, since.error);
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace } = loaded.value;
    const task = textOption(options, "task");
    const unknown = await unknownPastTask(workspace, task);
    if (unknown !== undefined) return refuse(session, unknown);
    const limit = textOption(options, "limit");
    const request: AnalyticsRequest = {
      ...(since.value === undefined ? {} : { sinceMs: since.value }),
      ...(task === undefined ? {} : { task }),
      limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
    };
    const { view, warnings } = await analytics(workspace, request);
    await sayHistoryWarnings(warnings);
    const out = textOption(options, "out");
    if (formatOption(options) === "json") {
      const text = `${JSON.stringify(view, undefined, 2)}\n`;
      if (out === undefined) {
        await print("stdout", text);
        return 0;
      }
      const written = await writeAsked(session, resolveFrom(session.cwd, out), text);
      return written.ok ? 0 : refuse(session, written.error);
    }
    const { root } = workspace;
    const title = `${root.slice(root.lastIndexOf("/") + 1)} · analytics`;
    const { analyticsPage } = await import("#frontends/pages/analytics/analytics-page");
    const page = { name: "analytics.html", text: analyticsPage(title, view), root };
    const written = await writePage(session, page);
    if (!written.ok) return refuse(session, written.error);
    const opens = options["open"] === undefined ? out === undefined && isTerminal(1) : isOn(options, "open");
    if (opens) await openPage(session, written.value);
    else if (out === undefined && !isOn(options, "dry-run"))
      await print("stdout", `${visibleControls(written.value)}\n`);
    return 0;
  },
};
