import type { Diagnostic } from "#base/diagnostic";

/** What is wrong with single values and names; what is left can be planned all the same. */
const HARMLESS = /^E1(?:1[0-8]|19|20|30|33|37|4[0-3]|5[0-35])$|^E2[67]\d$|^E3[67]\d$|^E440|^E166$/;
/** A task that names another which is not there: what else it says has its meaning all the same. */
const NAMES_NOBODY = "E130";

/** Whether tasks can be planned though these are wrong with the files that define them. */
export const isPlannable = (known: readonly Diagnostic[]): boolean =>
  known.every(({ code, severity }) => severity !== "error" || HARMLESS.test(code));

/** Tasks and workflows of which planning would only tell what follows from something that is known already. */
export const faultyTasks = (known: readonly Diagnostic[]): ReadonlySet<string> =>
  new Set(
    known
      .filter(({ code }) => code !== NAMES_NOBODY)
      .map(taskOf)
      .filter((task) => task !== ""),
  );

/** The task or workflow that a diagnostic is about, with its file; empty where it is about none. */
export function taskOf({ place }: Diagnostic): string {
  const [section, name] = place?.path ?? [];
  if (section === "tasks") return `${place?.file}\0${name}`;
  return section === "workflows" ? `${place?.file}\0workflow ${name}` : "";
}
