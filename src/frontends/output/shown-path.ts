import { isInside, relativeTo } from "#base/path";
import { visibleControls } from "./visible-text";

/** A path as it is told to who is in a folder: from there where it lies below, else whole. */
export const shownPath = (cwd: string, path: string): string =>
  visibleControls(isInside(cwd, path) ? relativeTo(cwd, path) : path);
