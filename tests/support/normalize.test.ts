import { expect, test } from "bun:test";
import { matchesExpected, normalize } from "./normalize";

const vocabulary = {
  paths: [
    ["/tmp/x", "<temp>"],
    ["/tmp/x/project", "<root>"],
  ],
  pids: new Set([4711]),
  version: "0.1.0",
} as const;

test.each([
  ["/tmp/x/project/zr.toml and /tmp/x/other", "<root>/zr.toml and <temp>/other"],
  ["12ms 1.2s 2m 5s 1h 3m (7ms)", "<time> <time> <time> <time> (<time>)"],
  ["a12ms 12msx v1.2.3s 12 ms", "a12ms 12msx v1.2.3s 12 ms"],
  ["pid 4711, pid 4712, port 4711", "pid <pid>, pid 4712, port 4711"],
  ["zr 0.1.0, 0.1.01, 10.1.0, 0.1.0.2", "zr <version>, 0.1.01, 10.1.0, 0.1.0.2"],
])("%j reads %j when normalized", (text, normalized) => {
  expect(normalize(text, vocabulary)).toBe(normalized);
});

test.each([
  ["took 12ms", "took <time>", true],
  ["took 12ms", "took 12ms", true],
  ["took 12ms", "took 13ms", false],
  ["limit 5s, took 6s", "limit 5s, took <time>", true],
  ["limit 5s, took 6s", "limit 4s, took <time>", false],
  ["took a while", "took <time>", false],
  ["a.b", "a?b", false],
  ["/tmp/x/project/a", "<root>/a", true],
  ["one\n", "one", false],
])("%j against the expected %j gives %p", (output, expected, matches) => {
  expect(matchesExpected(output, expected, vocabulary)).toBe(matches);
});
