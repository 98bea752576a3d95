import type { AnalyticsPageData } from "#frontends/pages/analytics/analytics-data";
import { durationText, momentText, shareText, sizeText } from "#frontends/pages/values-text";
import { cacheChart, efficiencyChart, runChart, taskChart } from "./analytics-charts";
import {
  criticalTable,
  failureTable,
  flakyTable,
  inputTable,
  resourceTable,
  taskTable,
} from "./analytics-tables";
import { button, element, nextTheme, pageData } from "./elements";
import { TimeChart } from "./time-chart";

const data = pageData<AnalyticsPageData>();
document.getElementById("app")?.append(...pageElements(data));

function pageElements(page: AnalyticsPageData): readonly HTMLElement[] {
  const { view } = page;
  const charts = {
    run: new TimeChart(runChart(view.runs)),
    efficiency: new TimeChart(efficiencyChart(view.runs)),
    cache: new TimeChart(cacheChart(view.runs)),
    task: new TimeChart(taskChart(view, view.tasks[0]?.task ?? "")),
  };
  const redraw = (): void => {
    for (const chart of Object.values(charts)) chart.draw();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  const chooser = taskChooser(page, (task) => charts.task.show(taskChart(view, task)));
  const sections = [
    grid(
      section({
        id: "runs",
        title: "Runs",
        about: "How long they took; the ideal is what the critical path and the jobs allow.",
        content: [charts.run.place],
      }),
      section({
        id: "efficiency",
        title: "Parallel efficiency",
        about: "The ideal against what it took.",
        content: [charts.efficiency.place],
      }),
      section({
        id: "cache",
        title: "Cache",
        about: "How much of what is cached was there already.",
        content: [charts.cache.place],
      }),
      section({
        id: "task",
        title: "A task over time",
        about: "Each run, and percentiles of the last twenty.",
        content: [chooser.select, charts.task.place],
      }),
    ),
    section({
      id: "tasks",
      title: "Tasks",
      about: "Trend: the newest third against the oldest.",
      content: [filtered(view.tasks, (tasks) => taskTable(tasks, chooser.choose))],
    }),
    ...tableSections(page),
  ];
  return [header(page, redraw), ...tiles(page), ...sections];
}

function tableSections(page: AnalyticsPageData): readonly HTMLElement[] {
  const { files, bytes } = page.view.inputs;
  return [
    grid(
      section({ id: "failures", title: "Failures", content: [failureTable(page)] }),
      section({
        id: "flaky",
        title: "Flaky",
        about: "Ended well and badly for no reason that is seen.",
        content: [flakyTable(page)],
      }),
      section({
        id: "critical",
        title: "Critical path",
        about: "The tasks that decided how long runs took.",
        content: [criticalTable(page)],
      }),
      section({
        id: "resources",
        title: "Resource peaks",
        about: "The most of one run.",
        content: [resourceTable(page)],
      }),
    ),
    section({
      id: "inputs",
      title: "Slowest inputs to hash",
      about: `${files} files with ${sizeText(bytes)}; the largest were read for this page.`,
      content: [inputTable(page)],
    }),
  ];
}

function grid(...sections: readonly HTMLElement[]): HTMLElement {
  return element("div", { class: "grid" }, sections);
}

function header({ title, view: { from, to } }: AnalyticsPageData, redraw: () => void): HTMLElement {
  const range = from === null || to === null ? "no runs yet" : `${momentText(from)} – ${momentText(to)}`;
  const theme = button("Theme", "As the system, light, dark", {
    press: () => {
      nextTheme();
      redraw();
    },
  });
  return element("header", {}, [
    element("h1", {}, [title]),
    element("span", { class: "quiet" }, [range]),
    element("span", { class: "space" }),
    theme,
  ]);
}

function tiles({ view: { totals, runs } }: AnalyticsPageData): readonly HTMLElement[] {
  const efficiencies = runs.flatMap(({ efficiency }) => efficiency ?? []);
  const mean =
    efficiencies.length === 0 ? null : efficiencies.reduce((sum, one) => sum + one, 0) / efficiencies.length;
  const values: readonly (readonly [string, string])[] = [
    [String(totals.runs), "runs"],
    [shareText(totals.runs === 0 ? null : totals.succeeded / totals.runs), "of them succeeded"],
    [shareText(totals.hitRate), "cache hit rate"],
    [durationText(totals.savedMs), "saved by the cache"],
    [durationText(totals.busyMs), "spent in commands"],
    [shareText(mean), "parallel efficiency"],
  ];
  const shown = values.map(([value, label]) =>
    element("div", { class: "tile" }, [
      element("b", {}, [value]),
      element("span", { class: "quiet" }, [label]),
    ]),
  );
  return [element("div", { class: "tiles" }, shown)];
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly about?: string;
  readonly content: readonly HTMLElement[];
}

function section({ id, title, about, content }: Section): HTMLElement {
  const text = about === undefined ? [] : [element("p", { class: "quiet" }, [about])];
  return element("section", { id, "aria-label": title }, [element("h2", {}, [title]), ...text, ...content]);
}

/** The list of tasks of the chart; `choose` sets it from elsewhere. */
function taskChooser(
  { view }: AnalyticsPageData,
  show: (task: string) => void,
): { readonly select: HTMLElement; readonly choose: (task: string) => void } {
  const names = view.tasks.map(({ task }) => task);
  const select = element(
    "select",
    { "aria-label": "Task" },
    names.map((name) => element("option", {}, [name])),
  );
  select.addEventListener("change", () => show(select.value));
  const choose = (task: string): void => {
    select.value = task;
    show(task);
    document.getElementById("task")?.scrollIntoView({ block: "nearest" });
  };
  return { select, choose };
}

/** A list with a field above it that leaves what holds a text. */
function filtered<Row extends { readonly task: string }>(
  rows: readonly Row[],
  make: (rows: readonly Row[]) => HTMLElement,
): HTMLElement {
  const field = element("input", { type: "search", placeholder: "Filter", "aria-label": "Filter tasks" });
  const place = element("div", {}, [make(rows)]);
  field.addEventListener("input", () => {
    const text = field.value.trim().toLowerCase();
    place.replaceChildren(make(rows.filter(({ task }) => task.toLowerCase().includes(text))));
  });
  return element("div", {}, [...(rows.length > 10 ? [field] : []), place]);
}
