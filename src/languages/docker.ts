import { basename } from "#base/path";
import { commandTasks } from "./command-tasks";
import { NO_MEMBERS } from "./language-provider";
import type { FolderFiles } from "./folder-view";
import type { LanguageProvider, ManifestPackage } from "./language-provider";

const DOCKERFILE = "Dockerfile";
/** In the order in which Compose looks for them (docs.docker.com/compose, "The Compose file"). */
const COMPOSE = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"] as const;

/** Images and services of Docker. */
export const docker: LanguageProvider = {
  name: "docker",
  displayName: "Docker",
  manifests: [DOCKERFILE, ...COMPOSE],
  isFallback: true,
  members: () => NO_MEMBERS,
  describe,
  project: async () => (await import("./docker-project")).dockerProject,
};

function describe(folder: FolderFiles): ManifestPackage | undefined {
  const compose = COMPOSE.find((name) => folder.names.has(name));
  const hasImage = folder.names.has(DOCKERFILE);
  if (compose === undefined && !hasImage) return undefined;
  const file = `${folder.dir}/${compose ?? DOCKERFILE}`;
  // Names of images are lower case, without blanks.
  const tag = basename(folder.dir)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return {
    manifest: file,
    namePlace: { file },
    dependencies: [],
    tasks: [
      ...(hasImage
        ? commandTasks(`${folder.dir}/${DOCKERFILE}`, [
            ["image", "Build the image", ["docker", "build", "--tag", tag === "" ? "image" : tag, "."]],
          ])
        : []),
      ...(compose === undefined
        ? []
        : commandTasks(file, [
            ["up", "Start the services", ["docker", "compose", "up", "--detach", "--wait"]],
            ["down", "Stop the services", ["docker", "compose", "down"]],
            ["logs", "Show what the services print", ["docker", "compose", "logs", "--follow"]],
          ])),
    ],
  };
}
