import type { Contender, Lab } from "./scenario";

/**
 * The contenders, and behind a turbo that starts scripts by bun, as its users have it, one that starts them by a
 * stand-in of three lines of sh: what it needs beyond the scripts is turbo's own time.
 */
export function withTurboAlone(lab: Lab, contenders: readonly Contender[]): readonly Contender[] {
  return contenders.flatMap((one) =>
    one.name === "turbo"
      ? [one, { ...one, name: "turbo alone", env: { ...one.env, ...lab.standIn } }]
      : [one],
  );
}
