/** Whether the terminal is set up for more than ASCII. Where nothing is said, as on Windows and in containers, it is. */
export function hasUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find(
    (value) => value !== undefined && value !== "",
  );
  if (env["TERM"] === "linux") return false;
  return locale === undefined || /utf-?8/i.test(locale);
}

/** Whether this runs under a CI service. */
export const isCi = (env: Readonly<Record<string, string | undefined>>): boolean => {
  const { CI: ci } = env;
  return ci !== undefined && ci !== "" && ci !== "0" && ci !== "false";
};

/** Whether this is a step of GitHub Actions itself, not a run inside of another run's task. */
export const isGithubStep = (env: Readonly<Record<string, string | undefined>>): boolean =>
  env["GITHUB_ACTIONS"] === "true" && (env["ZR_INSTANCE_KEY"] ?? "") === "";

/** The form of grouped output that the log of a CI service can fold; undefined where none is known. */
export function foldedMode(
  env: Readonly<Record<string, string | undefined>>,
): "github" | "gitlab" | "azure" | "buildkite" | undefined {
  if ((env["ZR_INSTANCE_KEY"] ?? "") !== "") return undefined;
  if (env["GITHUB_ACTIONS"] === "true") return "github";
  if (env["GITLAB_CI"] === "true") return "gitlab";
  if (env["BUILDKITE"] === "true") return "buildkite";
  return env["TF_BUILD"] === "True" ? "azure" : undefined;
}
