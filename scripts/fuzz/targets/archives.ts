import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extractArchive } from "#engine/toolchain/extract-archive";
import { tarGz, zip, type ArchiveFile } from "#scripts/releasing/archive";
import { damaged } from "#scripts/fuzz/damage";
import {
  bytesOfText,
  hold,
  textCase,
  textOfBytes,
  type FuzzCase,
  type FuzzTarget,
} from "#scripts/fuzz/fuzz-target";

const FILES: readonly ArchiveFile[] = [
  { name: "tool-1/bin/tool", bytes: new TextEncoder().encode("#!/bin/sh\n"), isExecutable: true },
  { name: "tool-1/README", bytes: new TextEncoder().encode("text ".repeat(20)), isExecutable: false },
];
const PIECES = [
  "../",
  "/",
  "..",
  "ustar",
  "PK\x01\x02",
  "PK\x03\x04",
  "\0",
  "\xff",
  "0000777\0",
  "5",
  "2",
  "1",
  "x",
  "L",
];

/** Archives of tools, unpacked: `tar`, packed or not, and `zip`. */
export const archives: FuzzTarget = {
  name: "archives",
  seeds: () => {
    const packed = tarGz(FILES, 1_700_000_000);
    const members: Readonly<Record<string, Uint8Array>> = {
      tar: Bun.gunzipSync(packed.slice()),
      "tar.gz": packed,
      zip: zip(FILES, 1_700_000_000),
    };
    return Object.entries(members).map(([format, bytes]) => ({
      ...textCase(""),
      files: { [format]: textOfBytes(bytes) },
    }));
  },
  // Other than texts, bytes may be as they are.
  make: (random, corpus): FuzzCase => damaged(random, corpus, PIECES),
  exercise: async ({ files }) => {
    const [format = "tar", text = ""] = Object.entries(files)[0] ?? [];
    const around = mkdtempSync(join(tmpdir(), "zr-fuzz-"));
    try {
      const folder = join(around, "inside");
      mkdirSync(folder);
      writeFileSync(join(around, "archive"), bytesOfText(text));
      const extracted = await extractArchive({
        archive: join(around, "archive"),
        // What the seeds call it, and what `tests/fuzz-corpus` does.
        format: format === "zip" || format === "tar.gz" ? format : "tar",
        folder,
        layout: { strip: 1 },
      });
      hold(readdirSync(around).toSorted().join() === "archive,inside", "something was put beside the folder");
      if (extracted.ok) return "unpacked";
      hold(
        extracted.error.kind === "archive" || !/E(?:BADF|FAULT|INVAL)/.test(extracted.error.reason),
        extracted.error.reason,
      );
      return extracted.error.kind;
    } finally {
      rmSync(around, { recursive: true, force: true });
    }
  },
};
