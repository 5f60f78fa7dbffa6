import { silentLogger } from '@jobsweep/core';
import { describe, expect, test, vi } from 'vitest';
import { createDashboard, type DashboardOptions } from '../src/index.js';
import { aSource, get } from './fakes.js';

const TOKEN = 'correct horse battery';
const API = ['now', 'history', 'passes', 'pass?id=7', 'plan', 'doctor'];

describe('who may see the page', () => {
  test.each<[string, DashboardOptions]>([
    ['nothing says so', {}],
    ['two things say so', { authorize: () => true, token: TOKEN }],
    ['what says so is no function', { authorize: 'yes' as unknown as () => boolean }],
    ['the token is short', { token: 'short' }],
    ['the token is no text', { token: 7 as unknown as string }],
    ['no browser can send the token', { token: '正确的马电池订书钉正确的马电池订书钉' }],
    ['a header would lose the end of the token', { token: `${TOKEN} ` }],
    ['the token has lines', { token: `${TOKEN}\n` }],
    ['the token is longer than a header may be', { token: 'x'.repeat(1025) }],
  ])('is not open where %s', (_what, options) => {
    expect(() => createDashboard(aSource(), options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  test('is never told the token by what refuses it', () => {
    expect(() => createDashboard(aSource(), { token: 'hunter2' })).not.toThrow(/hunter2/);
  });

  test.each(API)('api/%s asks for the token, and asks nobody before', async (path) => {
    const source = aSource();
    const dashboard = createDashboard(source, { token: TOKEN });
    const wrong = ['', 'Bearer', 'Bearer wrong', `Bearer ${TOKEN}r`, `Basic ${TOKEN}`, TOKEN];
    for (const authorization of wrong) {
      const refused = await dashboard(get(`/api/${path}`, authorization === '' ? {} : { authorization }));
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
      expect(await refused.text()).not.toContain(TOKEN);
    }
    expect(source.asked).toEqual([]);
    const shown = await dashboard(get(`/api/${path}`, { authorization: `Bearer ${TOKEN}` }));
    expect(shown.status).toBe(200);
  });

  test('is asked of the host of another server for each request, which may say no by anything but true', async () => {
    const source = aSource();
    const dashboard = createDashboard(source, {
      authorize: (request) => (request.headers.get('cookie') === 'admin' ? true : (1 as unknown as boolean)),
    });
    const refused = await dashboard(get('/api/now'));
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, null]);
    expect(source.asked).toEqual([]);
    expect((await dashboard(get('/api/now', { cookie: 'admin' }))).status).toBe(200);
    const error = vi.fn();
    const logger = { ...silentLogger, error };
    const failing = createDashboard(source, { authorize: () => Promise.reject(new Error('no sessions')), logger });
    const failed = await failing(get('/api/now'));
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toContain('no sessions');
    expect(error.mock.calls).toEqual([['The page could not answer: authorize failed: no sessions']]);
  });

  test.each([
    ['http://localhost:9464/', 200],
    ['http://127.0.0.1:9464/', 200],
    ['http://[::1]:9464/', 200],
    ['http://sweep.example.com/', 200],
    ['http://SWEEP.example.com./', 421],
    ['http://evil.example/', 421],
    ['http://localhost.evil.example/', 421],
    ['http://127.0.0.1.evil.example/', 421],
  ])('is not whom a stranger’s name led here: %s', async (url, status) => {
    const dashboard = createDashboard(aSource(), { authorize: () => true, hosts: ['sweep.example.com'] });
    expect((await dashboard(new Request(url))).status).toBe(status);
    expect((await dashboard(new Request(`${url}api/now`))).status).toBe(status);
  });
});
