import { noteObstacle } from "./fs/read-trace";

/** Variables that change from one command to the next in the same shell. */
export const FLEETING: ReadonlySet<string> = new Set(["_", "OLDPWD"]);

/** Notes that the value of a variable decides something. Of any but the fleeting ones a request says it anyway. */
export function noteVariable(name: string): void {
  if (FLEETING.has(name)) noteObstacle(`what ${name} is`);
}
