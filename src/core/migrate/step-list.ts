import type { TaskTable } from "#core/config/schema/sections";
import type { SourcePlace } from "./conversion-report";
import { refusal, type Step } from "./made-task";

/** The steps of a task while they are gathered, and the comments that stand above them. */
export class StepList {
  readonly #steps: Step[] = [];
  readonly #above: string[] = [];
  readonly #keyComments: Record<string, readonly string[]>;

  /** @param keyComments filled with what stands above the steps, under the names of their keys. */
  constructor(keyComments: Record<string, readonly string[]>) {
    this.#keyComments = keyComments;
  }

  /** Lines that stand above whatever begins next. */
  comment(...lines: readonly string[]): void {
    this.#above.push(...lines);
  }

  /** From here on comes what the comments so far are about. */
  begin(): void {
    if (this.#above.length > 0) this.#keyComments[this.#next] = this.#above.splice(0);
  }

  add(...steps: readonly Step[]): void {
    this.#steps.push(...steps);
  }

  /** Adds a step that fails in the place of one that can't be converted, which stands above it. */
  refuse(place: SourcePlace, source: string, why?: string): void {
    const { file, line } = place;
    this.#keyComments[this.#next] = [
      ...(this.#keyComments[this.#next] ?? []),
      `zr: not converted (${file}:${line})${why === undefined ? "" : `: ${why}`}`,
      source,
    ];
    this.#steps.push(refusal(place));
  }

  /** The keys of the task: a single command is its `cmd`. */
  finish(): Pick<TaskTable, "cmd" | "cmds"> {
    const [only, ...others] = this.#steps;
    if (only === undefined) {
      this.#note("description", this.#above);
      return {};
    }
    if (others.length > 0 || typeof only !== "string") {
      this.#note("cmds", this.#above);
      return { cmds: this.#steps };
    }
    this.#note("cmd", [...(this.#keyComments["cmds.0"] ?? []), ...this.#above]);
    delete this.#keyComments["cmds.0"];
    return { cmd: only };
  }

  #note(key: string, comments: readonly string[]): void {
    if (comments.length > 0) this.#keyComments[key] = comments;
  }

  /** The key of the step that comes next. */
  get #next(): string {
    return `cmds.${this.#steps.length}`;
  }
}
