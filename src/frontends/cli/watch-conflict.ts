import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import type { OptionValues } from "./command";

/** Options that say how often or which part of a plan is run, which a watch decides by itself. */
const DECIDED_BY_WATCH = ["repeat", "until-fail", "shard", "retry-failed"];

/** What is wrong with options that are given beside `--watch` and could do nothing there; undefined where all is well. */
export function watchConflict(options: OptionValues): Problems | undefined {
  const name = DECIDED_BY_WATCH.find((one) => options[one] !== undefined && options[one] !== false);
  return name === undefined ? undefined : usageProblem("E199", { option: `--${name}`, other: "--watch" });
}
