import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { renderShell, unknownIn, type Piece, type RenderOptions } from "#core/migrate/pieces";
import { literalText } from "#core/migrate/zr-text";
import type { Evaluator, Scope } from "./evaluator";
import type { Justfile, Recipe } from "./justfile";

interface ScriptContext {
  /** `script-interpreter`. */
  readonly setting: NonNullable<ReturnType<Justfile["settings"]["get"]>>["value"] | undefined;
  readonly scope: Scope;
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
  { setting, scope, evaluator, render }: ScriptContext,
): Result<string, Lost> {
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
  const pieces = evaluator.text(lines.join("\n"), scope);
  const failed = unknownIn(pieces);
  if (failed !== undefined) return err({ what: failed.what, why: failed.why });
  const isShell = /^(?:sh|bash|zsh|dash|ksh|ash)$/.test(program);
  const isKnown = pieces.every(({ kind }) => kind === "text" || kind === "name");
  if (isShell || isKnown) {
    const head = first.replace(
      /^#!\s*\/usr\/bin\/env -S (\S+)(?: (.*))?$/,
      (whole, name: string, flags: string | undefined) =>
        isShell && flags !== undefined ? `#!/bin/${name} ${flags}` : whole,
    );
    return ok(`${literalText(head)}\n${renderShell(pieces, render)}\n`);
  }
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
