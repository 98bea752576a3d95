import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of the commands that look after the cache. */
export const cacheCommandCodes = {
  E380: {
    message: "no entry of the cache begins with '{key}'",
    doc: "A key is 64 hexadecimal digits, of which the first few are enough. `zr cache ls` lists those of the local cache.",
    example: '[tasks.a]\ncmd = "true"\n\n$ zr cache get 4f2a',
    exit: 2,
  },
  E381: {
    message: "'{key}' could mean {count} entries",
    doc: "The beginning of a key is enough as long as it is the beginning of one alone. Give more of it.",
    example: "",
    exit: 2,
  },
  E382: {
    message: "can't use the cache: {reason}",
    doc: "The folder of the local cache can't be made or read. `[cache] local_dir` names another one.",
    example: '[cache]\nlocal_dir = "/proc/none"\n\n$ zr cache ls',
    exit: 2,
  },
  E383: {
    message: "can't serve the cache: {reason}",
    doc: "The address is taken or none of this machine's, or a file that was named can't be read.",
    example: "$ zr cache serve --tls-cert missing.pem --tls-key missing.pem",
    exit: 2,
  },
  E384: {
    message: "serving on {address} needs a token",
    doc: "Others reach that address, and whoever may write to a cache decides what other people's tasks make. Give --token, or listen on 127.0.0.1.",
    example: "$ zr cache serve --listen 0.0.0.0:9092",
    exit: 2,
  },
  E385: {
    message: "no remote cache is used: {reason}",
    doc: "`[cache.remote]` is not there, is switched off, or can't be used as it is written.",
    example: '[tasks.a]\ncmd = "true"\ncache = true\n\n$ zr cache push a',
    exit: 2,
  },
  E386: {
    message: "{option}: '{value}' {reason}",
    doc: "The value of the option can't be what it is meant to be.",
    example: "$ zr cache serve --listen nowhere",
    exit: 2,
  },
  E387: {
    message: "can't audit '{task}': {reason}",
    doc: "`zr cache audit` watches the commands of a task by strace, which has to be installed and allowed to watch them. It takes a task with commands of its own that run here and end by themselves. For a task that only stands for others, audit those.",
    example: '[tasks.a]\ndeps = ["b"]\n[tasks.b]\ncmd = "true"\n\n$ zr cache audit a',
    exit: 2,
  },
} as const satisfies CodeTable;
