/**
 * So many times as often as usual something has to be done before the runtime compiles it: the program is built with this
 * (`scripts/compile-flags.ts`). Most commands are over before compiled code pays.
 */
export const HELD_BACK = 32;

let livesLong = false;

/** Much is worked out from now on, by this program alone: what is done often is compiled as usual. */
export function expectLongWork(): void {
  Bun.unsafe.setJITPolicy(1);
}

/** The same for as long as the program lives, which is long. */
export function expectLongLife(): void {
  livesLong = true;
  expectLongWork();
}

/**
 * From now on commands do the work, and the compiler would take the processors from them. It gives back less than it
 * takes: in a cold build of a thousand packages it had a twelfth of all processor time.
 */
export function expectCommands(): void {
  if (!livesLong) Bun.unsafe.setJITPolicy(HELD_BACK);
}
