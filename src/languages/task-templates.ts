import { askCommand, askTaskName, templateText } from "#core/scaffold/template-text";

/** A task of a language as people write it by hand. */
interface LanguageTask {
  readonly description: string;
  readonly name: string;
  readonly cmd: string;
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly cache?: boolean;
}

const TASKS: Readonly<Record<string, LanguageTask>> = {
  "build-cargo": { description: "Build with Cargo", name: "build", cmd: "cargo build --release" },
  "build-dotnet": {
    description: "Build with .NET",
    name: "build",
    cmd: "dotnet build --configuration Release",
  },
  "build-go": { description: "Build a Go program", name: "build", cmd: "go build -o bin/ ./..." },
  "build-gradle": { description: "Build with Gradle", name: "build", cmd: "./gradlew assemble" },
  "build-maven": {
    description: "Build with Maven",
    name: "build",
    cmd: "mvn --batch-mode package -DskipTests",
  },
  "build-npm": {
    description: "Build with the script of package.json",
    name: "build",
    cmd: "npm run build",
    inputs: ["$default"],
    outputs: ["dist/**"],
    cache: true,
  },
  "build-zig": { description: "Build with Zig", name: "build", cmd: "zig build -Doptimize=ReleaseSafe" },
  "test-cargo": { description: "Test with Cargo", name: "test", cmd: "cargo test" },
  "test-dotnet": { description: "Test with .NET", name: "test", cmd: "dotnet test" },
  "test-go": { description: "Test Go packages", name: "test", cmd: "go test ./..." },
  "test-gradle": { description: "Test with Gradle", name: "test", cmd: "./gradlew test" },
  "test-maven": { description: "Test with Maven", name: "test", cmd: "mvn --batch-mode test" },
  "test-npm": { description: "Test with the script of package.json", name: "test", cmd: "npm test" },
  "test-pytest": { description: "Test with pytest", name: "test", cmd: "pytest" },
  "test-zig": { description: "Test with Zig", name: "test", cmd: "zig build test" },
  "lint-clippy": { description: "Lint Rust", name: "lint", cmd: "cargo clippy --all-targets -- -D warnings" },
  "lint-eslint": { description: "Lint JavaScript and TypeScript", name: "lint", cmd: "npx eslint ." },
  "lint-golangci": { description: "Lint Go", name: "lint", cmd: "golangci-lint run" },
  "lint-ruff": { description: "Lint Python", name: "lint", cmd: "ruff check ." },
  "image-docker": {
    description: "Build and push an image",
    name: "image",
    cmd: 'docker build --tag "$IMAGE" . && docker push "$IMAGE"',
  },
  "deploy-kubernetes": {
    description: "Apply manifests to a cluster",
    name: "deploy",
    cmd: "kubectl apply --filename deploy/",
  },
  "deploy-terraform": {
    description: "Apply a plan of Terraform",
    name: "deploy",
    cmd: "terraform init -input=false && terraform apply -input=false -auto-approve",
  },
  "publish-cargo": { description: "Publish a crate", name: "publish", cmd: "cargo publish" },
  "publish-npm": { description: "Publish a package", name: "publish", cmd: "npm publish" },
};

/** Templates for the usual tasks of languages, each as the text of a `template.toml`. */
export const languageTemplates = (): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(TASKS).map(([name, task]) => [name, textOf(task)]));

function textOf({ description, name, cmd, inputs, outputs, cache }: LanguageTask): string {
  const lines = [
    "[tasks.{{ name | key }}]",
    `description = ${JSON.stringify(description)}`,
    "cmd = {{ cmd | toml }}",
    ...(inputs === undefined ? [] : [`inputs = ${JSON.stringify(inputs)}`]),
    ...(outputs === undefined ? [] : [`outputs = ${JSON.stringify(outputs)}`]),
    ...(cache === true ? ["cache = true"] : []),
  ];
  const questions = { name: askTaskName(name), cmd: askCommand(cmd) };
  return templateText({ description, config: `${lines.join("\n")}\n`, questions });
}
