/** How two lists of commands compare. */
export interface CommandComparison {
  /** `open`: they differ only in what is known when it runs. */
  readonly verdict: "same" | "different" | "open";
  /** Lines that only the other tool has. */
  readonly missing: readonly string[];
  /** Lines that only we have. */
  readonly added: readonly string[];
}

/**
 * Compares commands as two tools say that they would run them: as sets of lines, without quotes, blanks and comments,
 * with variables that are known put in.
 */
export function compareCommands(
  theirs: readonly string[],
  ours: readonly string[],
  values: Readonly<Record<string, string>>,
): CommandComparison {
  const left = linesOf(theirs, values);
  const right = linesOf(ours, values);
  const missing = without(left, right);
  const added = without(right, left);
  if (missing.length === 0 && added.length === 0) return { verdict: "same", missing, added };
  const isOpen =
    [...missing, ...added].some((line) => /\$\(|`/.test(line)) && missing.length === added.length;
  return { verdict: isOpen ? "open" : "different", missing, added };
}

function linesOf(commands: readonly string[], values: Readonly<Record<string, string>>): readonly string[] {
  return commands
    .flatMap((command) => command.replaceAll(/[ \t]*\\\r?\n[ \t]*/g, " ").split("\n"))
    .map((line) =>
      filled(line, values)
        .replaceAll(/`([^`]*)`/g, "$($1)")
        .replaceAll(/\$[@*]/g, "")
        .replaceAll(/["'\\]/g, "")
        .replaceAll(/\s+/g, " ")
        .trim()
        // What make says by `$(info)` is a command here.
        .replace(/^echo (?=[^>|&;]*$)/, ""),
    )
    .filter(
      (line) => line !== "" && line !== ":" && !/(?:^|<<)ZR_SCRIPT$/.test(line) && !line.startsWith("#"),
    );
}

function without(list: readonly string[], taken: readonly string[]): readonly string[] {
  const rest = [...taken];
  return list.filter((line) => {
    const at = rest.indexOf(line);
    if (at !== -1) rest.splice(at, 1);
    return at === -1;
  });
}

/** What no comparison needs to read, so that values which double each other can't fill the memory. */
const MAX_FILLED = 1_000_000;
/** Stands for the `$` of a name in its own value: that is what the environment says of it, which nobody knows here. */
const OUTER = "\u0000";

/** `$NAME`, `${NAME}`, `${NAME-text}`, `${NAME:-text}` and `${NAME:+text}` as a shell would fill them in, from the inside out. */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  filledWithin(text, values, new Set()).replaceAll(OUTER, () => "$");

function filledWithin(
  text: string,
  values: Readonly<Record<string, string>>,
  around: ReadonlySet<string>,
): string {
  const known = new Map<string, string>();
  const valueOf = (name: string): string | undefined => {
    const value = Object.hasOwn(values, name) && !around.has(name) ? values[name] : undefined;
    if (value === undefined) return undefined;
    const inner = known.get(name) ?? filledWithin(value, values, new Set([...around, name]));
    known.set(name, inner);
    return inner;
  };
  let result = text;
  for (let round = 0; round < 20; round += 1) {
    const next = result.replaceAll(
      /\$\{([A-Za-z_]\w*)(?:(:?[-+])((?:[^${}]|\$(?!\{))*))?\}|\$([A-Za-z_]\w*)/g,
      // oxlint-disable-next-line max-params -- the severity, the place and two texts.
      (_whole, braced: string | undefined, sign: string | undefined, word = "", bare: string | undefined) => {
        const name = braced ?? bare ?? "";
        const value = valueOf(name);
        if (sign === undefined) return value ?? `${around.has(name) ? OUTER : "$"}${name}`;
        const isThere = value !== undefined && (!sign.startsWith(":") || value !== "");
        if (sign.endsWith("+")) return isThere ? String(word) : "";
        return isThere ? value : String(word);
      },
    );
    if (next === result || next.length > MAX_FILLED) break;
    result = next;
  }
  return result;
}
