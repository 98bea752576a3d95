/** Where things stand on the screen; rows and columns from 0. */
export interface Layout {
  readonly columns: number;
  readonly rows: number;
  /** List and detail side by side; else the one that has the focus takes the whole width. */
  readonly isSplit: boolean;
  readonly listColumns: number;
  readonly detailColumns: number;
  /** Column at which the detail begins. */
  readonly detailLeft: number;
  /** First row below the headings of the two. */
  readonly bodyTop: number;
  readonly bodyRows: number;
}

/** Fewer columns have no room for two things side by side. */
const LEAST_SPLIT = 60;
const LEAST_LIST = 24;
const MOST_LIST = 56;
/** The title, the headings, the line at the foot. */
const FRAME_ROWS = 3;

export function layoutOf({ columns, rows }: { readonly columns: number; readonly rows: number }): Layout {
  const isSplit = columns >= LEAST_SPLIT;
  const listColumns = isSplit
    ? Math.min(MOST_LIST, Math.max(LEAST_LIST, Math.floor(columns * 0.38)))
    : columns;
  return {
    columns,
    rows,
    isSplit,
    listColumns,
    // One column between them is a line.
    detailColumns: isSplit ? columns - listColumns - 1 : columns,
    detailLeft: isSplit ? listColumns + 1 : 0,
    bodyTop: 2,
    bodyRows: Math.max(0, rows - FRAME_ROWS),
  };
}

/** Whether the list stands at a column. */
export const isListAt = (
  { isSplit, listColumns }: Layout,
  column: number,
  focus: "list" | "detail",
): boolean => (isSplit ? column < listColumns : focus === "list");
