import type { RunFolder } from "#engine/exec/run-folder";
import type { SlotSharing } from "#engine/exec/run-context";
import { joinJobserver } from "#system/jobserver/join";
import { openJobserver, ownSlots } from "#system/jobserver/jobserver";
import type { Jobserver } from "#system/jobserver/jobserver";
import { makeStyle } from "#system/jobserver/make-style";
import type { Token } from "#system/jobserver/token-queue";
import { withJobserver } from "#system/jobserver/makeflags";

export interface SharedSlotsOptions {
  readonly jobs: number;
  readonly folder: RunFolder;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Shares the run's worker slots with the programs it starts; under a make or another zr, takes part in theirs. */
export async function openSharedSlots({ jobs, folder, env }: SharedSlotsOptions): Promise<SlotSharing> {
  const jobserver = (await joinJobserver(env)) ?? (await openOwn({ jobs, folder, env }));
  const handover = new Handover(jobserver);
  const values = new Map<string, string>();
  return {
    inherit: jobserver.inherit,
    makeflagsFor: (command) => {
      const flags = jobserver.makeflagsFor(command);
      let value = values.get(flags);
      if (value === undefined) values.set(flags, (value = withJobserver(env["MAKEFLAGS"], flags)));
      return value;
    },
    acquire: async (weight, signal) => {
      const token =
        handover.take(weight) ?? jobserver.tryAcquire(weight) ?? (await jobserver.acquire(signal, weight));
      return () => {
        if (token !== undefined) handover.leave(weight, token);
      };
    },
    close: () => {
      handover.giveBack();
      jobserver.close();
    },
  };
}

/**
 * Tokens between two instances. One that ends mostly makes room for another that starts at the same moment; only what
 * nobody takes over goes back into the pipe, at the end of the present turn of the event loop.
 */
class Handover {
  readonly #jobserver: Jobserver;
  #left: readonly { readonly weight: number; readonly token: Token }[] = [];
  #isReturning = false;

  constructor(jobserver: Jobserver) {
    this.#jobserver = jobserver;
  }

  take(weight: number): Token | undefined {
    const found = this.#left.find((entry) => entry.weight === weight);
    if (found !== undefined) this.#left = this.#left.filter((entry) => entry !== found);
    return found?.token;
  }

  leave(weight: number, token: Token): void {
    this.#left = [...this.#left, { weight, token }];
    if (this.#isReturning) return;
    this.#isReturning = true;
    setImmediate(() => this.giveBack());
  }

  giveBack(): void {
    this.#isReturning = false;
    const left = this.#left;
    this.#left = [];
    for (const { token } of left) this.#jobserver.release(token);
  }
}

async function openOwn({ jobs, folder, env }: SharedSlotsOptions): Promise<Jobserver> {
  const path = await folder.path();
  if (path === undefined) return ownSlots(jobs);
  const cacheFolder = folder.stateFolder;
  const style = await makeStyle({ path: env["PATH"] ?? "", cwd: cacheFolder, cacheFolder });
  return openJobserver({ slots: jobs, folder: path, style });
}
