import { relativeTo } from "#base/path";
import { err, ok } from "#base/result";
import { detectProject } from "#app/operations/detect";
import { plainProblems } from "#app/problems";
import { compact } from "./answer-parts";
import type { OperationBody } from "./operation";

export const generateConfigBody: OperationBody = async (input, { cwd }) => {
  const writes = input.isOn("write");
  // What is only shown is shown whether or not there is a file.
  const force = !writes || input.isOn("force");
  const made = await detectProject({ folder: cwd, force, dryRun: !writes });
  if (!made.ok) return err(plainProblems(made.error));
  const { files, tryTask } = made.value;
  return ok({
    value: {
      written: writes,
      files: files.map(({ path, text, isNew }) => ({ path: relativeTo(cwd, path), text, new: isNew })),
      ...compact({ try: tryTask }),
    },
  });
};
