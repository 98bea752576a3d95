import type { RunSubscriber } from "#core/model/event";
import { withLineFilter } from "#frontends/output/filtered";
import type { OptionValues } from "./command";
import { textOption } from "./session";

/** The renderer with what `--grep`, `--grep-v`, `--highlight` and `--context` ask for. Their values have been checked. */
export function filteredBy(options: OptionValues, renderer: RunSubscriber, hasColor: boolean): RunSubscriber {
  const pattern = (name: string, flags: string): RegExp | undefined => {
    const text = textOption(options, name);
    return text === undefined ? undefined : new RegExp(text, flags);
  };
  const grep = pattern("grep", "u");
  const without = pattern("grep-v", "u");
  // A mark is a colour.
  const highlight = hasColor ? pattern("highlight", "gu") : undefined;
  if ((grep ?? without ?? highlight) === undefined) return renderer;
  return withLineFilter(renderer, {
    ...(grep === undefined ? {} : { grep }),
    ...(without === undefined ? {} : { without }),
    ...(highlight === undefined ? {} : { highlight }),
    context: Number(textOption(options, "context") ?? 0),
  });
}
