export { createDashboard, type Dashboard } from './create-dashboard.js';
export type { DashboardOptions } from './options.js';
