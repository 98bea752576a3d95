import { dotnet } from "./dotnet";
import { go } from "./go";
import { java } from "./java";
import type { LanguageProvider } from "./language-provider";
import { node } from "./node";
import { python } from "./python";
import { rust } from "./rust";

/** All languages that zr finds packages of. Where a folder has several, the first one that has a name gives it. */
export const languageProviders: readonly LanguageProvider[] = [node, rust, go, python, java, dotnet];
