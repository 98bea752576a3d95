import type { GraphPageData } from "#frontends/pages/graph/graph-data";
import { pageData } from "./elements";
import { GraphApp } from "./graph-app";
import { followChanges } from "./graph-live";

const data = pageData<GraphPageData>();
const app = new GraphApp(data);
document.getElementById("app")?.append(...app.elements);
app.start();
if (data.live !== undefined) followChanges(data.live, app);
