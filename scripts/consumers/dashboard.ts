// Compiled and run against the packed package, in a project that knows nothing of this workspace.
import { createStrategies } from '@jobsweep/core';
import { MemoryDatabase, memoryStore } from '@jobsweep/core/memory';
import { createDashboard } from '@jobsweep/dashboard';
import { dashboardSource } from '@jobsweep/runner';

const store = memoryStore(new MemoryDatabase());
const dashboard = createDashboard(dashboardSource(store, createStrategies(store)), { authorize: () => true });
const page = await dashboard(new Request('http://localhost/'));
if (!(await page.text()).includes('id="page"')) throw new Error('@jobsweep/dashboard has no page');
const now = await dashboard(new Request('http://localhost/api/now'));
if (now.status !== 200) throw new Error(`@jobsweep/dashboard answers ${now.status}`);
