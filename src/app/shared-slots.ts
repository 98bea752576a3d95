import type { RunFolder } from "#engine/exec/run-folder";
import type { SlotSharing } from "#engine/exec/run-context";
import { joinJobserver } from "#system/jobserver/join";
import { openJobserver } from "#system/jobserver/jobserver";
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
  return {
    inherit: jobserver.inherit,
    makeflagsFor: (command) => withJobserver(env["MAKEFLAGS"], jobserver.makeflagsFor(command)),
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
  #left: { readonly weight: number; readonly token: Token }[] = [];

  constructor(jobserver: Jobserver) {
    this.#jobserver = jobserver;
  }

  take(weight: number): Token | undefined {
    const at = this.#left.findIndex((entry) => entry.weight === weight);
    return at === -1 ? undefined : this.#left.splice(at, 1)[0]?.token;
  }

  leave(weight: number, token: Token): void {
    if (this.#left.length === 0) setImmediate(() => this.giveBack());
    this.#left.push({ weight, token });
  }

  giveBack(): void {
    for (const { token } of this.#left.splice(0)) this.#jobserver.release(token);
  }
}

async function openOwn({ jobs, folder, env }: SharedSlotsOptions): Promise<Jobserver> {
  const path = await folder.path();
  const cacheFolder = folder.stateFolder;
  const style = await makeStyle({ path: env["PATH"] ?? "", cwd: cacheFolder, cacheFolder });
  return openJobserver({ slots: jobs, folder: path, style });
}
