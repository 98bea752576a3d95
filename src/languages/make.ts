import { commandTasks } from "./command-tasks";
import { NO_MEMBERS } from "./language-provider";
import type { FolderFiles } from "./folder-view";
import type { LanguageProvider, ManifestPackage } from "./language-provider";

/** As make looks for them itself (gnu.org/software/make/manual, "Makefile Names"). */
const MAKEFILES = ["GNUmakefile", "makefile", "Makefile"] as const;

/** What only a Makefile builds. Its targets are called by make, as they are. */
export const make: LanguageProvider = {
  name: "make",
  displayName: "Make",
  manifests: MAKEFILES,
  isFallback: true,
  isRunner: true,
  members: () => NO_MEMBERS,
  describe,
  project: async () => (await import("./make-project")).makeProject,
};

function describe(folder: FolderFiles): ManifestPackage | undefined {
  const name = MAKEFILES.find((one) => folder.names.has(one));
  const text = name === undefined ? undefined : folder.text(name);
  if (name === undefined || text === undefined) return undefined;
  const file = `${folder.dir}/${name}`;
  return {
    manifest: file,
    namePlace: { file },
    dependencies: [],
    tasks: commandTasks(
      file,
      targetsOf(text).map(
        ({ target, description }) => [target, description, ["make", "--no-print-directory", target]] as const,
      ),
    ),
  };
}

interface Target {
  readonly target: string;
  readonly description: string;
}

/** A rule with plain names; `::` has two, `:=` is an assignment. */
const RULE = /^([A-Za-z0-9_][\w.\-/ ]*?)[ \t]*::?(?![:=])([^\n]*)$/;

/**
 * The targets that are meant to be called: those that `.PHONY` names where there is such a line, else all that are
 * written out and are no file with an ending. A comment `## …` behind a rule describes it, as `help` targets have it.
 */
function targetsOf(text: string): readonly Target[] {
  const lines = text.replaceAll(/\\\r?\n/g, " ").split(/\r?\n/);
  const phony = new Set(
    lines.flatMap((line) =>
      (/^\.PHONY[ \t]*:(.*)$/.exec(line)?.[1] ?? "").replace(/#.*/, "").split(/\s+/).filter(Boolean),
    ),
  );
  const found = new Map<string, Target>();
  for (const line of lines) {
    const rule = RULE.exec(line);
    if (rule === null) continue;
    const description = /##\s*(.+?)\s*$/.exec(rule[2] ?? "")?.[1] ?? "";
    for (const target of (rule[1] ?? "").split(/\s+/)) {
      const isMeant = phony.size === 0 ? !/[./]/.test(target) : phony.has(target);
      if (isMeant && (found.get(target)?.description ?? "") === "")
        found.set(target, { target, description });
    }
  }
  return [...found.values()];
}
