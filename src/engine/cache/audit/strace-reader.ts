import { isAbsolute, resolveFrom } from "#base/path";
import { descriptorPath, parseCall, quotedText } from "./strace-line";
import type { TracedCall } from "./strace-line";
import type { TouchedFiles } from "./touched-files";

const MAKES_PROCESS = new Set(["clone", "clone3", "fork", "vfork"]);

/** What a call does to the files that it names, in the order in which it names them. */
type Effect = "open" | "read" | "write" | "copy" | "move" | "enter";

interface Watched {
  readonly effect: Effect;
  /** Whether each name has a file descriptor in front, of the folder that it starts from. */
  readonly isAt: boolean;
  /** Arguments to pass over first. */
  readonly skip?: number;
}

const EFFECTS: Readonly<Record<string, Watched>> = {
  open: { effect: "open", isAt: false },
  openat: { effect: "open", isAt: true },
  openat2: { effect: "open", isAt: true },
  execve: { effect: "read", isAt: false },
  execveat: { effect: "read", isAt: true },
  creat: { effect: "write", isAt: false },
  truncate: { effect: "write", isAt: false },
  symlink: { effect: "write", isAt: false, skip: 1 },
  symlinkat: { effect: "write", isAt: true, skip: 1 },
  link: { effect: "copy", isAt: false },
  linkat: { effect: "copy", isAt: true },
  rename: { effect: "move", isAt: false },
  renameat: { effect: "move", isAt: true },
  renameat2: { effect: "move", isAt: true },
  chdir: { effect: "enter", isAt: false },
};

/** The system calls to watch: those that read or write whole files or change where names lead. */
export const TRACED_CALLS: readonly string[] = [...Object.keys(EFFECTS), "fchdir", ...MAKES_PROCESS];

const UNFINISHED = / ?<unfinished \.\.\.>$/;
const RESUMED = /^<\.\.\. [a-z_0-9]+ resumed>/;

/** Makes out of the lines of `strace -f -y` which files were touched. What is no such line is passed over. */
export class StraceReader {
  readonly #files: TouchedFiles;
  readonly #start: string;
  /** Folders of processes: those that names without a slash in front start from. */
  readonly #folders = new Map<string, string>();
  /** The first halves of calls that others came between. */
  readonly #halves = new Map<string, string>();
  /** Folder of the process that began last to make another one, which may be heard of first. */
  #parentFolder: string | undefined;

  /** @param start absolute; the folder that the first process starts in */
  constructor(files: TouchedFiles, start: string) {
    this.#files = files;
    this.#start = start;
  }

  line(text: string): void {
    const space = text.indexOf(" ");
    const process = text.slice(0, space);
    if (!/^\d+$/.test(process)) return;
    const rest = text.slice(space).trimStart();
    if (UNFINISHED.test(rest)) {
      const half = rest.replace(UNFINISHED, "");
      this.#halves.set(process, half);
      if (MAKES_PROCESS.has(half.slice(0, half.indexOf("(")))) this.#parentFolder = this.#folderOf(process);
      return;
    }
    const half = this.#halves.get(process);
    const whole = RESUMED.test(rest) && half !== undefined ? half + rest.replace(RESUMED, "") : rest;
    this.#halves.delete(process);
    const call = parseCall(whole);
    if (call !== undefined && call.result >= 0) this.#take(process, call);
  }

  #folderOf(process: string): string {
    let folder = this.#folders.get(process);
    if (folder === undefined) this.#folders.set(process, (folder = this.#parentFolder ?? this.#start));
    return folder;
  }

  #take(process: string, call: TracedCall): void {
    const { name, args, result, opened } = call;
    if (MAKES_PROCESS.has(name)) {
      if (!this.#folders.has(String(result))) this.#folders.set(String(result), this.#folderOf(process));
      return;
    }
    const watched = EFFECTS[name];
    if (watched === undefined) {
      const folder = name === "fchdir" ? descriptorPath(args[0]) : undefined;
      if (folder !== undefined) this.#folders.set(process, folder);
      return;
    }
    const { effect, isAt, skip = 0 } = watched;
    const width = isAt ? 2 : 1;
    const nameAt = (index: number): string | undefined => {
      const start = skip + index * width;
      return this.#path(process, isAt ? args[start] : undefined, args[start + width - 1]);
    };
    const path = opened ?? nameAt(0);
    if (path === undefined) return;
    switch (effect) {
      case "open":
        return this.#open(path, args[width]);
      case "read":
        return this.#files.read(path);
      case "write":
        return this.#files.write(path);
      case "enter":
        return void this.#folders.set(process, path);
      default:
        return this.#relate(path, nameAt(1), effect);
    }
  }

  #relate(from: string, to: string | undefined, effect: "copy" | "move"): void {
    if (to === undefined) return;
    if (effect === "move") return this.#files.move(from, to);
    this.#files.read(from);
    this.#files.write(to);
  }

  /** A name, from the folder of a file descriptor or from the process's own. */
  #path(process: string, folder: string | undefined, name: string | undefined): string | undefined {
    const path = quotedText(name);
    if (path === undefined || path === "") return undefined;
    if (isAbsolute(path)) return resolveFrom("/", path);
    return resolveFrom(descriptorPath(folder) ?? this.#folderOf(process), path);
  }

  #open(path: string, written = ""): void {
    if (/O_(?:PATH|DIRECTORY|TMPFILE)/.test(written)) return;
    const isMade = /O_(?:CREAT|TRUNC)/.test(written);
    if (!written.includes("O_WRONLY") && !(written.includes("O_RDWR") && isMade)) this.#files.read(path);
    if (/O_(?:WRONLY|RDWR)/.test(written)) this.#files.write(path);
  }
}
