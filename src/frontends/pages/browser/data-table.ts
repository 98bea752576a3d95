import { button, element } from "./elements";

export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** What rows are sorted by; the text where it is not there. */
  readonly value?: (row: Row) => number | string | null;
  /** Written from the left. */
  readonly isText?: boolean;
  /** A class of the cell. */
  readonly look?: (row: Row) => string;
  /** What a press on the cell does. */
  readonly press?: (row: Row) => void;
}

const SHOWN = 15;

/** A table that a press on a heading sorts; long ones are shown in part at first. */
export function dataTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): HTMLElement {
  if (rows.length === 0) return element("p", { class: "quiet" }, ["None."]);
  const body = element("tbody");
  let sorted = rows;
  let isWhole = rows.length <= SHOWN;
  let order: { readonly column: number; readonly isDown: boolean } | undefined;
  const more = element("p", { class: "more" });
  const fill = (): void => {
    const shown = isWhole ? sorted : sorted.slice(0, SHOWN);
    body.replaceChildren(...shown.map((row) => tableRow(columns, row)));
    more.classList.toggle("hidden", isWhole);
  };
  const heads = columns.map(({ title, isText }, at) => {
    const head = element("th", { scope: "col", ...(isText === true ? { class: "text" } : {}) });
    const press = (): void => {
      const isDown = order?.column === at ? !order.isDown : at > 0;
      order = { column: at, isDown };
      sorted = sortedBy(columns[at], rows, isDown);
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
      fill();
    };
    head.append(button(title, `Sort by ${title}`, { press }));
    return head;
  });
  const whole = (): void => {
    isWhole = true;
    fill();
  };
  more.append(button(`All ${rows.length}`, `Show all ${rows.length}`, { press: whole }));
  fill();
  const table = element("table", { class: "data" }, [element("thead", {}, [element("tr", {}, heads)]), body]);
  return element("div", {}, [element("div", { class: "scroll" }, [table]), more]);
}

function sortedBy<Row>(
  column: Column<Row> | undefined,
  rows: readonly Row[],
  isDown: boolean,
): readonly Row[] {
  const value = (row: Row): number | string | null => column?.value?.(row) ?? column?.text(row) ?? null;
  return rows.toSorted((left, right) => {
    const [a, b] = [value(left), value(right)];
    const found = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
    return isDown ? -found : found;
  });
}

function tableRow<Row>(columns: readonly Column<Row>[], row: Row): HTMLTableRowElement {
  const cells = columns.map(({ text, isText, look, press }) => {
    const classes = [...(isText === true ? ["text"] : []), look?.(row) ?? ""].filter((name) => name !== "");
    const cell = element("td", classes.length === 0 ? {} : { class: classes.join(" ") });
    const label = text(row);
    cell.append(press === undefined ? label : button(label, label, { press: () => press(row) }));
    return cell;
  });
  return element("tr", {}, cells);
}
