import { err, ok } from "#base/result";
import { version } from "#base/version";
import { globMatcher } from "#base/glob";
import { startChanges, affectedIn } from "#app/affected";
import { changeScope } from "#app/change-scope";
import { findEnvironment, maskOf, shownVariables } from "#app/operations/env";
import { listPackages } from "#app/operations/packages";
import { plainProblems } from "#app/problems";
import { compact, LIST_SHARE, looseGlob } from "./answer-parts";
import { pageOf } from "./fit";
import type { OperationBody, OperationContext } from "./operation";
import type { OperationInput } from "./operation-input";
import { describeProblems } from "./describe-problems";
import { unknownPackage } from "./task-bodies";
import { load, loadOptions, planBase } from "./workspace-load";

const USUAL_PROBLEMS = 20;
const USUAL_PACKAGES = 50;
const USUAL_VARIABLES = 50;

const pageBy = <T>(
  items: readonly T[],
  input: OperationInput,
  { budget, usual }: { readonly budget: number; readonly usual: number },
) =>
  pageOf(items, {
    cursor: input.text("cursor"),
    limit: input.number("limit") ?? usual,
    budget: budget * LIST_SHARE,
  });

export const validateConfigBody: OperationBody = async (input, context) => {
  const { validate } = await import("#app/operations/validate");
  const found = await validate(loadOptions(context), context.host);
  const problems = await describeProblems(found, context.cwd);
  const page = pageBy(problems, input, { budget: context.budget, usual: USUAL_PROBLEMS });
  return ok({
    value: {
      ok: !problems.some(({ severity }) => severity === "error"),
      files: found.files,
      tasks: found.tasks,
      ...compact({ problems: page.items }),
      total: page.total,
      ...compact({ cursor: page.cursor }),
    },
  });
};

export const listPackagesBody: OperationBody = async (input, context) => {
  const loaded = await load(context);
  if (!loaded.ok) return loaded;
  const { workspace } = loaded.value;
  const match = input.text("match");
  const matches = match === undefined ? undefined : globMatcher(looseGlob(match));
  const packages = [...workspace.packages.values()].filter(
    ({ name, path }) => matches === undefined || matches(name) || matches(path),
  );
  const listed = listPackages(workspace, packages).map(({ name, path, version: own, deps, tags, tasks }) => ({
    name,
    path,
    ...compact({ deps, tags }),
    ...(input.isOn("verbose") ? compact({ version: own, tasks }) : {}),
  }));
  const page = pageBy(listed, input, { budget: context.budget, usual: USUAL_PACKAGES });
  return ok({ value: { packages: page.items, total: page.total, ...compact({ cursor: page.cursor }) } });
};

export const affectedBody: OperationBody = async (input, context) => {
  const base = input.text("base");
  const search = startChanges({
    host: context.host,
    cwd: context.cwd,
    committedOnly: false,
    ...(base === undefined ? {} : { base }),
  });
  const loaded = await load(context);
  const found = await search.finish(loaded.ok ? changeScope(loaded.value.workspace) : undefined);
  if (!loaded.ok) return loaded;
  if (!found.ok) return found;
  const reach = { dependents: true, excludeSelf: false, dependencies: false };
  const packages = await affectedIn(changeScope(loaded.value.workspace), found.value, reach);
  const listed = [...packages].map(([name, reason]) => ({ name, why: context.words.affected(reason) }));
  const page = pageBy(listed, input, { budget: context.budget, usual: USUAL_PACKAGES });
  return ok({
    value: {
      ...compact({ base: found.value.base?.name }),
      changedFiles: found.value.files.length,
      packages: page.items,
      total: page.total,
      ...compact({ cursor: page.cursor }),
    },
  });
};

export const cacheStatusBody: OperationBody = async (_input, context) => {
  const loaded = await load(context);
  if (!loaded.ok) return loaded;
  const { workspace } = loaded.value;
  const { openLocalCache, sizeOfCache } = await import("#app/operations/cache");
  const { cacheHits } = await import("#app/operations/cache-hits");
  const cache = openLocalCache(workspace, context.host, () => {});
  if (!cache.ok) return err(plainProblems(cache.error));
  const { store, settings } = cache.value;
  try {
    const [{ entries, bytes }, hits] = await Promise.all([sizeOfCache(cache.value), cacheHits(workspace)]);
    const { mode, maxBytes } = settings;
    return ok({ value: { folder: store.folder, mode, entries, bytes, maxBytes, ...hits } });
  } catch (error) {
    // A folder that may not be read.
    if (!(error instanceof Error && "syscall" in error)) throw error;
    return err(plainProblems({ code: "E382", severity: "error", data: { reason: error.message } }));
  }
};

export const envInfoBody: OperationBody = async (input, context) => {
  const loaded = await load(context);
  if (!loaded.ok) return loaded;
  const { workspace } = loaded.value;
  const task = input.text("task");
  const pkg = input.text("package");
  if (pkg !== undefined && !workspace.packages.has(pkg)) return err(unknownPackage(workspace, pkg));
  const words = task === undefined ? [] : [task];
  const found = await findEnvironment(loaded.value, { input: { ...planBase(context), words }, package: pkg });
  if (!found.ok) return found;
  const shown = shownVariables(found.value, { all: false, show: maskOf([found.value.env]) });
  const page = pageBy(shown, input, { budget: context.budget, usual: USUAL_VARIABLES });
  return ok({
    value: {
      ...machineOf(context),
      root: workspace.root,
      variables: Object.fromEntries(
        page.items.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
      ),
      ...compact({ unset: page.items.filter(({ value }) => value === undefined).map(({ name }) => name) }),
      total: page.total,
      ...compact({ cursor: page.cursor }),
    },
  });
};

const machineOf = ({ host: { os, arch, cpus } }: OperationContext) => ({ zr: version, os, arch, cpus });
