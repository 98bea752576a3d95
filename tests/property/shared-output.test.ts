import { expect, test } from "bun:test";
import fc from "fast-check";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { outputOf } from "#tests/e2e/events";

/** Texts that a shell would make something of, among any others. No variable can hold a NUL. */
const hostile = fc.constantFrom(
  "$(touch pwned)",
  "`touch pwned`",
  "; touch pwned",
  "\ntouch pwned\n",
  "' ; touch pwned ; '",
  '" ; touch pwned ; "',
  "${ZR_RUN_ID}",
  "${output.data.0}",
  "$${",
  "-n",
  "*",
  "\\",
  "EOF\ntouch pwned",
);
const piece = fc.oneof(hostile, fc.string({ unit: "binary", maxLength: 20 }));
const text = fc
  .array(piece, { maxLength: 4 })
  .map((pieces) => pieces.join("").replaceAll("\0", ""))
  .filter((value) => value.isWellFormed());

const CONFIG = `
  [tasks.data]
  cmd = "cat data.json"
  share_output = "json"
  [tasks.text]
  cmd = "cat data.txt"
  share_output = true
  [tasks.plain]
  deps = ["data", "text"]
  cmd = "printf '%s|' \${output.data.0} \${output.text}"
  [tasks.quoted]
  deps = ["data", "text"]
  cmd = "printf '%s|' \\"\${output.data.0}\\" '\${output.text}'"
  [tasks.inside]
  deps = ["data", "text"]
  cmd = "printf '%s' \\"$(printf '%s|' \${output.data.0} '\${output.text}')\\""
  [tasks.words]
  deps = ["data", "text"]
  cmd = ["printf", "%s|", "\${output.data.0}", "\${output.text}"]
  [tasks.variables]
  deps = ["data", "text"]
  env = { ONE = "\${output.data.0}", TWO = "\${output.text}" }
  cmd = "printf '%s|' \\"$ONE\\" \\"$TWO\\""
  [tasks.heredoc]
  deps = ["data", "text"]
  cmd = """
  cat <<END
  \${output.data.0}|\${output.text}|
  END
  """
`;
const USES = ["plain", "quoted", "inside", "words", "variables", "heredoc"] as const;

test("whatever a task shares reaches the commands downstream unchanged through a real shell, and is never run", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  await fc.assert(
    fc.asyncProperty(text, text, async (one, two) => {
      await Bun.write(project.path("data.json"), JSON.stringify([one]));
      await Bun.write(project.path("data.txt"), two);
      const { stdout } = await project
        .zr("run", ...USES, "--events", "-")
        .expect({ stdout: anything, stderr: anything });
      const shared = `${one}|${two.trim()}|`;
      for (const use of USES) {
        const printed = outputOf(stdout, use);
        expect([use, use === "heredoc" ? printed.slice(0, -1) : printed]).toEqual([use, shared]);
      }
      expect(project.exists("pwned")).toBe(false);
    }),
    { numRuns: 15 },
  );
});
