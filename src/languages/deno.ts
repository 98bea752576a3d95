import type { FolderFiles } from "./folder-view";
import type { InferredTask, LanguageProvider, ManifestPackage, MemberList } from "./language-provider";
import { manifestHead } from "./manifest-head";
import { formatProblem } from "#core/config/formats";
import { tableAt, textAt, textsAt } from "#base/value-at";
import type { Table } from "#base/value-at";

const MANIFESTS = ["deno.json", "deno.jsonc"] as const;

/** Packages of Deno (docs.deno.com, "deno.json and package.json"). */
export const deno: LanguageProvider = {
  name: "deno",
  displayName: "Deno",
  manifests: MANIFESTS,
  marks: ["deno.lock"],
  members,
  describe,
  starter: async () => (await import("./deno-starter")).denoStarter,
  toolchain: async () => (await import("./deno-toolchain")).denoToolchain,
  project: async () => (await import("./deno-project")).denoProject,
};

const manifestOf = ({ names }: FolderFiles): string | undefined => MANIFESTS.find((name) => names.has(name));

/** Only the root's list counts; it may be in a table of its own. */
function members(folder: FolderFiles, root: FolderFiles): MemberList {
  const name = manifestOf(root);
  if (folder !== root || name === undefined) return { folders: [] };
  const manifest = root.value(name);
  return { folders: [...textsAt(manifest, "workspace"), ...textsAt(manifest, "workspace", "members")] };
}

function describe(folder: FolderFiles): ManifestPackage | undefined {
  const manifest = manifestOf(folder);
  if (manifest === undefined) return undefined;
  const value = folder.value(manifest);
  const file = `${folder.dir}/${manifest}`;
  return {
    ...manifestHead(file, value),
    // Members are imported by their names, whether the table of imports has them or not.
    dependencies: Object.entries(tableAt(value, "imports")).flatMap(([key, target]) => {
      const on =
        typeof target === "string" ? /^(?:jsr:|npm:)?(@?[^@:/]+(?:\/[^@/]+)?)/.exec(target)?.[1] : undefined;
      return on === undefined || on.startsWith(".")
        ? []
        : [{ on: { name: on }, kind: "imports", place: { file, path: ["imports", key] } }];
    }),
    tasks: tasksOf(value, file),
  };
}

function tasksOf(manifest: Table, file: string): readonly InferredTask[] {
  return Object.entries(tableAt(manifest, "tasks")).flatMap(([name, task]): readonly InferredTask[] => {
    const command = typeof task === "string" ? task : textAt(task, "command");
    const needs = textsAt(task, "dependencies");
    if (formatProblem("task-name", name) !== undefined || (command === undefined && needs.length === 0))
      return [];
    // A task that calls zr would call itself.
    if (/^\s*zr\s/.test(command ?? "")) return [];
    const description = textAt(task, "description") ?? command;
    return [
      {
        name,
        table: {
          ...(description === undefined ? {} : { description }),
          cmd: ["deno", "task", "--quiet", name],
        },
        place: { file, path: ["tasks", name] },
      },
    ];
  });
}
