/** What of the drawing is in view: its point `x`, `y` is at the upper left corner, enlarged by `scale`. */
interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const LEAST_SCALE = 0.02;
const MOST_SCALE = 4;
/** Below this the names can't be read and are not drawn. */
const FAR_SCALE = 0.4;
/** A drawing smaller than the window is not made larger than this. */
const FIT_SCALE = 1.2;
const STEP = 1.25;

interface Finger {
  readonly x: number;
  readonly y: number;
}

/** Moves and scales the content of a drawing by mouse, wheel, fingers and keys. */
export class GraphCamera {
  readonly #svg: SVGSVGElement;
  readonly #content: SVGGElement;
  readonly #fingers = new Map<number, Finger>();
  #view: View = { x: 0, y: 0, scale: 1 };
  #hasMoved = false;
  /** A frame that will show the view has been asked for. */
  #isAwaited = false;

  constructor(svg: SVGSVGElement, content: SVGGElement) {
    this.#svg = svg;
    this.#content = content;
    svg.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    svg.addEventListener("pointerdown", (event) => this.#press(event));
    svg.addEventListener("pointermove", (event) => this.#drag(event));
    for (const type of ["pointerup", "pointercancel"] as const)
      svg.addEventListener(type, (event) => this.#fingers.delete(event.pointerId));
  }

  get scale(): number {
    return this.#view.scale;
  }

  /** Whether the pointer that has just been lifted had dragged the drawing: then it was no click. */
  get hasDragged(): boolean {
    return this.#hasMoved;
  }

  /** Everything in view. */
  fit(width: number, height: number): void {
    const { clientWidth, clientHeight } = this.#svg;
    const scale = Math.min(clientWidth / width, clientHeight / height, FIT_SCALE);
    this.#show({
      scale,
      x: width / 2 - clientWidth / scale / 2,
      y: height / 2 - clientHeight / scale / 2,
    });
  }

  /** A point of the drawing in the middle of what nothing covers at the right and at the bottom, large enough to be read. */
  center(x: number, y: number, covered: { readonly right: number; readonly bottom: number }): void {
    const { clientWidth, clientHeight } = this.#svg;
    const scale = Math.max(this.#view.scale, 0.8);
    const [width, height] = [clientWidth - covered.right, clientHeight - covered.bottom];
    this.#show({ scale, x: x - width / scale / 2, y: y - height / scale / 2 });
  }

  zoom(steps: number): void {
    const { clientWidth, clientHeight } = this.#svg;
    this.#zoomAt(clientWidth / 2, clientHeight / 2, STEP ** steps);
  }

  /** By pixels of the window. */
  move(dx: number, dy: number): void {
    const { x, y, scale } = this.#view;
    this.#show({ scale, x: x + dx / scale, y: y + dy / scale });
  }

  #zoomAt(px: number, py: number, factor: number): void {
    const { x, y, scale } = this.#view;
    const next = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, scale * factor));
    this.#show({ scale: next, x: x + px / scale - px / next, y: y + py / scale - py / next });
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { left, top } = this.#svg.getBoundingClientRect();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (event.shiftKey) this.move((event.deltaY + event.deltaX) * lines, 0);
    else this.#zoomAt(event.clientX - left, event.clientY - top, Math.exp(-event.deltaY * lines * 0.0015));
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    if (this.#fingers.size === 0) this.#hasMoved = false;
    this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  #drag(event: PointerEvent): void {
    const before = this.#fingers.get(event.pointerId);
    if (before === undefined) return;
    const now = { x: event.clientX, y: event.clientY };
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    if (!this.#hasMoved && Math.hypot(dx, dy) < 4) return;
    if (!this.#hasMoved) this.#svg.setPointerCapture(event.pointerId);
    this.#hasMoved = true;
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.#fingers.set(event.pointerId, now);
    if (other === undefined) return this.move(-dx, -dy);
    const { left, top } = this.#svg.getBoundingClientRect();
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(now.x - other.x, now.y - other.y);
    this.move(-dx / 2, -dy / 2);
    if (was > 0) this.#zoomAt((now.x + other.x) / 2 - left, (now.y + other.y) / 2 - top, is / was);
  }

  #show(view: View): void {
    this.#view = view;
    if (this.#isAwaited) return;
    this.#isAwaited = true;
    requestAnimationFrame(() => {
      this.#isAwaited = false;
      const { x, y, scale } = this.#view;
      this.#content.setAttribute("transform", `scale(${scale}) translate(${-x} ${-y})`);
      this.#svg.classList.toggle("far", scale < FAR_SCALE);
    });
  }
}
