import type { OptionValues } from "./command";

/** The actions of a command that an option means something to; what is not named means something to all. */
export type ActionsOf = Readonly<Record<string, readonly string[]>>;

/** An option that was given and means nothing to an action of its command, so that nobody thinks that it was heeded. */
export const strayOption = (
  action: string,
  actionsOf: ActionsOf,
  options: OptionValues,
): string | undefined =>
  Object.keys(actionsOf).find(
    (name) => options[name] !== undefined && actionsOf[name]?.includes(action) === false,
  );
