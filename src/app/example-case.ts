import { envDiagnosticCodes } from "#engine/env/codes";
import { exprDiagnosticCodes } from "#core/expr/codes";
import type { CodeEntry } from "#core/model/diagnostic-codes";

/** What yields a code: files, and the command line that stumbles over them. */
export interface ExampleCase {
  /** By path; `~/` is the home folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Behind `zr`. */
  readonly command: string;
  /** Command lines that come before, behind `zr`. */
  readonly before?: readonly string[];
}

const build = '[tasks.build]\ncmd = "true"\n';
const run = '[tasks.a]\ncmd = "true"\n';
const condition = (text: string, rest: string): ExampleCase => ({
  files: { "zr.toml": `[tasks.check]\ncmd = "true"\ncondition = ${quoted(text)}\n${rest}` },
  command: "validate",
});

/** Examples that say too little to be tried as they stand. */
const SPECIAL: Readonly<Record<string, () => ExampleCase>> = {
  E157: () => ({
    files: { "zr.toml": build, "zr.local.toml": '[workspace]\nmembers = ["mine/*"]\n' },
    command: "validate",
  }),
  E210: () => condition("", ""),
  E216: () => condition("tasks['deploy'].success", '\n[tasks.deploy]\ncmd = "true"\n'),
  E233: () => ({
    files: {
      "zr.toml": '[tasks.check]\ncmd = "true"\ncondition = "env.COUNT > 1"\n\n[env]\nCOUNT = "many"\n',
    },
    command: "run check",
  }),
  E236: () => ({ ...condition("shell('true')", ""), command: "run check --no-shell-expr" }),
  E241: () => condition("output['mute'] == 'x'", 'deps = ["mute"]\n\n[tasks.mute]\ncmd = "true"\n'),
  E242: () =>
    condition(
      "output['several'] == 'x'",
      'deps = ["several"]\n\n[tasks.several]\ncmd = "echo ${matrix.n}"\nshare_output = true\nmatrix = { n = ["1", "2"] }\n',
    ),
  E300: () => ({ files: { "zr.toml": build }, command: "monitor" }),
  E301: () => ({ files: { "zr.toml": build }, command: "monitor 2020" }),
  E344: () => ({ files: { "zr.toml": `${run}env_file = "missing.env"\n` }, command: "run a" }),
  E401: () => ({ files: { "zr.toml": build }, command: "logs 2", before: ["run build", "run build"] }),
  E402: () => ({
    files: { "zr.toml": build },
    command: "logs last build",
    before: ["run build --dry-run", "run build"],
  }),
  E423: () => ({ files: { "zr.toml": build }, command: "tools uninstall node@1.2.3" }),
  E424: () => ({ files: { "zr.toml": build }, command: "tools link node@20.0.0 nowhere" }),
  E425: () => ({ files: { "zr.toml": build }, command: "tools which no-such-program" }),
  E626: () => ({ files: { "zr.toml": build }, command: "setup everything" }),
  E481: () => ({ files: { "Taskfile.yml": "tasks: [\n" }, command: "init --from-task" }),
};

/** Expressions whose mistake shows only where they are worked out. */
const WORKED_OUT: ReadonlySet<string> = new Set(["E231", "E232", "E234", "E235", "E237"]);

/** Examples that are lines of a dotenv file. */
const OF_DOTENV: ReadonlySet<string> = new Set(["E330", "E331", "E332", "E333", "E334"]);

/** The example of a code as something to try; undefined where it has none that a command line yields. */
export function exampleCase(code: string, { example }: CodeEntry): ExampleCase | undefined {
  const special = Object.hasOwn(SPECIAL, code) ? SPECIAL[code] : undefined;
  if (special !== undefined) return special();
  if (example === "") return undefined;
  if (Object.hasOwn(exprDiagnosticCodes, code)) return ofExpression(code, example);
  if (OF_DOTENV.has(code))
    return {
      files: { "zr.toml": '[tasks.a]\ncmd = "true"\nenv_file = ".env"\n', ".env": example },
      command: "run a",
    };
  if (Object.hasOwn(envDiagnosticCodes, code) && !example.startsWith("[")) return ofEnvironment(example);
  const command = /^\$ (.*)$/m.exec(example);
  if (command === null) {
    // A part of what zr looks for; that of the user is in the home folder.
    const path = code === "E153" ? "~/.config/zr/config.toml" : "zr.toml";
    return { files: { [path]: example }, command: "validate" };
  }
  const [, words = ""] = /^zr (.*)$/.exec(command[1] ?? "") ?? [];
  if (words === "") return undefined;
  const toml = example.slice(0, command.index).trimEnd();
  return { files: toml === "" ? {} : { "zr.toml": toml }, command: words };
}

function ofExpression(code: string, example: string): ExampleCase {
  const line = example.includes("${")
    ? `cmd = ${quoted(`echo ${example}`)}`
    : `cmd = "true"\ncondition = ${quoted(example)}`;
  return {
    files: { "zr.toml": `[tasks.check]\n${line}\n` },
    command: WORKED_OUT.has(code) ? "run check" : "validate",
  };
}

const ofEnvironment = (example: string): ExampleCase => ({
  files: { "zr.toml": `[env]\n${example}\n\n[tasks.a]\ncmd = "true"\n` },
  command: "run a",
});

/** A string of TOML; without escapes where that can be. */
function quoted(text: string): string {
  return /['\n\p{Cc}]/u.test(text) ? JSON.stringify(text) : `'${text}'`;
}
