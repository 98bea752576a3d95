import type { RunnablePlan } from "#app/operations/plan-run";
import { maskText } from "#engine/env/mask";
import { compileSecrets } from "#engine/env/secret-automaton";
import { compileSecretNames, defaultSecretPatterns, secretValues } from "#engine/env/secrets";
import type { Host } from "#system/host";

/** Texts of the secret variables that zr was started with: a shell may have put their values on the command line. */
export function ownSecrets({ plan, settings }: RunnablePlan, { env }: Host): readonly string[] {
  const isSecret = compileSecretNames([...defaultSecretPatterns, ...(settings.global.secret_names ?? [])]);
  const declared = plan.instances.flatMap(({ secrets }) => secrets);
  return secretValues(env, [...Object.keys(env).filter(isSecret), ...declared]);
}

/** Takes these out of a command. */
export function withoutOwnSecrets(planned: RunnablePlan, host: Host): (command: string) => string {
  const secrets = compileSecrets(ownSecrets(planned, host));
  return (command) => maskText(command, secrets);
}
