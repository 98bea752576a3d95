import { runCommandLine } from "#frontends/cli/command-line";

/** The last catch: whatever comes here is a bug of zr. */
async function main(): Promise<never> {
  try {
    process.exit(await runCommandLine(process.argv.slice(2)));
  } catch (error) {
    const { reportCrash } = await import("#frontends/cli/crash");
    process.exit(await reportCrash(error));
  }
}

void main();
