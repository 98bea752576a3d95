import type { RunFolder } from "#engine/exec/run-folder";
import type { SlotSharing } from "#engine/exec/run-context";
import { joinJobserver } from "#system/jobserver/join";
import { openJobserver } from "#system/jobserver/jobserver";
import type { Jobserver } from "#system/jobserver/jobserver";
import { makeStyle } from "#system/jobserver/make-style";
import { withJobserver } from "#system/jobserver/makeflags";

export interface SharedSlotsOptions {
  readonly jobs: number;
  readonly folder: RunFolder;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Shares the run's worker slots with the programs it starts; under a make or another zr, takes part in theirs. */
export async function openSharedSlots({ jobs, folder, env }: SharedSlotsOptions): Promise<SlotSharing> {
  const jobserver = (await joinJobserver(env)) ?? (await openOwn({ jobs, folder, env }));
  return {
    inherit: jobserver.inherit,
    makeflagsFor: (command) => withJobserver(env["MAKEFLAGS"], jobserver.makeflagsFor(command)),
    acquire: async (weight, signal) => {
      const token = jobserver.tryAcquire(weight) ?? (await jobserver.acquire(signal, weight));
      return () => {
        if (token !== undefined) jobserver.release(token);
      };
    },
    close: jobserver.close,
  };
}

async function openOwn({ jobs, folder, env }: SharedSlotsOptions): Promise<Jobserver> {
  const path = await folder.path();
  const cacheFolder = folder.stateFolder;
  const style = await makeStyle({ path: env["PATH"] ?? "", cwd: cacheFolder, cacheFolder });
  return openJobserver({ slots: jobs, folder: path, style });
}
