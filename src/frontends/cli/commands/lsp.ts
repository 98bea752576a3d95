import type { CommandBody } from "#frontends/cli/command";
import { openSession } from "#frontends/cli/session";
import { serveLanguageServer } from "#frontends/lsp/serve";
import { expectLongLife } from "#system/process/compiler";
import { stdinChunks } from "#system/stdio/stdin-chunks";
import { createByteWriter } from "#system/stdio/writer";

/** `zr lsp`: the Language Server Protocol on standard input and output, until the client has gone. */
export const body: CommandBody = {
  async run({ options }, line) {
    expectLongLife();
    const session = openSession(options);
    const writer = createByteWriter();
    const code = await serveLanguageServer({
      input: stdinChunks(),
      write: (bytes) => void writer.write("stdout", bytes),
      host: session.host,
      reservedNames: line.reservedNames,
    });
    await writer.flush();
    return code;
  },
};
