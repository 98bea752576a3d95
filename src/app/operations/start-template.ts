import type { Diagnostic } from "#base/diagnostic";
import { dirname, resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { nearestConfig } from "#app/open-config";
import { TEMPLATE_NAME } from "#core/scaffold/template";
import { pathExists } from "#system/fs/path-exists";
import { writeFileAtomically } from "#system/fs/write-file";

const STARTER = `description = "What it makes"

# Asked for on a terminal, or answered by --set name=…
[questions.name]
ask = "Name"
# type = "string", "number", "boolean", "choice" with choices = […], or "list"
# default = "thing"
pattern = "[A-Za-z][A-Za-z0-9-]*"

# What becomes of its files, by their paths here. All but this one are taken.
# [files]
# "**/*.png" = { raw = true }
# "ci/**" = { when = "with_ci" }
# "settings.json.tmpl" = { merge = true }
`;

const SAMPLE = "# {{ name | title }}\n";

/** Writes a template to begin with into the folder of templates. Gives the paths. */
export async function startTemplate({
  name,
  cwd,
  dryRun,
}: {
  readonly name: string;
  /** Absolute. */
  readonly cwd: string;
  readonly dryRun: boolean;
}): Promise<Result<readonly string[], Diagnostic>> {
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(name)) {
    const expected = "a name of letters, digits, _ - and .";
    return err({
      code: "E117",
      severity: "error",
      data: { name: JSON.stringify(name), where: "templates", expected },
    });
  }
  const config = await nearestConfig(cwd);
  const folder = resolveFrom(config === undefined ? cwd : dirname(config), `templates/${name}`);
  if (await pathExists(folder)) return err({ code: "E586", severity: "error", data: { path: folder } });
  const files = [
    { path: `${folder}/${TEMPLATE_NAME}`, text: STARTER },
    { path: `${folder}/{{ name }}/README.md`, text: SAMPLE },
  ];
  if (!dryRun) {
    for (const { path, text } of files) {
      const written = await writeFileAtomically(path, text);
      if (!written.ok) return err({ code: "E190", severity: "error", data: { path, reason: written.error } });
    }
  }
  return ok(files.map(({ path }) => path));
}
