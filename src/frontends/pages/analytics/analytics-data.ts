import type { AnalyticsView } from "#engine/history/analytics/analytics-view";

/** What the analytics page shows, as plain JSON. */
export interface AnalyticsPageData {
  readonly title: string;
  readonly view: AnalyticsView;
  /** What the last failures are, in words; in the order of `view.failures`. */
  readonly failureTexts: readonly string[];
}
