import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine; `undefined`: it has none. `CHROMIUM` names another one. */
export const CHROMIUM = [process.env.CHROMIUM, ...PLACES].find((path) => path !== undefined && existsSync(path));

/** What a page did that it should not. */
export interface Watched {
  readonly page: Page;
  /** Requests to other hosts, dialogs, errors, and whatever its policy refused. */
  readonly offences: string[];
}

/** A browser for the tests of the file. */
export function useBrowser() {
  let browser: Browser | undefined;
  beforeAll(async () => {
    // Whoever is root cannot have the sandbox.
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    browser = await chromium.launch({ args, ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }) });
  });
  afterAll(() => browser?.close());
  return {
    /** A page of somebody who has never been there, gone at the end of the test. */
    async open(url: string, options: BrowserContextOptions = {}): Promise<Watched> {
      if (browser === undefined) throw new Error('The browser is there from beforeAll on');
      const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, ...options });
      onTestFinished(() => context.close());
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      const offences: string[] = [];
      page.on('request', (request) => {
        if (new URL(request.url()).origin !== new URL(url).origin) offences.push(`asked ${request.url()}`);
      });
      page.on('dialog', (dialog) => {
        offences.push(`dialog ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('pageerror', (error) => void offences.push(`error ${error.message}`));
      page.on('console', (message) => {
        // Answers that are errors are logged by the browser itself.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          offences.push(message.text());
        }
      });
      await page.goto(url);
      return { page, offences };
    },
  };
}

/** That nothing on the page keeps anybody out, as far as axe-core can tell. */
export async function expectAccessible(page: Page): Promise<void> {
  // Through the debugger, as the page's own policy lets no script in.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { readonly axe: typeof axe }).axe.run());
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}
