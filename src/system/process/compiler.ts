/**
 * The program starts with the runtime's compiler held back (`scripts/build.ts`), which suits commands that live a few
 * milliseconds. What goes on for longer says so here, and from then on compiles as usual.
 */
export function expectLongWork(): void {
  Bun.unsafe.setJITPolicy(1);
}
