import { bun } from "./bun";
import { cpp } from "./cpp";
import { dart } from "./dart";
import { deno } from "./deno";
import { docker } from "./docker";
import { dotnet } from "./dotnet";
import { elixir } from "./elixir";
import { go } from "./go";
import { java } from "./java";
import { kotlin } from "./kotlin";
import type { LanguageProvider } from "./language-provider";
import { make } from "./make";
import { node } from "./node";
import { php } from "./php";
import { python } from "./python";
import { ruby } from "./ruby";
import { rust } from "./rust";
import { swift } from "./swift";
import { terraform } from "./terraform";
import { zig } from "./zig";

/** All languages that zr finds packages of. Where a folder has several, the first one that has a name gives it. */
export const languageProviders: readonly LanguageProvider[] = [
  node,
  rust,
  go,
  python,
  java,
  dotnet,
  bun,
  deno,
  zig,
  ruby,
  php,
  elixir,
  swift,
  kotlin,
  dart,
  cpp,
  terraform,
  make,
  docker,
];
