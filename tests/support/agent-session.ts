import type { Data, McpClient } from "./mcp-client";
import type { Project } from "./project";

/** A small project with a mistake in it, and a test that finds it. */
export const BROKEN_PROJECT = {
  "zr.toml": `
    [tasks.build]
    description = "Compile the library"
    cmd = "echo compiled 1 file"

    [tasks.test]
    description = "Run the unit tests"
    cmd = "sh check.sh"
    deps = ["build"]

    [tasks.lint]
    description = "Look for mistakes"
    cmd = "true"
  `,
  "check.sh": `
    if grep -q 'a + b' src/add.ts; then echo '12 tests passed'; exit 0; fi
    seq -f 'ok %g - case' 1 11
    echo 'not ok 12 - adds two numbers'
    echo 'src/add.ts:2:10: AssertionError: expected 3, received -1'
    exit 1
  `,
  "src/add.ts": "export const add = (a: number, b: number): number =>\n  a - b;\n",
};

export type SessionStep = {
  /** What the agent asked, as it would be typed. */
  readonly asked: string;
  /** What it was told. */
  readonly answer: string;
};

/**
 * What an agent does, without a model: looks around, runs the tests, reads where they fail, mends that line, runs them
 * again. It knows nothing of the project but what it was told.
 */
export async function agentSession(mcp: McpClient, project: Project): Promise<readonly SessionStep[]> {
  const steps: SessionStep[] = [];
  const call = async (name: string, given: Record<string, unknown> = {}): Promise<Data> => {
    const { text, value } = await mcp.call(name, given);
    steps.push({ asked: `${name} ${JSON.stringify(given)}`, answer: text });
    return value;
  };
  const { tasks } = await call("list_tasks");
  const test = tasks.find(({ description }: { description?: string }) => description?.includes("test"))?.name;
  await call("explain_task", { task: test });
  const { status, failed } = await call("run_task", { task: test });
  if (status !== "failed") throw new Error("the project was not broken");
  const [{ problems }] = failed;
  for (const { file, line, message } of problems) {
    const [, expected] = /expected (\S+),/.exec(message) ?? [];
    const lines = project.read(file).split("\n");
    const wrong = lines[line - 1] ?? "";
    if (expected === undefined || !wrong.includes("-")) throw new Error(`nothing to mend in ${file}:${line}`);
    lines[line - 1] = wrong.replace("-", "+");
    project.write(file, lines.join("\n"));
    steps.push({ asked: `(edits ${file}:${line})`, answer: "" });
  }
  await call("run_task", { task: test });
  return steps;
}

/** A session as it stands in the documentation: what differs from run to run is replaced. */
export const sessionText = (steps: readonly SessionStep[]): string =>
  steps
    .map(({ asked, answer }) => (answer === "" ? `${asked}\n` : `→ ${asked}\n← ${answer}\n`))
    .join("\n")
    .replaceAll(/"run":"\d{8}-\d{6}-\w{4}"/g, '"run":"20261121-093012-4f2a"')
    .replaceAll(/"durationMs":\d+/g, '"durationMs":14');
