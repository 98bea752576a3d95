import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { deadlineMs } from "./deadline";

/** A Chromium of this machine; undefined where there is none. */
export const chromiumPath: string | undefined =
  process.env["ZR_TEST_CHROMIUM"] ??
  ["chromium", "chromium-browser", "google-chrome", "chrome"].map((name) => Bun.which(name)).find(Boolean) ??
  undefined;

/** Why no page can be looked at; undefined where that can be done. */
export const noChromium = chromiumPath === undefined ? "no chromium here" : undefined;

/** The two sizes that pages are looked at. */
export const SIZES = [
  { width: 375, height: 812 },
  { width: 1440, height: 900 },
] as const;

export interface PageLook {
  readonly size: { readonly width: number; readonly height: number };
  readonly dark: boolean;
}

/** A page that is shown, with everything that went wrong in it and every request that it made. */
export interface ShownPage extends AsyncDisposable {
  readonly page: Page;
  /** Messages of the console and errors of scripts. */
  readonly problems: readonly string[];
  /** Addresses, the page's own included. */
  readonly requests: readonly string[];
}

let launched: Promise<Browser> | undefined;

/** Shows a file or an address. One browser serves all pages of a test file; `closeBrowser` ends it. */
export async function showPage(place: string, { size, dark }: PageLook): Promise<ShownPage> {
  launched ??= launch();
  const browser = await launched;
  const context = await browser.newContext({ viewport: size, colorScheme: dark ? "dark" : "light" });
  context.setDefaultTimeout(deadlineMs());
  const page = await context.newPage();
  const [problems, requests]: [string[], string[]] = [[], []];
  page.on("console", (message) => problems.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(place.startsWith("http") ? place : pathToFileURL(place).href);
  return { page, problems, requests, [Symbol.asyncDispose]: () => context.close() };
}

export async function closeBrowser(): Promise<void> {
  await (await launched)?.close();
  launched = undefined;
}

async function launch(): Promise<Browser> {
  // Most tests need no browser, whose library is large.
  const { chromium } = await import("playwright-core");
  // The sandbox takes rights that a container may not have; what is shown is ours.
  return chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: ["--no-sandbox", "--disable-gpu"],
  });
}
