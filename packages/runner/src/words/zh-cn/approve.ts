import type { Words } from '../en/index.js';

export const approve: Words['approve'] = {
  approved: (strategy, rows, until) =>
    `${strategy}：可有一次执行越过熔断器，最多更改 ${rows} 行，${until}（UTC）之前有效。`,
  nothing: (strategy) => `${strategy} 上一次执行没有被熔断器拦下，或者之后已有执行通过。请查看 \`jobsweep history\`。`,
};
