import type { DoctorCheck, Finding } from "#engine/onboard/finding";
import { describeProblems } from "#app/catalogue/describe-problems";
import type { LoadOptions } from "#app/load-workspace";
import { validate } from "#app/operations/validate";
import { counted } from "./counted";
import type { Host } from "#system/host";

const LIMIT_MS = 30_000;

/** Whether the whole configuration is valid. */
export const configCheck = (load: LoadOptions, host: Host): DoctorCheck => ({
  name: "config",
  limitMs: LIMIT_MS,
  look: async () => {
    const found = await validate(load, host);
    const problems = await describeProblems(found, load.cwd);
    if (problems.length === 0)
      return [
        {
          check: "config",
          name: "zr.toml",
          state: "ok",
          detail: `${counted(found.files, "file")}, ${counted(found.tasks, "task")}`,
        },
      ];
    return problems.map(({ code, severity, message, file, line }): Finding => ({
      check: "config",
      name: file === undefined ? code : `${file}${line === undefined ? "" : `:${line}`}`,
      state: severity === "error" ? "failed" : "warning",
      detail: message,
      fix: `zr help ${code}`,
    }));
  },
});
