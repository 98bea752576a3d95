import { languageProjects } from "#app/language-projects";
import { otherTools } from "#app/operations/detect";

/**
 * What would have made more of a folder than an example does: a line for its languages, whose tasks zr found by itself as
 * long as there was no configuration, and one for each other tool. Empty where the folder has neither.
 */
export async function betterStartLines(folder: string): Promise<string> {
  const languages = (await languageProjects(folder, folder))
    .filter(({ provider }) => provider.isFallback !== true)
    .map(({ provider }) => provider.name);
  const detected =
    languages.length === 0
      ? []
      : [
          `this is ${languages.join(", ")}: zr init --detect --force writes its tasks instead of the example\n`,
        ];
  const others = (await otherTools(folder)).map(
    ({ tool, file }) => `there is a ${file}: zr init --from-${tool} --force takes it over\n`,
  );
  return [...detected, ...others].join("");
}
