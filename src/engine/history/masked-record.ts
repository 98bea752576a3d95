import { maskText } from "#engine/env/mask";
import type { Invocation, StoredRun } from "./stored-run";

/** The record with `****` for every secret, wherever it stands. */
export function withoutSecrets(run: StoredRun, secrets: readonly string[]): StoredRun {
  const text = JSON.stringify(run);
  // Nearly always nothing is there, and a look at the whole text is cheaper than one at each of its parts.
  const found = secrets.filter((secret) => text.includes(JSON.stringify(secret).slice(1, -1)));
  if (found.length === 0) return run;
  const masked = masker(found);
  const invocation = maskInvocation(run.invocation, masked);
  return { ...(maskValues({ ...run, invocation: null }, masked) as StoredRun), invocation };
}

type Mask = (text: string) => string;

const masker =
  (secrets: readonly string[]): Mask =>
  (text) =>
    maskText(text, secrets);

/** Plain data with every text masked; names of a record's own fields are no secrets. */
function maskValues(value: unknown, mask: Mask): unknown {
  if (typeof value === "string") return mask(value);
  if (Array.isArray(value)) return value.map((item) => maskValues(item, mask));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskValues(item, mask)]));
}

/** Of `--env=NAME=VALUE` the name is kept: the environment of a later run may have its value. */
function maskInvocation(invocation: Invocation, mask: Mask): Invocation {
  const options = invocation.options.map((option) => {
    const name = /^--env=([^=]+)=/s.exec(option)?.[1];
    return name !== undefined && mask(option) !== option ? `--env=${name}` : option;
  });
  const masked = maskValues({ ...invocation, options }, mask) as Invocation;
  const isMasked = JSON.stringify(masked) !== JSON.stringify({ ...invocation, options });
  return isMasked ? { ...masked, isMasked: true } : masked;
}
