import type { GraphPageData, PageNode } from "#frontends/pages/graph/graph-data";
import { durationText, momentText } from "#frontends/pages/values-text";
import { button, element } from "./elements";

export interface PanelActions {
  readonly select: (node: number) => void;
  readonly focus: (node: number) => void;
  readonly close: () => void;
  readonly isFocused: boolean;
}

const STATE_TEXTS: Readonly<Record<string, string>> = {
  running: "running now",
  success: "succeeded",
  cached: "from the cache",
  skipped: "skipped",
  failed: "failed",
  timed_out: "timed out",
  canceled: "canceled",
  blocked: "blocked",
};

export const stateText = (state: string | undefined): string => STATE_TEXTS[state ?? ""] ?? "never run";

/** What is known of a node, with what it needs and what needs it. */
export function panelContent(
  { nodes, edges, of }: GraphPageData,
  place: number,
  actions: PanelActions,
): readonly HTMLElement[] {
  const node = nodes[place];
  if (node === undefined) return [];
  const needs = edges.filter(({ from }) => from === place).map(({ to, note }) => ({ at: to, note }));
  const neededBy = edges.filter(({ to }) => to === place).map(({ from, note }) => ({ at: from, note }));
  const close = button("✕", "Close", { press: actions.close });
  close.className = "close";
  return [
    close,
    element("h2", {}, [node.id]),
    ...(node.description === undefined ? [] : [element("p", {}, [node.description])]),
    ...(of === "tasks" ? [element("p", { class: "quiet" }, [about(node)])] : []),
    ...(node.tags.length === 0
      ? []
      : [
          element(
            "p",
            {},
            node.tags.map((tag) => element("span", { class: "tag" }, [tag])),
          ),
        ]),
    element("div", { class: "row" }, [
      button(actions.isFocused ? "Show all" : "Focus", "Only this and its paths (Enter)", {
        press: () => actions.focus(place),
      }),
    ]),
    ...list(`Needs (${needs.length})`, needs, { nodes, select: actions.select }),
    ...list(`Needed by (${neededBy.length})`, neededBy, { nodes, select: actions.select }),
  ];
}

function about(node: PageNode): string {
  const parts = [node.package === "" ? "root package" : `package ${node.package}`, stateText(node.state)];
  if (node.durationMs !== undefined && node.durationMs > 0) parts.push(durationText(node.durationMs));
  if (node.wallMs !== undefined) parts.push(momentText(node.wallMs));
  if (node.critical === true) parts.push("on the critical path");
  if (node.affected === true) parts.push("affected");
  return parts.join(" · ");
}

function list(
  title: string,
  ends: readonly { readonly at: number; readonly note: string | undefined }[],
  { nodes, select }: { readonly nodes: readonly PageNode[]; readonly select: (node: number) => void },
): readonly HTMLElement[] {
  if (ends.length === 0) return [];
  const items = ends.map(({ at, note }) => {
    const name = nodes[at]?.id ?? "";
    const label = note === undefined ? name : `${name} (${note})`;
    return element("li", {}, [button(label, label, { press: () => select(at) })]);
  });
  return [element("h3", {}, [title]), element("ul", {}, items)];
}
