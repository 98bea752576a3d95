import type { Mark } from "./graph-bar";

/** Where a step leads from the chosen node. */
export type Step = "needs" | "neededBy" | "before" | "after";

/** What keys can do. */
export interface KeyActions {
  readonly camera: {
    readonly zoom: (steps: number) => void;
    readonly move: (dx: number, dy: number) => void;
  };
  readonly focus: () => void;
  readonly back: () => void;
  readonly step: (step: Step) => void;
  readonly mark: (mark: Mark) => void;
  readonly fit: () => void;
  readonly turn: () => void;
  readonly theme: () => void;
  readonly help: () => void;
}

const STEPS: Readonly<Record<string, Step>> = {
  ArrowDown: "needs",
  ArrowUp: "neededBy",
  ArrowLeft: "before",
  ArrowRight: "after",
};

/** By pixels, with shift. */
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowDown: [0, 80],
  ArrowUp: [0, -80],
  ArrowLeft: [-80, 0],
  ArrowRight: [80, 0],
};

/** What keys do that are pressed anywhere in the page but in a field. */
export function listenToKeys(app: KeyActions, search: HTMLInputElement): void {
  const actions: Readonly<Record<string, () => void>> = {
    "/": () => search.focus(),
    Enter: () => app.focus(),
    "+": () => app.camera.zoom(1),
    "=": () => app.camera.zoom(1),
    "-": () => app.camera.zoom(-1),
    "0": () => app.fit(),
    c: () => app.mark("critical"),
    a: () => app.mark("affected"),
    y: () => app.mark("cycles"),
    d: () => app.turn(),
    t: () => app.theme(),
    "?": () => app.help(),
  };
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") !== null) return;
    if (key === "Escape") return app.back();
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
    if (key === "Enter" && target instanceof HTMLButtonElement) return;
    const move = event.shiftKey ? MOVES[key] : undefined;
    const step = STEPS[key];
    const action = actions[key];
    if (move !== undefined) app.camera.move(move[0], move[1]);
    else if (step !== undefined) app.step(step);
    else if (action !== undefined) action();
    else return;
    event.preventDefault();
  });
}
