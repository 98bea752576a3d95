import { expect, test } from "bun:test";
import { StraceReader } from "./strace-reader";
import { TouchedFiles } from "./touched-files";

function touched(...lines: readonly string[]): { readonly reads: string[]; readonly writes: string[] } {
  const files = new TouchedFiles((path) => path);
  const reader = new StraceReader(files, "/w");
  for (const line of lines) reader.line(line);
  return { reads: [...files.reads], writes: [...files.writes] };
}

test("names start from the folder that their process is in, which it has from the one that made it", () => {
  expect(
    touched(
      '10 chdir("sub") = 0',
      "10 clone3({flags=CLONE_VM}, 88 <unfinished ...>",
      '11 rename("a", "b") = 0',
      "10 <... clone3 resumed> => {parent_tid=[0]}, 88) = 11",
      '10 truncate("../c", 0) = 0',
      "12 not a call",
    ),
  ).toEqual({ reads: ["/w/sub/a"], writes: ["/w/sub/b", "/w/c"] });
});

test("the halves of a call that another process came between are put together", () => {
  expect(
    touched(
      '10 openat(AT_FDCWD</w>, "a", O_RDONLY <unfinished ...>',
      '11 openat(AT_FDCWD</w>, "b", O_RDONLY) = 3</w/b>',
      "10 <... openat resumed>) = 3</w/real/a>",
    ),
  ).toEqual({ reads: ["/w/b", "/w/real/a"], writes: [] });
});

test("what failed, folders and what was written before it was read don't count as read", () => {
  expect(
    touched(
      '10 openat(AT_FDCWD</w>, "none", O_RDONLY) = -1 ENOENT (No such file or directory)',
      '10 openat(AT_FDCWD</w>, "dir", O_RDONLY|O_DIRECTORY) = 3</w/dir>',
      '10 openat(AT_FDCWD</w>, "new", O_RDWR|O_CREAT|O_TRUNC, 0666) = 3</w/new>',
      '10 openat(AT_FDCWD</w>, "new", O_RDONLY) = 3</w/new>',
    ),
  ).toEqual({ reads: [], writes: ["/w/new"] });
});

test("a folder that is renamed takes along what was written into it", () => {
  expect(
    touched(
      '10 openat(AT_FDCWD</w>, "tmp/a", O_WRONLY|O_CREAT, 0666) = 3</w/tmp/a>',
      '10 rename("tmp", "dist") = 0',
    ).writes,
  ).toEqual(["/w/dist/a", "/w/dist"]);
});
