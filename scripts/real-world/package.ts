/** A published package that zr builds and tests here. */
export interface RealPackage {
  /** Its name in the workspace and of its folder. */
  readonly name: string;
  readonly version: string;
  readonly language: string;
  /** Puts the sources and all that its tests need into an empty folder; the commands run one after the other in it. */
  readonly fetch: readonly (readonly string[])[];
  /** The `zr.toml` written for it. */
  readonly config: string;
  /** A change that makes its tests fail. */
  readonly mistake: { readonly file: string; readonly right: string; readonly wrong: string };
}
