import { button, element } from "./elements";

const KEYS: readonly (readonly [string, string])[] = [
  ["/", "search; Enter goes to the next, Shift+Enter to the one before"],
  ["↓ ↑", "to what the chosen one needs, to what needs it"],
  ["← →", "to its neighbours"],
  ["Enter", "only the chosen one and its paths, and back"],
  ["Esc", "back: the focus, the choice, the search"],
  ["+ − 0", "closer, farther, everything in view"],
  ["Shift+arrows", "move the drawing"],
  ["c a y", "critical path, affected, cycles"],
  ["d", "downwards or to the right"],
  ["t", "light or dark"],
];

/** The keys of the page, in a window of their own. */
export function helpDialog(): HTMLDialogElement {
  const dialog = element("dialog", { "aria-label": "Keys" });
  const rows = KEYS.map(([key, text]) =>
    element("tr", {}, [
      element(
        "td",
        {},
        key.split(" ").flatMap((name) => [element("kbd", {}, [name]), " "]),
      ),
      element("td", {}, [text]),
    ]),
  );
  dialog.append(
    element("h2", {}, ["Keys"]),
    element("table", {}, rows),
    element("p", { class: "quiet" }, [
      "The stripe of a box is green where it succeeded, blue where it came from the cache, red where it failed, grey where it was not run through.",
    ]),
    button("Close", "Close", { press: () => dialog.close() }),
  );
  return dialog;
}
