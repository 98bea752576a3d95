import type { Contender, Lab } from "./scenario";

/** A turbo that starts scripts by a stand-in of three lines of sh: what it needs beyond them is turbo's own time. */
export const turboAlone = (lab: Lab, turbo: Contender): Contender => ({
  ...turbo,
  name: "turbo alone",
  env: { ...turbo.env, ...lab.standIn },
});

/** The contenders, and behind a turbo that starts scripts by bun, as its users have it, one that is alone. */
export const withTurboAlone = (lab: Lab, contenders: readonly Contender[]): readonly Contender[] =>
  contenders.flatMap((one) => (one.name === "turbo" ? [one, turboAlone(lab, one)] : [one]));
