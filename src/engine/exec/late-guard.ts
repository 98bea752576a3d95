import type { ChildGuard } from "./run-context";

/** A guard that can be dismissed. */
export type OpenGuard = () => Promise<ChildGuard & { readonly close: () => void }>;

/** A run that is over before this is spared the process of a guard; longer, and zr could be killed over a child without one. */
const LONG_RUN_MS = 3;

/** Stands for the guard until it is there: children are told to it as soon as it can hear. */
export class LateGuard implements ChildGuard {
  readonly #make: OpenGuard;
  readonly #early = new Set<number>();
  #scopes: string | undefined;
  #guard: (ChildGuard & { readonly close: () => void }) | undefined;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(make: OpenGuard) {
    this.#make = make;
  }

  /** The first child has been started. Later calls do nothing. */
  open(): void {
    this.#timer ??= setTimeout(() => this.#open(), LONG_RUN_MS);
  }

  #open(): void {
    void this.#make().then((guard) => {
      if (this.#isClosed) return guard.close();
      this.#guard = guard;
      if (this.#scopes !== undefined) guard.scopes(this.#scopes);
      for (const pid of this.#early) guard.add(pid);
      this.#early.clear();
    });
  }

  add(pid: number): void {
    if (this.#guard === undefined) this.#early.add(pid);
    else this.#guard.add(pid);
  }

  remove(pid: number): void {
    this.#early.delete(pid);
    this.#guard?.remove(pid);
  }

  scopes(prefix: string): void {
    this.#scopes = prefix;
    this.#guard?.scopes(prefix);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#guard?.close();
  }
}
