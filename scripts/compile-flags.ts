/** How a release is compiled; what it is measured against is compiled the same way. */
export const COMPILE_FLAGS = [
  "--compile",
  "--bytecode",
  "--format=esm",
  "--splitting",
  "--minify",
  "--production",
  // Short commands are over before compiled code pays; src/system/process/compiler.ts ends it.
  "--compile-jit-policy=32",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--compile-autoload-package-json",
  "--compile-autoload-tsconfig",
];
