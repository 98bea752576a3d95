import uPlot from "uplot";
import { momentText } from "#frontends/pages/values-text";
import { element } from "./elements";

export interface ChartLine {
  readonly label: string;
  /** The name of a colour of the page. */
  readonly color: string;
  /** In the order of the times; null where there is nothing. */
  readonly values: readonly (number | null)[];
  /** Dots that are not joined. */
  readonly isDots?: boolean;
  readonly isDashed?: boolean;
}

export interface ChartContent {
  /** What is drawn, for those who can't see it. */
  readonly title: string;
  /** Milliseconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly valueText: (value: number) => string;
  /** The highest value where that is known. */
  readonly top?: number;
}

const HEIGHT = 240;

const DAY_SECONDS = 86_400;

/** The days, or the times where ticks are less than a day apart. */
function tickTexts(ticks: readonly number[]): string[] {
  const step = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  return ticks.map((seconds) => {
    const text = momentText(seconds * 1000);
    return step < DAY_SECONDS ? text.slice(11) : text.slice(5, 10);
  });
}

/** A chart over time that is as wide as its place, and is drawn anew where the colours change. */
export class TimeChart {
  readonly place: HTMLElement;
  #content: ChartContent;
  #plot: uPlot | undefined;

  constructor(content: ChartContent) {
    this.#content = content;
    this.place = element("div", { class: "chart", role: "img", "aria-label": content.title });
    new ResizeObserver(() => {
      const width = this.place.clientWidth;
      if (this.#plot === undefined) this.draw();
      else if (this.#plot.width !== width) this.#plot.setSize({ width, height: HEIGHT });
    }).observe(this.place);
  }

  show(content: ChartContent): void {
    this.#content = content;
    this.place.setAttribute("aria-label", content.title);
    this.draw();
  }

  draw(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    const { times, lines } = this.#content;
    if (times.length === 0) {
      this.place.replaceChildren(element("p", { class: "quiet" }, ["Nothing to show yet."]));
      return;
    }
    this.place.replaceChildren();
    const data: uPlot.AlignedData = [
      times.map((time) => time / 1000),
      ...lines.map(({ values }) => [...values]),
    ];
    this.#plot = new uPlot(this.#options(), data, this.place);
  }

  #options(): uPlot.Options {
    const { lines, valueText, top } = this.#content;
    const axis: uPlot.Axis = {
      stroke: resolved("soft"),
      grid: { stroke: resolved("line"), width: 1 },
      ticks: { stroke: resolved("line"), width: 1 },
      font: "11px system-ui, sans-serif",
    };
    return {
      width: Math.max(200, this.place.clientWidth),
      height: HEIGHT,
      cursor: { y: false },
      scales: {
        y: { range: (_plot, _min, max) => [0, top ?? (max > 0 ? max * 1.08 : 1)] },
      },
      axes: [
        { ...axis, values: (_plot, ticks) => tickTexts(ticks) },
        { ...axis, size: 64, values: (_plot, ticks) => ticks.map((tick) => valueText(tick)) },
      ],
      series: [
        { label: "Time", value: (_plot, seconds) => (seconds === null ? "–" : momentText(seconds * 1000)) },
        ...lines.map(({ label, color: name, isDots, isDashed }): uPlot.Series => {
          const stroke = resolved(name);
          return {
            label,
            stroke,
            width: isDots === true ? 0 : 2,
            spanGaps: true,
            ...(isDashed === true ? { dash: [6, 4] } : {}),
            ...(isDots === true ? { paths: () => null } : {}),
            points: { show: isDots === true || this.#content.times.length < 40, size: 5, fill: stroke },
            value: (_plot, value) => (value === null ? "–" : valueText(value)),
          };
        }),
      ],
    };
  }
}

/** A colour of the page as it is now. What a variable stands for is only worked out where it is used. */
function resolved(name: string): string {
  const probe = element("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
