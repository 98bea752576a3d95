import type { GraphPageData } from "#frontends/pages/graph/graph-data";
import { PAGE_STATES } from "#frontends/pages/graph/graph-data";
import { layOutPage } from "#frontends/pages/graph/lay-out-page";
import { NO_FILTER, pathsThrough, searchNodes, visibleGraph } from "#frontends/pages/graph/visible-graph";
import type { GraphFilter, VisibleGraph } from "#frontends/pages/graph/visible-graph";
import type { GraphLayout, LayoutDirection } from "#frontends/pages/layout/layout-types";
import { drawn, element, nextTheme } from "./elements";
import { makeBar } from "./graph-bar";
import type { GraphBar, Mark } from "./graph-bar";
import { GraphCamera } from "./graph-camera";
import { drawGraph, drawStates } from "./graph-drawing";
import type { GraphDrawing } from "./graph-drawing";
import { helpDialog } from "./graph-help";
import { listenToKeys } from "./graph-keys";
import type { Step } from "./graph-keys";
import { panelContent, stateText } from "./graph-panel";

/** The page of a graph: what is shown, what is chosen, and what follows from either. */
export class GraphApp {
  readonly elements: readonly HTMLElement[];
  readonly #svg: SVGSVGElement;
  readonly #content: SVGGElement;
  readonly #camera: GraphCamera;
  readonly #bar: GraphBar;
  readonly #panel = element("aside", { class: "hidden", "aria-label": "Details" });
  readonly #status = element("div", { class: "status" });
  readonly #voice = element("div", { class: "unseen", "aria-live": "polite" });
  readonly #help = helpDialog();
  readonly #marks = new Set<Mark>();
  #data: GraphPageData;
  #filter: GraphFilter = NO_FILTER;
  #direction: LayoutDirection | "auto" = "auto";
  #visible: VisibleGraph = { nodes: [], edges: [] };
  #layout: GraphLayout = { width: 0, height: 0, direction: "down", nodes: [], edges: [] };
  #drawing: GraphDrawing | undefined;
  #selected: number | undefined;
  /** The node of the last single click. */
  #clicked: number | undefined;
  #hits: readonly number[] = [];
  #hit = -1;
  #isLive: boolean | undefined;

  constructor(data: GraphPageData) {
    this.#data = data;
    this.#content = drawn("g");
    this.#svg = drawn("svg", { class: "graph", tabindex: "0", role: "listbox", "aria-label": data.title }, [
      arrowHead(),
      this.#content,
    ]);
    this.#camera = new GraphCamera(this.#svg, this.#content);
    this.#bar = makeBar(data, {
      search: (text) => this.#search(text),
      nextHit: (step) => this.#nextHit(step),
      filter: (name, value) => this.#setFilter({ ...this.#filter, [name]: value }),
      mark: (mark) => this.mark(mark),
      fit: () => this.fit(),
      turn: () => this.turn(),
      theme: () => this.theme(),
      help: () => this.help(),
    });
    const main = element("main", {}, [this.#panel, this.#status, this.#voice, this.#help]);
    main.prepend(this.#svg);
    this.elements = [this.#bar.header, main];
    this.#svg.addEventListener("click", (event) => this.#click(event));
    this.#svg.addEventListener("dblclick", () => this.#open());
    listenToKeys(this, this.#bar.search);
    if (data.showsCritical) this.mark("critical");
    if (data.marksAffected) this.mark("affected");
  }

  /** The page is in its place: everything is drawn. */
  start(): void {
    this.#draw();
    this.fit();
  }

  get camera(): GraphCamera {
    return this.#camera;
  }

  fit(): void {
    this.#camera.fit(this.#layout.width, this.#layout.height);
  }

  turn(): void {
    this.#direction = this.#layout.direction === "down" ? "right" : "down";
    this.#draw();
    this.fit();
  }

  theme(): void {
    this.#say(`Theme: ${nextTheme()}`);
  }

  help(): void {
    this.#help.showModal();
  }

  mark(mark: Mark): void {
    if (!this.#marks.delete(mark)) this.#marks.add(mark);
    const isOn = this.#marks.has(mark);
    this.#svg.classList.toggle(`show-${mark}`, isOn);
    this.#bar.marks.get(mark)?.setAttribute("aria-pressed", String(isOn));
  }

  /** Only a node and its paths; the same again shows everything. */
  focus(node: number | undefined = this.#selected): void {
    if (node === undefined) return;
    const { focus, ...rest } = this.#filter;
    this.#setFilter(focus === node ? rest : { ...rest, focus: node });
    this.select(node);
  }

  /** One step back: out of the focus, then no node chosen, then nothing searched. */
  back(): void {
    const { focus, ...rest } = this.#filter;
    if (focus !== undefined) this.#setFilter(rest);
    else if (this.#selected !== undefined) this.select(undefined);
    else this.#clearSearch();
    this.#bar.search.blur();
  }

  step(step: Step): void {
    const from = this.#selected;
    const next = from === undefined ? this.#first() : this.#neighbour(from, step);
    if (next !== undefined) this.select(next);
  }

  select(node: number | undefined): void {
    this.#selected = node;
    this.#svg.classList.toggle("has-path", node !== undefined);
    this.#showPaths();
    if (node === undefined) {
      this.#panel.classList.add("hidden");
      this.#svg.removeAttribute("aria-activedescendant");
      return;
    }
    const at = this.#visible.nodes.indexOf(node);
    const center = this.#layout.nodes[at];
    // Chosen in the list of another node, while a filter hides it.
    if (center === undefined) {
      this.#setFilter(NO_FILTER);
      return this.select(node);
    }
    this.#showPanel(node);
    const { offsetWidth, offsetHeight } = this.#panel;
    // On a narrow window it lies below the drawing, else at its right.
    const isBelow = offsetWidth >= this.#svg.clientWidth - 1;
    this.#camera.center(center.x, center.y, {
      right: isBelow ? 0 : offsetWidth,
      bottom: isBelow ? offsetHeight : 0,
    });
    this.#svg.setAttribute("aria-activedescendant", `node-${node}`);
    const { id = "", state } = this.#data.nodes[node] ?? {};
    this.#say(`${id}, ${stateText(state)}`);
  }

  /** Newer data: what is chosen, filtered and in view stays where it can. */
  replace(data: GraphPageData): void {
    const before = this.#data;
    this.#data = data;
    this.#bar.refresh(data);
    if (isSameShape(before, data) && this.#drawing !== undefined && this.#filter.state === "") {
      drawStates(data, this.#drawing, [...PAGE_STATES, "none"]);
    } else {
      const chosen = this.#selected === undefined ? undefined : before.nodes[this.#selected]?.id;
      const focused = this.#filter.focus === undefined ? undefined : before.nodes[this.#filter.focus]?.id;
      const numberOf = (id: string | undefined): number | undefined => {
        const found = data.nodes.findIndex((node) => node.id === id);
        return id === undefined || found === -1 ? undefined : found;
      };
      const { focus: _, ...rest } = this.#filter;
      const focus = numberOf(focused);
      this.#filter = focus === undefined ? rest : { ...rest, focus };
      this.#selected = numberOf(chosen);
      this.#search(this.#bar.search.value);
      this.#draw();
    }
    if (this.#selected !== undefined) this.#showPanel(this.#selected);
    else this.#panel.classList.add("hidden");
    this.#showStatus();
  }

  connected(isLive: boolean): void {
    this.#isLive = isLive;
    this.#showStatus();
  }

  #setFilter(filter: GraphFilter): void {
    this.#filter = filter;
    this.#draw();
    if (this.#selected !== undefined && !this.#visible.nodes.includes(this.#selected)) this.select(undefined);
    this.fit();
    if (this.#selected !== undefined) this.#showPanel(this.#selected);
  }

  #draw(): void {
    const { clientWidth, clientHeight } = this.#svg;
    this.#visible = visibleGraph(this.#data, this.#filter);
    this.#layout = layOutPage(this.#data, this.#visible, {
      direction: this.#direction,
      aspect: clientWidth / Math.max(1, clientHeight),
    });
    this.#drawing = drawGraph(this.#data, this.#visible, this.#layout);
    this.#content.replaceChildren(this.#drawing.edges, this.#drawing.nodes);
    this.#showPaths();
    this.#showHits();
    this.#showStatus();
  }

  #showPaths(): void {
    const chosen = this.#selected;
    const paths = chosen === undefined ? undefined : pathsThrough(this.#data, chosen);
    for (const [place, group] of this.#drawing?.nodeOf ?? []) {
      group.classList.toggle("path", paths?.nodes.has(place) === true);
      group.classList.toggle("selected", place === chosen);
      group.setAttribute("aria-selected", String(place === chosen));
    }
    for (const [place, path] of this.#drawing?.edgeOf ?? [])
      path.classList.toggle("path", paths?.edges.has(place) === true);
  }

  #showHits(): void {
    const hits = new Set(this.#hits);
    this.#svg.classList.toggle("has-search", hits.size > 0);
    for (const [place, group] of this.#drawing?.nodeOf ?? []) group.classList.toggle("hit", hits.has(place));
  }

  #showPanel(node: number): void {
    const content = panelContent(this.#data, node, {
      select: (other) => this.select(other),
      focus: (other) => this.focus(other),
      close: () => this.select(undefined),
      isFocused: this.#filter.focus === node,
    });
    this.#panel.replaceChildren(...content);
    this.#panel.classList.remove("hidden");
  }

  #showStatus(): void {
    const { nodes, edges } = this.#visible;
    const all = this.#data.nodes.length;
    const shown = nodes.length === all ? `${all}` : `${nodes.length} of ${all}`;
    const hits = this.#bar.search.value.trim() === "" ? "" : ` · ${this.#hits.length} found`;
    const live = this.#isLive === undefined ? "" : this.#isLive ? " · live" : " · not connected";
    this.#status.textContent = `${shown} ${this.#data.of}, ${edges.length} edges${hits}${live}`;
  }

  #search(text: string): void {
    this.#hits = searchNodes(this.#data, text);
    this.#hit = -1;
    this.#showHits();
    this.#showStatus();
  }

  #clearSearch(): void {
    this.#bar.search.value = "";
    this.#search("");
  }

  #nextHit(step: number): void {
    const visible = new Set(this.#visible.nodes);
    const shown = this.#hits.filter((place) => visible.has(place));
    const among = shown.length > 0 ? shown : this.#hits;
    if (among.length === 0) return;
    this.#hit = (this.#hit + step + among.length) % among.length;
    this.select(among[this.#hit]);
  }

  /** The node on the first layer that stands first there. */
  #first(): number | undefined {
    const { direction, nodes } = this.#layout;
    let best: { readonly at: number; readonly rank: number } | undefined;
    for (const [at, { x, y }] of nodes.entries()) {
      const rank = direction === "down" ? y * 1e6 + x : x * 1e6 + y;
      if (best === undefined || rank < best.rank) best = { at, rank };
    }
    return best === undefined ? undefined : this.#visible.nodes[best.at];
  }

  /** The one nearest in the drawing of all that the step can lead to. */
  #neighbour(from: number, step: Step): number | undefined {
    const { nodes, edges } = this.#visible;
    const center = (place: number) => this.#layout.nodes[nodes.indexOf(place)] ?? { x: 0, y: 0 };
    const here = center(from);
    const isDown = this.#layout.direction === "down";
    const across = (place: number): number => (isDown ? center(place).x - here.x : center(place).y - here.y);
    const along = (place: number): number => (isDown ? center(place).y - here.y : center(place).x - here.x);
    const ends = edges.flatMap((edge) => this.#data.edges[edge] ?? []);
    const candidates =
      step === "needs"
        ? ends.filter((edge) => edge.from === from).map(({ to }) => to)
        : step === "neededBy"
          ? ends.filter(({ to }) => to === from).map((edge) => edge.from)
          : nodes.filter((place) => (step === "after" ? across(place) > 1 : across(place) < -1));
    const distance = (place: number): number => Math.abs(across(place)) + 3 * Math.abs(along(place));
    let best: number | undefined;
    for (const place of candidates) if (best === undefined || distance(place) < distance(best)) best = place;
    return best;
  }

  #click({ target, detail }: MouseEvent): void {
    // By the second click of two the first one has moved what it hit.
    if (this.#camera.hasDragged || detail > 1) return;
    this.#clicked = nodeAt(target);
    this.select(this.#clicked);
  }

  #open(): void {
    if (this.#clicked !== undefined) this.focus(this.#clicked);
  }

  #say(text: string): void {
    this.#voice.textContent = text;
  }
}

function nodeAt(target: EventTarget | null): number | undefined {
  const group = target instanceof Element ? target.closest("[data-node]") : null;
  return group === null ? undefined : Number(group.getAttribute("data-node"));
}

/** Nothing but states and times differs. */
function isSameShape(before: GraphPageData, after: GraphPageData): boolean {
  const shape = ({ nodes, edges }: GraphPageData): string =>
    JSON.stringify([
      nodes.map(({ id, critical, affected }) => [id, critical, affected]),
      edges.map(({ from, to, note }) => [from, to, note]),
    ]);
  return shape(before) === shape(after);
}

function arrowHead(): SVGDefsElement {
  const marker = drawn(
    "marker",
    {
      id: "head",
      viewBox: "0 0 8 8",
      refX: "8",
      refY: "4",
      markerWidth: "8",
      markerHeight: "8",
      orient: "auto",
      markerUnits: "userSpaceOnUse",
    },
    [drawn("path", { class: "head", d: "M0 0L8 4L0 8z" })],
  );
  return drawn("defs", {}, [marker]);
}
