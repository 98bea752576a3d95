/**
 * Renders the summary of a year as a page.
 * @param {{ month: string, coldest: number, mean: number, warmest: number }[]} months
 * @param {string} [chart] an SVG to show above the table
 * @returns {string} a whole HTML document
 */
export function render(months, chart = "") {
  const rows = months.map(
    ({ month, coldest, mean, warmest }) =>
      `<tr><th>${escape(month)}</th><td>${coldest.toFixed(1)}</td><td>${mean.toFixed(1)}</td><td>${warmest.toFixed(1)}</td></tr>`,
  );
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<meta charset="utf-8">',
    "<title>A year of weather</title>",
    chart.trim(),
    "<table>",
    "<tr><th>month</th><th>coldest</th><th>mean</th><th>warmest</th></tr>",
    ...rows,
    "</table>",
    "</html>",
    "",
  ].join("\n");
}

function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
