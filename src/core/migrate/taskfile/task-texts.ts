import {
  constantOf,
  EVERY_NAME,
  renderShell,
  unknownIn,
  type Piece,
  type RenderOptions,
} from "#core/migrate/pieces";
import { quoteForExpression } from "#core/migrate/zr-text";
import type { Lookup, TemplateFiller } from "./template-filler";

/** Keys below a task that lead to a text. */
export type Path = readonly (string | number)[];

interface TextContext {
  readonly filler: TemplateFiller;
  /** The names that a task knows, where nothing else is given. */
  readonly lookup: Lookup;
  readonly render: RenderOptions;
  readonly leftOut: (path: Path, what: string, why: string) => void;
}

/** What the templates of a task become: commands, texts, conditions. */
export class TaskTexts {
  readonly #context: TextContext;

  constructor(context: TextContext) {
    this.#context = context;
  }

  /** Shell text; undefined where it can't be expressed, which is reported. */
  shell(source: string, path: Path, lookup = this.#context.lookup): string | undefined {
    const pieces = this.#context.filler.fill(source.replace(/\n+$/, ""), lookup);
    const failed = unknownIn(pieces);
    if (failed === undefined) return renderShell(pieces, this.#context.render);
    this.#context.leftOut(path, failed.what, failed.why);
    return undefined;
  }

  /** Text that no shell reads. */
  plain(source: string, lookup = this.#context.lookup): string | undefined {
    return constantOf(
      this.#context.filler
        .fill(source, lookup)
        .map((piece): Piece =>
          piece.kind === "folder"
            ? { kind: "text", text: "." }
            : piece.kind === "default" &&
                constantOf(piece.fallback) !== undefined &&
                constantOf(piece.fallback) !== ""
              ? { kind: "text", text: constantOf(piece.fallback) ?? "" }
              : piece,
        ),
    );
  }

  /** An expression that holds where a command exits with 0; undefined where there is none, which is reported. */
  condition(source: string, path: Path, lookup = this.#context.lookup): string | undefined {
    const pieces = this.#context.filler.fill(source.trim(), lookup);
    const failed =
      unknownIn(pieces) ??
      pieces.find(({ kind }) => kind === "param" || kind === "arguments" || kind === "stem");
    if (failed !== undefined) {
      this.#context.leftOut(
        path,
        source.trim(),
        failed.kind === "unknown" ? failed.why : "a condition can't see what the task is given",
      );
      return undefined;
    }
    const known = constantOf(pieces)?.trim();
    if (known === "true" || known === "false") return known;
    const written = renderShell(
      pieces.map((piece): Piece =>
        piece.kind === "folder"
          ? { kind: "text", text: "$PWD" }
          : piece.kind === "name"
            ? { kind: "text", text: piece.text }
            : piece,
      ),
      { ...this.#context.render, inline: EVERY_NAME },
    );
    return `shell(${quoteForExpression(written.replaceAll("$${", "${"))})`;
  }
}
