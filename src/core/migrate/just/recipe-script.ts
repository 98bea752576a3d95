import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { renderShell, unknownIn, type Piece, type Pieces, type RenderOptions } from "#core/migrate/pieces";
import { literalText } from "#core/migrate/zr-text";
import { isPositional, positionalCommand } from "./recipe-text";
import type { Evaluator, Scope } from "./evaluator";
import type { Justfile, Recipe } from "./justfile";

interface ScriptContext {
  /** `script-interpreter`. */
  readonly setting: NonNullable<ReturnType<Justfile["settings"]["get"]>>["value"] | undefined;
  readonly scope: Scope;
  /** Parameters are arguments of the script too. */
  readonly usesPositional: boolean;
  readonly evaluator: Evaluator;
  readonly render: RenderOptions;
}

/** What can't be converted, and why. */
interface Lost {
  readonly what: string;
  readonly why: string;
}

/**
 * The text of a script whose recipe has a shebang line, or the attribute `script`; else what can't be converted of it, and
 * why. Values go into scripts of shells as variables, into others where the interpreter reads its program from stdin.
 */
export function recipeScript(
  recipe: Recipe,
  { setting, scope, usesPositional, evaluator, render }: ScriptContext,
): Result<string, Lost> {
  const { first, lines, program } = interpreterOf(recipe, setting);
  const pieces = evaluator.text(lines.join("\n"), scope);
  const failed = unknownIn(pieces);
  if (failed !== undefined) return err({ what: failed.what, why: failed.why });
  const isShell = /^(?:sh|bash|zsh|dash|ksh|ash)$/.test(program);
  if (usesPositional && !isShell && recipe.parameters.length > 0 && lines.some((line) => /argv/i.test(line)))
    return err({ what: first, why: "arguments can't be given to a script of this language" });
  const isKnown = pieces.every(({ kind }) => kind === "text" || kind === "name");
  if (isShell || isKnown) {
    const isGiven = usesPositional && isShell && isPositional(recipe.body);
    const given = isGiven ? `${positionalCommand(recipe.parameters)}\n` : "";
    return ok(
      `${literalText(isShell ? headOfShell(first) : first)}\n${given}${renderShell(pieces, render)}\n`,
    );
  }
  return throughStdin(first, program, { pieces, render });
}

/** The first line of a script, the lines behind it, and the program that reads them. */
function interpreterOf(
  recipe: Recipe,
  setting: ScriptContext["setting"],
): { readonly first: string; readonly lines: readonly string[]; readonly program: string } {
  const attribute = recipe.attributes.find(({ name }) => name === "script");
  const words = attribute?.args.map(({ value }) => value) ?? [];
  const interpreter = words.length > 0 ? words : typeof setting === "object" ? setting : ["sh", "-eu"];
  const lines = recipe.body.map(({ text }) => text);
  const first =
    attribute === undefined
      ? (lines.shift() ?? "")
      : `#!/usr/bin/env ${interpreter.length > 1 ? "-S " : ""}${interpreter.join(" ")}`;
  const shebang = /^#!\s*(\S+)(?:\s+(?:-S\s+)?(\S+))?/.exec(first);
  const program =
    (shebang?.[1]?.endsWith("/env") === true ? shebang[2] : shebang?.[1])?.replace(/^.*\//, "") ?? "";
  return { first, lines, program };
}

/** `env -S sh -e` as a line that every system reads. */
const headOfShell = (first: string): string =>
  first.replace(
    /^#!\s*\/usr\/bin\/env -S (\S+)(?: (.*))?$/,
    (whole, name: string, flags: string | undefined) =>
      flags === undefined ? whole : `#!/bin/${name} ${flags}`,
  );

/** A script with values in it, for an interpreter that reads its program from stdin. */
function throughStdin(
  first: string,
  program: string,
  { pieces, render }: { readonly pieces: Pieces; readonly render: RenderOptions },
): Result<string, Lost> {
  const reads = { python3: "-", python: "-", node: "-", ruby: "-", perl: "-", php: "", lua: "-" }[program];
  if (reads === undefined)
    return err({ what: first, why: "values can't be put into a script of this language" });
  const text = pieces.map((piece): Piece =>
    piece.kind === "text" || piece.kind === "name"
      ? { kind: "text", text: piece.text.replaceAll(/[\\$`]/g, "\\$&") }
      : piece.kind === "param"
        ? { ...piece, isSplit: true }
        : piece,
  );
  const inner = text
    .map((piece) => (piece.kind === "text" ? literalText(piece.text) : renderShell([piece], render)))
    .join("");
  return ok(`#!/bin/sh\n${program} ${reads} <<ZR_SCRIPT\n${inner}\nZR_SCRIPT\n`);
}
