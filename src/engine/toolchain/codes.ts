import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of `[tools]`. */
export const toolDiagnosticCodes = {
  E410: {
    message: "there is no tool '{name}'",
    doc: "A name without a colon is one of a language's tools, such as `node` or `go`. Others say where they come from: `npm:prettier`, `pypi:ruff`, `cargo:ripgrep`, `go:…`, `github:owner/repo`, or a table with `url`.",
    example: '[tools]\nnoed = "20"\n[tasks.a]\ncmd = "true"\n\n$ zr tools install',
  },
  E411: {
    message: "'{version}' is no version of {tool} that could be asked for",
    doc: 'A version request is a version or its beginning (`"20"`, `"3.12.1"`), a range (`">=20 <22"`), `"latest"`, `"lts"` or `"system"`.',
    example: '[tools]\nnode = "twenty"\n[tasks.a]\ncmd = "true"\n\n$ zr tools install',
  },
  E412: {
    message: "{tool} has no version that '{request}' means; there is {nearest}",
    doc: "The publisher lists no such version. `zr tools ls-remote TOOL` lists what there is.",
    example: "",
    exit: 1,
  },
  E413: {
    message: "{tool} is not published for {platform}, only for {published}",
    doc: 'The publisher has no archive of that version for this system and processor. An older or newer version may have one, or `os = ["linux"]` leaves the tool out elsewhere.',
    example: "",
    exit: 1,
  },
  E414: {
    message: "{tool} is not installed; zr tools install does that",
    doc: "`zr tools install` installs everything that `[tools]` asks for. `[global] auto_install` decides whether a run does so by itself: it asks on a terminal, and does not in CI.",
    example: '[tools]\nnode = "20"\n[tasks.a]\ncmd = "true"\n\n$ zr a',
    exit: 1,
  },
  E415: {
    message: "can't get {url} for {tool}: {reason}",
    doc: "The server can't be reached, does not have the file, or stopped sending. What has come is kept and the next try goes on from there. A mirror can stand for the publisher: `mirror` of the tool, or the variable `ZR_MIRROR_<TOOL>`.",
    example: "",
    exit: 1,
  },
  E416: {
    message: "{url} is not what {tool} should be: its {kind} is {found}, not {expected}",
    doc: "The archive is another one than the publisher's list or zr.lock says, so nothing of it was installed. A mirror may be out of date, or somebody has changed the file.",
    example: "",
    exit: 1,
  },
  E417: {
    message: "can't use the archive {url} of {tool}: {reason}",
    doc: "The archive is damaged, or holds what no tool needs and an attacker would: paths or links that lead out of its folder, devices, or content out of all proportion. Nothing of it was installed.",
    example: "",
    exit: 1,
  },
  E418: {
    message: "can't install {tool}: {reason}",
    doc: "The system does not let zr write: the disk is full, or the folder of tools belongs to somebody else. Nothing half-installed is left.",
    example: "",
    exit: 1,
  },
  E419: {
    message: "can't use {file}: {reason}",
    doc: "The lock file can't be read. After a merge it may hold both sides: delete it and let `zr tools install` write it anew.",
    example: "",
  },
  E420: {
    message: "{file} does not pin {tool} '{request}'",
    doc: "With `--locked` only what the lock file pins is installed. Run `zr tools install` and commit the file.",
    example: '[tools]\nnode = "20"\n[tasks.a]\ncmd = "true"\n\n$ zr tools install --locked',
    exit: 1,
  },
  E421: {
    message: "can't install {tool}: '{command}' failed: {reason}",
    doc: "The registry's own client could not find or install the tool. It runs with your settings for it: what it says is what it would say on the command line.",
    example: "",
    exit: 1,
  },
  E422: {
    message: "{tool} needs '{program}', which is not on PATH",
    doc: "Tools of a registry are installed by its own client. Add it to `[tools]` (npm comes with node, pip with python), or install it on the system.",
    example: "",
    exit: 1,
  },
  E423: {
    message: "{tool} is not installed here; installed: {installed}",
    doc: "The command is about an installed version of a tool. `zr tools list --all` lists them.",
    example: "$ zr tools uninstall node@1.2.3",
    exit: 2,
  },
  E424: {
    message: "can't link {tool}: {reason}",
    doc: "`zr tools link TOOL@VERSION FOLDER` makes an installation of your own usable. The folder has to hold the tool's programs.",
    example: "$ zr tools link node@20.0.0 nowhere",
    exit: 2,
  },
  E425: {
    message: "'{program}' is in none of the tools here",
    doc: "`zr tools which` looks for a program among the tools that `[tools]` asks for here.",
    example: "$ zr tools which no-such-program",
    exit: 1,
  },
  E426: {
    message: "the installation of {tools} was interrupted",
    doc: "Ctrl-C, or a signal, came while missing tools were being installed. Nothing half-installed is left, and nothing was run. The part of an archive that has come is gone on with the next time.",
    example: "",
    exit: 130,
  },
  E427: {
    message: "zr can't install {name}: {reason}; {instead}",
    doc: 'zr installs what its makers publish as archives with digests. For other languages `"system"` says that the program is needed and is the system\'s; `zr doctor` tells where it is missing. A table with `url` and `sha256` installs any archive, in whatever way it was made.',
    example: '[tools]\nruby = "3.3"\n[tasks.a]\ncmd = "true"\n\n$ zr tools install',
  },
} as const satisfies CodeTable;
