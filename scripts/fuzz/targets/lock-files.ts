import { readValues } from "#core/config/toml/read-values";
import { checksumIn } from "#core/toolchain/checksum-text";
import { memberParts, staysInside } from "#core/toolchain/archive-paths";
import { printLock, readLock } from "#core/toolchain/lock-file";
import { parseToolName } from "#core/toolchain/tool-name";
import { parseVersionRequest } from "#core/toolchain/version-request";
import { parsePublicKey, verifyMinisign } from "#system/crypto/minisign";
import { damaged } from "#scripts/fuzz/damage";
import { hold, textCase, textOf, type FuzzTarget } from "#scripts/fuzz/fuzz-target";

const KEY = `RW${"Q".repeat(54)}`;
const SUM = "0123456789abcdef".repeat(4);
const SEEDS = [
  `version = 1\n\n[[tools]]\ntool = "node"\nrequest = "20"\nversion = "20.1.0"\narchives.linux-x64 = { url = "https://x/a.tar.gz", sha256 = "${SUM}" }\n\n[[tools]]\ntool = "npm:prettier"\nrequest = "latest"\nversion = "3.0.0"\n`,
  `${SUM}  node.tar.gz\n${SUM} *other.zip\n`,
  `untrusted comment: x\n${"A".repeat(99)}=\ntrusted comment: y\n${"A".repeat(86)}==\n`,
  ">=1.2 <2\n^1\n~1.2\nnpm:@scope/name\ngithub:a/b\n../x\na/../../b\n",
];
const PIECES = [
  "[[tools]]",
  "version",
  "=",
  '"',
  "{",
  "}",
  "archives",
  "..",
  "/",
  ":",
  "@",
  "^",
  "~",
  ">=",
  " || ",
  "x",
  "*",
  "-rc.1",
  SUM,
];

/** What pins tools and tells that a download is right: `zr.lock`, lists of sums, signatures, versions, paths of archives. */
export const lockFiles: FuzzTarget = {
  name: "lock-files",
  seeds: () => SEEDS.map((text) => textCase(text)),
  make: (random, corpus) => damaged(random, corpus, PIECES),
  exercise: async (made) => {
    const text = textOf(made);
    void checksumIn(text, "node.tar.gz");
    const key = parsePublicKey(KEY);
    if (key.ok) {
      const verified = await verifyMinisign(new Uint8Array([1]), text, key.value);
      hold(!verified.ok, "a signature that nobody made is good");
    }
    for (const line of text.split("\n").slice(0, 20)) {
      void parseToolName(line);
      void parseVersionRequest(line);
      const parts = memberParts(line);
      hold(
        parts === undefined || parts.every((part) => part !== ".." && !part.includes("/")),
        `a member outside: ${line}`,
      );
      void staysInside(line, new Map([["a", ".."]]));
    }
    const values = readValues(text);
    const lock = values.ok ? readLock(values.value) : undefined;
    if (lock?.ok !== true) return "refused";
    const printed = printLock(lock.value);
    const again = readValues(printed);
    const second = again.ok ? readLock(again.value) : undefined;
    hold(
      second?.ok === true && printLock(second.value) === printed,
      "a lock is another one when it is written again",
    );
    return "read";
  },
};
