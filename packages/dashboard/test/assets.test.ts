import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createDashboard } from '../src/index.js';
import { aSource, get } from './fakes.js';

const FOLDER = fileURLToPath(new URL('../dist/assets/', import.meta.url));
const dashboard = createDashboard(aSource(), { token: 'correct horse battery' });
const page = async () => (await dashboard(get('/'))).text();

describe('the page itself', () => {
  test('loads from its own server alone, and stands in no other page', async () => {
    const response = await dashboard(get('/'));
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  });

  test('has no script or style in it, and names its parts by paths beside it', async () => {
    const html = await page();
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(parts).toHaveLength(3);
    for (const path of parts) {
      expect(path).toMatch(/^\.\/[\w.-]+$/);
      const part = await dashboard(get(path.slice(1)));
      expect(part.status).toBe(200);
      expect(part.headers.get('cache-control')).toContain('immutable');
    }
    expect(html).not.toMatch(/<style|<script[^>]*>[^<]|style="| on\w+="/);
  });

  test('is sent as small as a browser takes it', async () => {
    const [path = ''] = /\.\/index-[\w-]+\.js/.exec(await page()) ?? [];
    const zipped = await dashboard(get(path.slice(1), { 'accept-encoding': 'gzip, br' }));
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    const plain = await dashboard(get(path.slice(1)));
    expect(gunzipSync(await zipped.arrayBuffer()).toString()).toBe(await plain.text());
  });

  test('is less than 100 kB compressed, and knows no other host', () => {
    const files = readdirSync(FOLDER).map((name) => readFileSync(`${FOLDER}${name}`));
    const bytes = files.reduce((all, file) => all + gzipSync(file).length, 0);
    expect(bytes).toBeLessThan(100_000);
    const hosts = files.flatMap((file) => file.toString().match(/https?:\/\/[^/"'`\s)]+/g) ?? []);
    // Names of namespaces, which nobody asks.
    expect(new Set(hosts)).toEqual(new Set(['http://www.w3.org']));
  });

  test('may be mounted at any path', async () => {
    const mounted = createDashboard(aSource(), { authorize: () => true, path: '/ops/jobsweep' });
    const folder = await mounted(get('/ops/jobsweep'));
    expect([folder.status, folder.headers.get('location')]).toEqual([308, '/ops/jobsweep/']);
    expect((await mounted(get('/ops/jobsweep/'))).status).toBe(200);
    expect((await mounted(get('/ops/jobsweep/api/now'))).status).toBe(200);
    for (const path of ['/', '/api/now', '/ops/jobsweeper/', '/ops/']) {
      expect((await mounted(get(path))).status).toBe(404);
    }
    for (const path of ['jobsweep', '/a b', '//evil.example']) {
      expect(() => createDashboard(aSource(), { authorize: () => true, path })).toThrow();
    }
  });
});
