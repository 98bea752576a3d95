import { HELD_BACK } from "#system/process/compiler";

/** How a release is compiled; what it is measured against is compiled the same way. */
export const COMPILE_FLAGS = [
  "--compile",
  "--bytecode",
  "--format=esm",
  "--splitting",
  "--minify",
  "--production",
  `--compile-jit-policy=${HELD_BACK}`,
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--compile-autoload-package-json",
  "--compile-autoload-tsconfig",
];
