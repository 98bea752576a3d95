import { join } from "node:path";
import { headingSlug } from "#scripts/documentation/heading-slug";
import { projectRoot } from "#scripts/project";
import type { GeneratedFile } from "./generated-file";
import { generatedPart } from "./generated-part";

const TOOLS = ["zr", "make", "ninja", "just", "task", "mise", "turbo", "moon", "nx"] as const;
/** Titles of tables in bench/README.md, in the order of the page. */
const JOBS = [
  'run one task, `cmd = "true"`',
  "list 1000 tasks",
  "dry run of 1000 tasks",
  "1000 independent tasks, 2 at once",
  "a chain of 500 tasks",
  "100 packages, nothing built or stored yet",
  "100 packages, nothing has changed",
  "100 packages, one file changed",
  "100 packages, outputs deleted and put back",
  "100 packages, what a change affects",
  "1000 packages, nothing has changed",
  "1000 packages, one file changed",
] as const;

/** The table of figures in docs/comparison.md, from the tables of bench/README.md. */
export async function comparisonPage(): Promise<GeneratedFile> {
  const report = await Bun.file(join(projectRoot, "bench/README.md")).text();
  const rows = JOBS.map((title) => ({ title, medians: mediansOf(report, title) }));
  const won = rows.filter(({ medians }) => medians.get("zr") === Math.min(...medians.values())).length;
  const machine = /<!-- machine -->\n(.*)/.exec(report)?.[1] ?? "";
  return generatedPart("docs/comparison.md", "figures", [
    "",
    `| milliseconds, median | ${TOOLS.join(" | ")} |`,
    `|---|${TOOLS.map(() => "---:|").join("")}`,
    ...rows.map(rowOf),
    "",
    `The least of each row is bold: zr has it in ${won} of ${rows.length}. Measured on ${machine}`,
    "",
  ]);
}

interface Row {
  readonly title: string;
  readonly medians: ReadonlyMap<string, number>;
}

function rowOf({ title, medians }: Row): string {
  const least = Math.min(...medians.values());
  const cells = TOOLS.map((tool) => {
    const median = medians.get(tool);
    if (median === undefined) return "";
    return median === least ? `**${median}**` : String(median);
  });
  return `| [${title}](../bench/README.md#${headingSlug(title)}) | ${cells.join(" | ")} |`;
}

/** Throws where the report has no such table. */
function mediansOf(report: string, title: string): ReadonlyMap<string, number> {
  const table = report.split(`### ${title}\n`)[1]?.split("\n###")[0];
  if (table === undefined) throw new Error(`bench/README.md has no table '${title}'`);
  const names: ReadonlySet<string> = new Set(TOOLS);
  const medians = [...table.matchAll(/^\| ([^|]+?) \| ([\d.]+) \|/gm)].map(
    ([, name = "", median]) => [name, Number(median)] as const,
  );
  return new Map(medians.filter(([name]) => names.has(name)));
}
