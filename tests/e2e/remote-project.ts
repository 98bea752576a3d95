import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeProject, type Project } from "#tests/support/project";
import type { SshServer } from "#tests/support/ssh-server";

export interface RemoteProject {
  readonly project: Project;
  /** A folder of the other machine. */
  readonly there: string;
  /** The text of a scripted command there. */
  readonly cmd: (name: string) => string;
}

/** A project whose tasks reach the host `box`. */
export async function makeRemoteProject(
  server: SshServer | { readonly unavailable: string },
): Promise<RemoteProject> {
  if ("unavailable" in server) throw new Error(server.unavailable);
  const project = await makeProject({}, { env: { ZR_SSH: server.ssh, LOCAL_ONLY: "stays" } });
  const there = join(project.folders.temp, "there");
  mkdirSync(there);
  const [bin = ""] = (project.environment()["PATH"] ?? "").split(":");
  // The server is this machine: without the run's mark nothing but the connection can end what runs there.
  return { project, there, cmd: (name) => `exec env -u ZR_RUN_ID ${bin}/scripted ${name}` };
}
