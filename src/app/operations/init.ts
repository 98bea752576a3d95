import type { Diagnostic } from "#base/diagnostic";
import { ancestors, resolveFrom } from "#base/path";
import { err, ok, type Result } from "#base/result";
import { CONFIG_NAME } from "#core/config/config-names";
import { pathExists } from "#system/fs/path-exists";
import { readBytes } from "#system/fs/read-bytes";
import { readText } from "#system/fs/read-text";
import { writeFileAtomically } from "#system/fs/write-file";

export interface InitRequest {
  /** The folder to write to, absolute. */
  readonly folder: string;
  /** Overwrite a zr.toml that is there. */
  readonly force: boolean;
  /** Write nothing. */
  readonly dryRun: boolean;
}

/** A file that was written, or would be, with its whole text. */
export interface InitFile {
  readonly path: string;
  readonly text: string;
  readonly isNew: boolean;
}

/** The zr.toml that a new project starts with: valid as it stands, the rest in comments to be uncommented. */
export const STARTER = `# What can be done in this repository. \`zr\` lists it, \`zr NAME\` does it.

[tasks.hello]
description = "Say hello"
cmd = "echo hello"

# A task may need others. They run first, side by side where they don't need each other.
# [tasks.build]
# description = "Build the program"
# cmd = "make"
# deps = ["generate"]

# Parameters are checked before anything runs: \`zr deploy prod --region=eu\`.
# [tasks.deploy]
# cmd = 'deploy "$ZR_ARG_target"'
# args = [{ name = "target", choices = ["staging", "prod"], required = true }]
# deps = ["build"]

# Variables of every task. Your own go into zr.local.toml, which is not for others.
# [env]
# LOG_LEVEL = "info"

# How zr behaves. \`zr schema\` describes every key for your editor.
# [global]
# shell = "bash"
`;

const IGNORED = ["zr.local.toml", ".zr/"] as const;

/**
 * Starts a project: writes zr.toml, and in a git repository sees to it that zr's own files are ignored. An existing
 * zr.toml is E187, unless forced; nothing is written then.
 */
export async function initProject(request: InitRequest): Promise<Result<readonly InitFile[], Diagnostic>> {
  const path = resolveFrom(request.folder, CONFIG_NAME);
  const exists = await pathExists(path);
  if (exists && !request.force) return err({ code: "E187", severity: "error", data: { path } });
  const files: InitFile[] = [{ path, text: STARTER, isNew: !exists }];
  const ignore = await ignoreFile(request.folder);
  if (!ignore.ok) return ignore;
  if (ignore.value !== undefined) files.push(ignore.value);
  if (request.dryRun) return ok(files);
  for (const file of files) {
    const written = await writeInitFile(file);
    if (!written.ok)
      return err({ code: "E190", severity: "error", data: { path: file.path, reason: written.error } });
  }
  return ok(files);
}

/** Where the text goes on from what is there, the bytes that are there stay: they may be names in another encoding. */
export async function writeInitFile({ path, text }: InitFile): Promise<Result<void, string>> {
  const present = await readText(path);
  if (present.kind !== "text" || !text.startsWith(present.text)) return writeFileAtomically(path, text);
  const added = Buffer.from(text.slice(present.text.length));
  return writeFileAtomically(path, Buffer.concat([await readBytes(path), added]));
}

/** The .gitignore with zr's own files among its lines; undefined where it is fine, or there is no repository. */
export async function ignoreFile(folder: string): Promise<Result<InitFile | undefined, Diagnostic>> {
  if (!(await isInRepository(folder))) return ok(undefined);
  const path = resolveFrom(folder, ".gitignore");
  const read = await readText(path);
  if (read.kind === "missing")
    return ok({ path, text: IGNORED.map((line) => `${line}\n`).join(""), isNew: true });
  if (read.kind === "folder") return err({ code: "E151", severity: "error", data: { path } });
  if (read.kind === "unreadable")
    return err({ code: "E150", severity: "error", data: { path, reason: read.reason } });
  const present = new Set(read.text.split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, "")));
  const missing = IGNORED.filter((line) => !present.has(line.replace(/\/$/, "")));
  if (missing.length === 0) return ok(undefined);
  const eol = read.text.includes("\r\n") ? "\r\n" : "\n";
  const start = read.text === "" || read.text.endsWith("\n") ? read.text : read.text + eol;
  return ok({ path, text: start + missing.map((line) => line + eol).join(""), isNew: false });
}

/** Whether the folder or one above is a git repository; in a work tree of its own `.git` is a file. */
async function isInRepository(folder: string): Promise<boolean> {
  for (const one of ancestors(folder)) if (await pathExists(resolveFrom(one, ".git"))) return true;
  return false;
}
