import { version } from "#base/version";
import { thisHost } from "#system/host";
import { wallMs } from "#system/clock/clock";
import { writeFileAtomically } from "#system/fs/write-file";
import { print } from "#system/stdio/print";
import { UnwrittenOutput } from "#system/stdio/unwritten-output";

/**
 * Says that zr itself has failed, and keeps what it knows in a file. Gives the exit code of a crash; where only the output
 * could not be written, that is said as E190, which is no crash.
 */
export async function reportCrash(error: unknown): Promise<number> {
  if (error instanceof UnwrittenOutput) return reportUnwritten(error);
  const host = thisHost();
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const report = { zr: version, os: host.os, arch: host.arch, at: new Date(wallMs()).toISOString(), stack };
  const path = `${host.env["TMPDIR"] ?? "/tmp"}/zr-crash-${wallMs()}.json`;
  const kept = await writeFileAtomically(path, `${JSON.stringify(report, undefined, 2)}\n`, 0o600);
  await print(
    "stderr",
    `zr crashed: ${error instanceof Error ? error.message : String(error)}\n${kept.ok ? `A report is in ${path}\n` : `${stack}\n`}`,
  );
  return 4;
}

async function reportUnwritten({ stream, message }: UnwrittenOutput): Promise<number> {
  // Where not even that can be said, the exit code has to tell.
  if (stream === "stdout")
    await print("stderr", `error[E190]: can't write standard output: ${message}\n`).catch(() => undefined);
  return 2;
}
