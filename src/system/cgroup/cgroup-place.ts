import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import { readControl, writeControl } from "./cgroup-files";

export type Controller = "memory" | "cpu";

/** The group below which scopes can be made, and what they can limit there. */
export interface CgroupPlace {
  /** Absolute path. */
  readonly parent: string;
  readonly controllers: ReadonlySet<Controller>;
}

/** What the kernel tells a process of its groups: the text of `/proc/self/cgroup` and of `/proc/self/mountinfo`. */
export interface CgroupFacts {
  readonly cgroup: string;
  readonly mounts: string;
}

const CONTROLLERS: readonly Controller[] = ["memory", "cpu"];

/** Files of our own group in which a limit would be escaped from by starting children outside of it. */
const OWN_LIMITS = ["memory.max", "memory.high", "memory.swap.max", "cpu.max"];

/** The facts about this process; undefined where the system has no control groups. */
export async function cgroupFacts(): Promise<CgroupFacts | undefined> {
  if (process.platform !== "linux") return undefined;
  const cgroup = await readControl("/proc/self/cgroup");
  const mounts = await readControl("/proc/self/mountinfo");
  return cgroup === undefined || mounts === undefined ? undefined : { cgroup, mounts };
}

/**
 * Finds where groups for children can be made, as the kernel's "Control Group v2" has it: a group that holds processes can't
 * hand controllers on to groups below it, the root excepted. So scopes are made below the root where we are in it, else
 * beside our own group, provided that ours sets no limit that the children would escape.
 *
 * @returns the reason in words where there is no such place.
 */
export async function findCgroupPlace(facts: CgroupFacts): Promise<Result<CgroupPlace, string>> {
  const mount = unifiedMount(facts.mounts);
  const path = /^0::(\/.*)$/m.exec(facts.cgroup)?.[1];
  if (mount === undefined || path === undefined) return err("there is no cgroup v2 file system");
  const below = pathBelow(path, mount.root);
  if (below === undefined) return err("our own control group lies outside of what is mounted");
  const own = `${mount.point}${below}`;
  // The root has no type: it can't be anything else.
  const isRoot = (await readControl(`${own}/cgroup.type`)) === undefined;
  if (isRoot) return handOn(own);
  if (below === "") return err("our own control group is the top of what is mounted");
  if (own.slice(own.lastIndexOf("/") + 1).startsWith("zr-"))
    return err("we are limited by a control group ourselves");
  for (const name of OWN_LIMITS) {
    const limit = await readControl(`${own}/${name}`);
    if (limit !== undefined && limit.split(" ")[0] !== "max")
      return err("we are limited by a control group ourselves");
  }
  return handOn(own.slice(0, own.lastIndexOf("/")));
}

/** Makes sure that groups below `parent` get the controllers, as far as it has them itself. */
async function handOn(parent: string): Promise<Result<CgroupPlace, string>> {
  const available = words(await readControl(`${parent}/cgroup.controllers`));
  const controllers = new Set<Controller>();
  for (const controller of CONTROLLERS) {
    if (!available.has(controller)) continue;
    const control = `${parent}/cgroup.subtree_control`;
    const isOn =
      words(await readControl(control)).has(controller) || (await writeControl(control, `+${controller}`));
    if (isOn) controllers.add(controller);
  }
  if (controllers.size === 0) return err(`${parent} hands on neither the memory nor the cpu controller`);
  return ok({ parent, controllers });
}

interface Mount {
  /** Path in the hierarchy of what is mounted. */
  readonly root: string;
  readonly point: string;
}

/** The unified hierarchy among the lines of a mountinfo file (proc(5)): the type follows a lone dash. */
function unifiedMount(mounts: string): Mount | undefined {
  for (const line of mounts.split("\n")) {
    const [before, after] = line.split(" - ");
    if (before === undefined || after?.startsWith("cgroup2 ") !== true) continue;
    const [, , , root = "/", point = ""] = before.split(" ");
    return { root: unescape(root), point: unescape(point) };
  }
  return undefined;
}

/** Blanks, tabs, line ends and backslashes are written in octal there. */
const unescape = (text: string): string =>
  text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** The rest of `path` below `root`, beginning with a slash or empty; undefined where it is not below it. */
function pathBelow(path: string, root: string): string | undefined {
  if (path.split("/").includes("..")) return undefined;
  const top = root === "/" ? "" : root;
  if (path === root || (top === "" && path === "/")) return "";
  return path.startsWith(`${top}/`) ? path.slice(top.length) : undefined;
}

const words = (text: string | undefined): ReadonlySet<string> => new Set(text?.split(" ") ?? []);
