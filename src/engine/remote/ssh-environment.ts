type Variables = Readonly<Record<string, string>>;

/** What ssh gets: zr's own environment, and the marks by which a stop finds it. */
export function sshEnvironment(system: Variables, local: Variables): Variables {
  const env: Record<string, string> = { ...system };
  for (const name of ["ZR_RUN_ID", "ZR_INSTANCE_KEY"]) {
    const value = local[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
