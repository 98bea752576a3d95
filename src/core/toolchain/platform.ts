/** A kind of machine that programs are built for. */
export interface Platform {
  /** `linux`, `darwin`, `windows`. */
  readonly os: string;
  /** `x64`, `arm64`. */
  readonly arch: string;
  /** The C library, where it is not the usual one of the system. */
  readonly libc?: "musl";
}

/** `linux-x64`, `linux-arm64-musl`: how lock files and tables call a platform. */
export const platformName = ({ os, arch, libc }: Platform): string =>
  libc === undefined ? `${os}-${arch}` : `${os}-${arch}-${libc}`;
