/** The Homebrew formula of a release: the program of the archive for each system, with its sums. */

export interface FormulaInput {
  readonly version: string;
  /** SHA-256 by file name. */
  readonly sums: ReadonlyMap<string, string>;
  /** `https://…` without a slash at its end. */
  readonly repository: string;
}

/** Ruby text. Platforms that the release lacks are left out. */
export function formula({ version, sums, repository }: FormulaInput): string {
  const block = (os: "darwin" | "linux", arch: "x64" | "arm64"): string => {
    const name = `zr-${version}-${os}-${arch}.tar.gz`;
    const sum = sums.get(name);
    if (sum === undefined) return "";
    return `    on_${arch === "arm64" ? "arm" : "intel"} do
      url "${repository}/releases/download/v${version}/${name}"
      sha256 "${sum}"
    end
`;
  };
  const system = (name: string, os: "darwin" | "linux"): string => {
    const blocks = block(os, "arm64") + block(os, "x64");
    return blocks === "" ? "" : `  on_${name} do\n${blocks}  end\n\n`;
  };
  return `class Zr < Formula
  desc "Run, cache, watch and supervise the work of a repository, in any language"
  homepage "${repository}"
  version "${version}"
  license "MIT"

${system("macos", "darwin")}${system("linux", "linux")}  def install
    bin.install "zr"
    bash_completion.install "completions/zr.bash" => "zr"
    zsh_completion.install "completions/_zr"
    fish_completion.install "completions/zr.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/zr --version")
    (testpath/"zr.toml").write "[tasks.hello]\\ncmd = \\"echo hello\\"\\n"
    assert_equal "hello\\n", shell_output("#{bin}/zr run hello")
  end
end
`;
}
