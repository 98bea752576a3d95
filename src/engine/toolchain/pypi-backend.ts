import { err, ok } from "#base/result";
import { fileSystem } from "#system/runtime-modules";
import { ask, work } from "./package-backend";
import type { PackageBackend } from "./package-backend";
import { systemFailure } from "./tool-failure";

const QUIET = ["--disable-pip-version-check", "--no-input", "--quiet"];
/** Folder of links to the package's own programs: Python's are not to hide others. */
const PROGRAMS = "programs";

/** Packages of PyPI, each in a virtual environment of its own. */
export const pypiBackend: PackageBackend = {
  programs: ["python3", "python"],
  releases: async (name, _request, client) => {
    const asked = await ask(
      client,
      `pypi:${name}`,
      "-m",
      "pip",
      "index",
      "versions",
      "--pre",
      "--disable-pip-version-check",
      name,
    );
    if (!asked.ok) return asked;
    const listed = /^Available versions: (.*)$/m.exec(asked.value.stdout)?.[1];
    return listed === undefined
      ? err({
          code: "E421",
          data: {
            tool: `pypi:${name}`,
            command: "pip index versions",
            reason: "its answer is not understood",
          },
        })
      : ok(listed.split(",").map((version) => ({ version: version.trim() })));
  },
  install: async ({ name, version, home }, client) => {
    const tool = `pypi:${name}`;
    const venv = await work(client, tool, "-m", "venv", `${home}/venv`);
    if (!venv.ok) return venv;
    const bin = client.isWindows ? "Scripts" : "bin";
    const { mkdir, readdir, symlink } = fileSystem();
    try {
      const before = new Set(await readdir(`${home}/venv/${bin}`));
      const python = { ...client, program: `${home}/venv/${bin}/python` };
      const made = await work(python, tool, "-m", "pip", "install", ...QUIET, `${name}==${version}`);
      if (!made.ok) return made;
      const own = (await readdir(`${home}/venv/${bin}`)).filter((entry) => !before.has(entry));
      await mkdir(`${home}/${PROGRAMS}`);
      for (const program of own) await symlink(`../venv/${bin}/${program}`, `${home}/${PROGRAMS}/${program}`);
      return ok([PROGRAMS]);
    } catch (error) {
      return err(systemFailure(tool, error));
    }
  },
};
