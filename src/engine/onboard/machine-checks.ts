import { formatSize } from "#base/size";
import { cgroupFacts, findCgroupPlace } from "#system/cgroup/cgroup-place";
import { freeSpace } from "#system/fs/free-space";
import { readSmall } from "#system/fs/read-small";
import type { Host } from "#system/host";
import { canConnect } from "#system/net/probe";
import { portOwner } from "#system/net/port-owner";
import { captureCommand } from "#system/process/capture";
import { fileSystem } from "#system/runtime-modules";
import { which } from "#system/which";
import type { DoctorCheck, Finding } from "./finding";

const LIMIT_MS = 5000;
const MEGABYTE = 1024 * 1024;
/** Less than this is soon used up by one installation. */
const SCARCE_BYTES = 1024 * MEGABYTE;
const TOO_LITTLE_BYTES = 100 * MEGABYTE;

/** Room on the disks that zr writes to: folders by what they are for. */
export const diskCheck = (folders: ReadonlyMap<string, string>): DoctorCheck => ({
  name: "disk",
  limitMs: LIMIT_MS,
  look: () =>
    Promise.all(
      [...folders].map(async ([name, folder]): Promise<Finding> => {
        const about = { check: "disk", name };
        const free = await freeSpace(folder);
        if (free === undefined) return { ...about, state: "skipped", detail: `${folder}: can't be told` };
        const detail = `${formatSize(free)} free for ${folder}`;
        if (free >= SCARCE_BYTES) return { ...about, state: "ok", detail };
        const state = free < TOO_LITTLE_BYTES ? "failed" : "warning";
        return {
          ...about,
          state,
          detail,
          hint: "make room; old results of tasks go first",
          fix: "zr cache prune",
        };
      }),
    ),
});

/** Ports that something of the workspace wants to listen on, with what that is. */
export const portsCheck = (ports: ReadonlyMap<number, string>): DoctorCheck => ({
  name: "ports",
  limitMs: LIMIT_MS,
  look: () =>
    Promise.all(
      [...ports].map(async ([port, what]): Promise<Finding> => {
        const about = { check: "ports", name: String(port) };
        if (!(await canConnect(`127.0.0.1:${port}`)))
          return { ...about, state: "ok", detail: `free for ${what}` };
        const owner = await portOwner(port);
        const by = owner === undefined ? "" : ` by ${owner.program} (${owner.pid})`;
        return {
          ...about,
          state: "warning",
          detail: `in use${by}; ${what} wants it`,
          hint: "end what listens there, unless it is just that",
          ...(owner === undefined ? {} : { fix: `kill ${owner.pid}` }),
        };
      }),
    ),
});

/** So many watches a middling repository needs. */
const FEW_WATCHES = 65_536;
const WATCHES = "/proc/sys/fs/inotify/max_user_watches";

/** How many folders may be watched (Linux). */
export const watchLimitCheck: DoctorCheck = {
  name: "watch",
  limitMs: LIMIT_MS,
  look: async () => {
    const about = { check: "watch", name: "folders" };
    const limit = Number.parseInt((await readSmall(WATCHES)) ?? "", 10);
    if (Number.isNaN(limit)) return [{ ...about, state: "skipped", detail: "this system has no such limit" }];
    const detail = `${limit} at once`;
    if (limit >= FEW_WATCHES) return [{ ...about, state: "ok", detail }];
    return [
      {
        ...about,
        state: "warning",
        detail: `${detail}, too few for large repositories`,
        fix: "sudo sysctl fs.inotify.max_user_watches=524288",
      },
    ];
  },
};

/** Whether limits of tasks are kept by the kernel (Linux). */
export const cgroupCheck: DoctorCheck = {
  name: "limits",
  limitMs: LIMIT_MS,
  look: async () => {
    const about = { check: "limits", name: "cgroups" };
    const facts = await cgroupFacts();
    if (facts === undefined)
      return [
        { ...about, state: "skipped", detail: "this system has none; limits of tasks are watched by zr" },
      ];
    const place = await findCgroupPlace(facts);
    if (place.ok)
      return [
        {
          ...about,
          state: "ok",
          detail: `${[...place.value.controllers].join(", ")} by ${place.value.parent}`,
        },
      ];
    return [{ ...about, state: "skipped", detail: `${place.error}; limits of tasks are watched by zr` }];
  },
};

/** Whether the zr that PATH leads to is the one that runs. */
export const pathCheck = ({ env, cwd, os }: Host, program: string): DoctorCheck => ({
  name: "path",
  limitMs: LIMIT_MS,
  look: () => {
    const about = { check: "path", name: "zr" };
    const found = which("zr", { path: env["PATH"] ?? "", cwd });
    const folder = program.slice(0, Math.max(0, program.lastIndexOf(os === "windows" ? "\\" : "/")));
    if (found === undefined)
      return Promise.resolve<Finding[]>([
        {
          ...about,
          state: "warning",
          detail: "not on PATH: git hooks and scripts will not find it",
          fix: `export PATH="${folder}:$PATH"`,
        },
      ]);
    return sameProgram(found, program).then((isSame): Finding[] =>
      isSame
        ? [{ ...about, state: "ok", detail: found }]
        : [
            {
              ...about,
              state: "warning",
              detail: `PATH leads to ${found}, this is ${program}`,
              hint: "take one of the two away",
            },
          ],
    );
  },
});

async function sameProgram(a: string, b: string): Promise<boolean> {
  const { realpath } = fileSystem();
  const real = (path: string): Promise<string> => realpath(path).catch(() => path);
  return (await real(a)) === (await real(b));
}

/** Git, as far as zr and a first commit need it. */
export const gitCheck = ({ env }: Host, root: string, signal: AbortSignal): DoctorCheck => ({
  name: "git",
  limitMs: LIMIT_MS,
  heedsSignal: true,
  look: async () => {
    const ask = (...argv: readonly string[]) =>
      captureCommand({ argv: ["git", ...argv], cwd: root, env, limitMs: LIMIT_MS, signal });
    const version = await ask("--version");
    if (!version.ok || version.value.exitCode !== 0)
      return [
        {
          check: "git",
          name: "git",
          state: "warning",
          detail: "not installed: nothing can be said of changes",
          hint: "install git by the system's package manager",
        },
      ];
    const found: Finding = { check: "git", name: "git", state: "ok", detail: version.value.stdout.trim() };
    const inside = await ask("rev-parse", "--is-inside-work-tree");
    if (!inside.ok || inside.value.exitCode !== 0) {
      const said = inside.ok ? inside.value.stderr : "";
      return [
        found,
        said.includes("dubious ownership")
          ? {
              check: "git",
              name: "owner",
              state: "failed",
              detail: "the working copy belongs to somebody else, and git does not trust it",
              fix: `git config --global --add safe.directory ${root}`,
            }
          : { check: "git", name: "repository", state: "skipped", detail: "this is no git repository" },
      ];
    }
    const email = await ask("config", "user.email");
    const hasName = (env["GIT_AUTHOR_EMAIL"] ?? "") !== "" || (email.ok && email.value.exitCode === 0);
    const identity: Finding = hasName
      ? { check: "git", name: "identity", state: "ok", detail: "commits have an author" }
      : {
          check: "git",
          name: "identity",
          state: "warning",
          detail: "git does not know who commits",
          fix: 'git config --global user.email "you@example.org"',
        };
    return [found, identity];
  },
});

/** Docker and Compose, where a file of the workspace wants them. */
export const dockerCheck = (
  { env }: Host,
  root: string,
  { wantedBy, signal }: { readonly wantedBy: string | undefined; readonly signal: AbortSignal },
): DoctorCheck => ({
  name: "docker",
  limitMs: 2 * LIMIT_MS,
  heedsSignal: true,
  look: async () => {
    const about = { check: "docker", name: "docker" };
    if (wantedBy === undefined) return [{ ...about, state: "skipped", detail: "nothing here wants it" }];
    const ask = (...argv: readonly string[]) =>
      captureCommand({ argv: ["docker", ...argv], cwd: root, env, limitMs: LIMIT_MS, signal });
    const info = await ask("info", "--format", "{{.ServerVersion}}");
    if (!info.ok)
      return [
        { ...about, state: "failed", detail: `not installed; ${wantedBy} wants it`, hint: "install Docker" },
      ];
    if (info.value.exitCode !== 0)
      return [
        {
          ...about,
          state: "failed",
          detail: `its daemon does not answer; ${wantedBy} wants it`,
          fix: "sudo systemctl start docker",
        },
      ];
    const compose = await ask("compose", "version", "--short");
    const hasCompose = compose.ok && compose.value.exitCode === 0;
    return [
      { ...about, state: "ok", detail: info.value.stdout.trim() },
      hasCompose
        ? { check: "docker", name: "compose", state: "ok", detail: compose.value.stdout.trim() }
        : {
            check: "docker",
            name: "compose",
            state: "failed",
            detail: `docker compose is not installed; ${wantedBy} wants it`,
            hint: "install the plugin docker-compose-plugin",
          },
    ];
  },
});
