import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { localCacheFolder } from "#core/cache/cache-settings";
import { findHookPlace, leftHooks, removeHook, writeHook } from "#engine/onboard/git-hooks";
import type { DoctorCheck, Finding } from "#engine/onboard/finding";
import { probeCheck } from "#engine/onboard/probe-check";
import { runStepCommand } from "#engine/onboard/run-command";
import { SetupState } from "#engine/onboard/setup-state";
import { openLocalCache, sizeOfCache } from "#app/operations/cache";
import { remoteState } from "#app/operations/cache-remote";
import { formatSize } from "#base/size";
import { canBeWritten } from "#system/fs/can-be-written";
import { captureCommand } from "#system/process/capture";
import { which } from "#system/which";
import type { DoctorContext } from "./doctor-context";
import { completeDotenv, dotenvGaps, dotenvName } from "./env-unit";
import { findInstallations, installInputs } from "./find-installs";
import { findHooks } from "./hooks-unit";
import { isRemembered } from "./remembered";
import { environmentOrReason, packageAt, problemLine } from "./setup-context";
import { shellOf } from "./shell-hook";
import { shellWords } from "./shell-words";

const LIMIT_MS = 10_000;

/** `.env` files against their examples, and whether git would take them. */
export const envCheck = ({ workspace, host, signal }: DoctorContext): DoctorCheck => ({
  name: "env",
  limitMs: LIMIT_MS,
  heedsSignal: true,
  look: async () => {
    const gaps = await dotenvGaps(workspace, host);
    const findings = await Promise.all(
      gaps.map(async (gap): Promise<readonly Finding[]> => {
        const about = { check: "env", name: dotenvName(gap, workspace) };
        const mend = async (): Promise<Result<string, string>> => {
          const written = await completeDotenv(gap);
          return written.ok ? ok(`completed by ${gap.example}`) : written;
        };
        if (!gap.isThere)
          return [
            { ...about, state: "failed", detail: `not there; ${gap.example} is`, fix: "zr setup env", mend },
          ];
        if (gap.missing.length > 0)
          return [
            {
              ...about,
              state: "failed",
              detail: `lacks ${gap.missing.join(", ")}`,
              fix: "zr setup env",
              mend,
            },
          ];
        const isEmpty = gap.empty.length > 0;
        const complete: Finding = isEmpty
          ? {
              ...about,
              state: "warning",
              detail: `has no value for ${gap.empty.join(", ")}`,
              hint: "fill it in",
            }
          : { ...about, state: "ok", detail: "complete" };
        return (await isPublic(gap.dir, { env: host.env, signal }))
          ? [
              complete,
              {
                ...about,
                state: "warning",
                detail: "git does not ignore it",
                fix: "echo .env >> .gitignore",
              },
            ]
          : [complete];
      }),
    );
    return findings.flat();
  },
});

/** Whether git would take the `.env` of a folder. */
async function isPublic(
  dir: string,
  { env, signal }: { readonly env: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<boolean> {
  const ran = await captureCommand({
    argv: ["git", "check-ignore", "-q", ".env"],
    cwd: dir,
    env,
    limitMs: LIMIT_MS,
    signal,
  });
  // 0: ignored, 1: not ignored, 128: no repository (git-check-ignore(1)).
  return ran.ok && ran.value.exitCode === 1;
}

/** What packages depend on: whether it is installed as their files have it now, and by what. */
export const depsCheck = (context: DoctorContext): DoctorCheck => ({
  name: "deps",
  limitMs: LIMIT_MS,
  look: async () => {
    const { workspace, setup } = context;
    const state = await SetupState.read(workspace.root);
    const installations = await findInstallations(workspace, setup.deps);
    return Promise.all(
      installations.map(async (one): Promise<Finding> => {
        const about = { check: "deps", name: one.path };
        const made = await environmentOrReason(packageAt(workspace, one.dir), context);
        if (!made.ok) return { ...about, state: "failed", detail: made.error };
        const program = typeof one.cmds === "string" ? undefined : one.cmds[0]?.[0];
        const path = made.value.env["PATH"] ?? "";
        if (program !== undefined && which(program, { path, cwd: one.dir }) === undefined)
          return {
            ...about,
            state: "failed",
            detail: `${program} is not on PATH; ${one.label} needs it`,
            hint: `install ${program}, or ask for it in [tools]`,
          };
        const inputs = installInputs(one);
        return inputs === undefined || (await isRemembered(state, one.id, inputs))
          ? { ...about, state: "ok", detail: `${one.label}: as its files say` }
          : {
              ...about,
              state: "warning",
              detail: `${one.label}: not done since its files changed`,
              fix: "zr setup deps",
            };
      }),
    );
  },
});

/** `[doctor.checks]`: each asked by itself; where nothing but questions is allowed, those that are commands are left out. */
export const ownChecks = (context: DoctorContext, asksOnly: boolean): readonly DoctorCheck[] =>
  context.doctor.checks.map((check) => ({
    name: "checks",
    limitMs: check.timeoutMs + LIMIT_MS,
    heedsSignal: true,
    look: async () => {
      const { workspace, host, signal, guard } = context;
      const about = { check: "checks", name: check.name };
      if (asksOnly && check.probe?.kind === "cmd")
        return [{ ...about, state: "skipped", detail: "a command, which may not be run here" }];
      const made = await environmentOrReason(workspace.rootPackage, context);
      if (!made.ok) return [{ ...about, state: "failed", detail: made.error }];
      const { env, mask } = made.value;
      const shell = (cmd: string) => shellWords(cmd, workspace.rootPackage, host.os);
      const answer = await probeCheck(check, { shell, cwd: workspace.root, env, signal, guard });
      if (answer.ok) return [{ ...about, state: "ok", detail: mask(answer.value) }];
      const { fix } = check;
      return [
        {
          ...about,
          state: check.optional ? "warning" : "failed",
          detail: mask(answer.error),
          ...(check.hint === undefined ? {} : { hint: check.hint }),
          ...(fix === undefined ? {} : { fix, mend: (ended) => runFix(fix, context, ended) }),
        },
      ];
    },
  }));

/** The configuration's own command that mends something, in the environment of the root. */
async function runFix(
  cmd: string,
  context: DoctorContext,
  signal: AbortSignal,
): Promise<Result<string, string>> {
  const { workspace, host } = context;
  const made = await environmentOrReason(workspace.rootPackage, context);
  if (!made.ok) return made;
  const words = shellWords(cmd, workspace.rootPackage, host.os);
  const ran = await runStepCommand({
    argv: words.argv,
    cwd: workspace.root,
    env: { ...made.value.env, ...words.env },
    signal,
    guard: context.guard,
  });
  return ran.ok ? ok(cmd) : err(made.value.mask(`${cmd}: ${ran.error.reason}`));
}

/** The cache of results on this machine, and the one that is shared. */
export const cacheChecks = ({ workspace, host }: DoctorContext): readonly DoctorCheck[] => {
  const look = async (): Promise<readonly Finding[]> => {
    const about = { check: "cache", name: "local" };
    const notices: string[] = [];
    const opened = openLocalCache(workspace, host, () => void notices.push("part of it can't be read"));
    if (!opened.ok)
      return [
        { ...about, state: "failed", detail: problemLine([opened.error]), hint: "see [cache] local_dir" },
      ];
    const { store, settings } = opened.value;
    const folder =
      localCacheFolder(settings.localDir, { root: workspace.root, os: host.os, env: host.env }) ??
      store.folder;
    const unwritable = await canBeWritten(folder);
    if (unwritable !== undefined)
      return [
        { ...about, state: "failed", detail: `${folder}: ${unwritable}`, hint: "see [cache] local_dir" },
      ];
    const { bytes, entries } = await sizeOfCache(opened.value);
    const detail = `${formatSize(bytes)} of ${formatSize(settings.maxBytes)}, ${entries} results, in ${folder}`;
    return bytes > settings.maxBytes
      ? [{ ...about, state: "warning", detail, fix: "zr cache prune" }]
      : notices.length > 0
        ? [{ ...about, state: "warning", detail: `${detail}; ${notices[0] ?? ""}`, fix: "zr cache verify" }]
        : [{ ...about, state: "ok", detail }];
  };
  const lookFar = async (): Promise<readonly Finding[]> => {
    const about = { check: "cache", name: "remote" };
    const opened = openLocalCache(workspace, host, () => undefined);
    const { rootPackage, root } = workspace;
    const made = await environmentOrReason(rootPackage, { workspace, host });
    const env = made.ok ? made.value.env : host.env;
    const state = opened.ok ? await remoteState(opened.value.settings, { env, root }) : undefined;
    if (state === undefined) return [{ ...about, state: "skipped", detail: "there is no [cache.remote]" }];
    return state.problem === undefined
      ? [{ ...about, state: "ok", detail: `${state.name} answers` }]
      : [
          {
            ...about,
            state: "warning",
            detail: `${state.name}: ${state.problem}`,
            hint: "runs go on without it",
          },
        ];
  };
  return [
    { name: "cache", limitMs: LIMIT_MS, look },
    { name: "cache", limitMs: 3 * LIMIT_MS, look: lookFar },
  ];
};

/** Git hooks of `[setup.hooks]`. */
export const hooksCheck = ({ workspace, host, setup, program }: DoctorContext): DoctorCheck => ({
  name: "hooks",
  limitMs: LIMIT_MS,
  look: async () => {
    if (setup.hooks.length === 0) return [];
    const place = await findHookPlace(workspace.root, host.env);
    if (!place.ok) return [{ check: "hooks", name: "git", state: "warning", detail: place.error }];
    const found = await findHooks(setup.hooks, place.value, program);
    const left = await leftHooks(
      found.map(({ hook }) => hook.name),
      place.value,
    );
    const gone = left.map((name): Finding => {
      const mend = async (): Promise<Result<string, string>> => {
        const removed = await removeHook(name, place.value);
        return removed.ok ? ok("removed") : removed;
      };
      const about = { check: "hooks", name, fix: "zr setup hooks", mend };
      return { ...about, state: "warning", detail: "[setup.hooks] has it no more" };
    });
    const wanted = found.map(({ hook, state }): Finding => {
      const about = { check: "hooks", name: hook.name };
      if (state === "as-wanted") return { ...about, state: "ok", detail: "in place" };
      if (state === "foreign")
        return {
          ...about,
          state: "warning",
          detail: `another hook is in its place: ${place.value.folder}/${hook.name}`,
          hint: "take it away, or call zr from it",
        };
      const mend = async (): Promise<Result<string, string>> => {
        const written = await writeHook(hook, place.value, program);
        return written.ok ? ok("written") : written;
      };
      return { ...about, state: "failed", detail: state, fix: "zr setup hooks", mend };
    });
    return [...wanted, ...gone];
  },
});

/** Whether the user's shell has the tools of each folder. */
export const shellCheck = ({ host: { env } }: DoctorContext): DoctorCheck => ({
  name: "shell",
  limitMs: LIMIT_MS,
  look: () => {
    const shell = shellOf(env);
    const about = { check: "shell", name: "hook" };
    if (shell === undefined)
      return Promise.resolve<Finding[]>([
        { ...about, state: "skipped", detail: "$SHELL names no shell that zr knows" },
      ]);
    return Promise.resolve<Finding[]>([
      shell.isHooked(env)
        ? { ...about, state: "ok", detail: `at work in ${shell.name}` }
        : {
            ...about,
            state: "skipped",
            detail: `not at work in ${shell.name}: your own shell does not get the tools of each folder`,
            fix: `echo '${shell.command}' >> ${shell.file}`,
          },
    ]);
  },
});
