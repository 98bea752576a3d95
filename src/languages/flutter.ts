import type { FolderFiles } from "./folder-view";
import { textAt } from "#base/value-at";

/** Whether a package needs Flutter, whose program then stands for Dart's. */
export const usesFlutter = (folder: FolderFiles): boolean =>
  textAt(folder.value("pubspec.yaml"), "dependencies", "flutter", "sdk") === "flutter";
