import { fileSystem } from "#system/runtime-modules";

/** When a process started, in a form that only compares; empty where there is no such process. */
export async function startOf(pid: number): Promise<string> {
  try {
    if (process.platform === "linux") {
      const stat = await fileSystem().readFile(`/proc/${pid}/stat`, "utf8");
      // Field 22 (starttime), counted after the program's name, which may hold blanks and brackets (proc(5)).
      return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    }
    process.kill(pid, 0);
    return "alive";
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM" ? "alive" : "";
  }
}
