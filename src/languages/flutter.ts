import type { FolderFiles } from "./folder-view";
import { textAt } from "./manifest-value";

/** Whether a package needs Flutter, whose program then stands for Dart's. */
export const usesFlutter = (folder: FolderFiles): boolean =>
  textAt(folder.value("pubspec.yaml"), "dependencies", "flutter", "sdk") === "flutter";
