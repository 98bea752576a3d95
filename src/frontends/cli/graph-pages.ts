import { graphFacts } from "#app/operations/graph-facts";
import { usageProblem } from "#app/problems";
import { print } from "#system/stdio/print";
import { graphDataOf } from "./graph-page-data";
import type { GraphPageRequest } from "./graph-page-data";
import { sayHistoryWarnings } from "./history-warnings";
import { openPage, writePage } from "./page-file";
import { refuse } from "./refuse";
import { isOn, textOption } from "./session";
import type { Session } from "./session";

const MOST_PORTS = 65_535;

/** `zr graph` as a page or a drawing: printed, in a file, in the browser, or served. */
export async function showGraphPage(session: Session, { format, make }: GraphPageRequest): Promise<number> {
  const { options } = session;
  const serve = textOption(options, "serve");
  const port = Number(serve ?? "0");
  if (serve !== undefined && (!/^\d+$/.test(serve) || port > MOST_PORTS))
    return refuse(session, usageProblem("E183", { name: "--serve", expected: "a port", found: serve }));
  const made = await make();
  if (typeof made === "number") return made;
  if (!made.ok) return refuse(session, made.error);
  const { workspace } = made.value.loaded;
  if (serve !== undefined) {
    const { serveGraph } = await import("./serve-graph");
    return serveGraph(session, { port, made: made.value, make });
  }
  const { facts, warnings } = await graphFacts(workspace);
  await sayHistoryWarnings(warnings);
  const data = graphDataOf(session, made.value, { facts });
  const text =
    format === "svg"
      ? (await import("#frontends/pages/graph/graph-svg")).graphSvg(data)
      : (await import("#frontends/pages/graph/graph-page")).graphPage(data);
  if (textOption(options, "out") === undefined && !isOn(options, "open")) {
    await print("stdout", text);
    return 0;
  }
  const written = await writePage(session, { name: `graph.${format}`, text, root: workspace.root });
  if (!written.ok) return refuse(session, written.error);
  if (isOn(options, "open")) await openPage(session, written.value);
  return 0;
}
