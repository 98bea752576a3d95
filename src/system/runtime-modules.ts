/*
 * The runtime's own modules, asked for by the functions that need them. An `import` of the file system module, even a
 * lazy one, puts the bytecode of it and of all that it stands on into the executable: 1.4 MB for no gain in time.
 */

export const fileSystem = () => process.getBuiltinModule("node:fs/promises");

export const operatingSystem = () => process.getBuiltinModule("node:os");

/** The file system's calls that block, for what has to look at thousands of files between two events. */
export const blockingFileSystem = () => process.getBuiltinModule("node:fs");
