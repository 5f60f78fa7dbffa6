import type { Words } from '../en/index.js';

export const pause: Words['pause'] = {
  paused: (strategy, by, until) =>
    `${strategy} 已由 ${by} 暂停，${until === null ? '直到恢复' : `直到 ${until} UTC`}。在此期间它在任何运行器上都不会修复。`,
  resumed: (strategy) => `${strategy} 可以重新执行。`,
  notPaused: (strategy) => `${strategy} 没有被暂停。`,
  duration: (value) =>
    `--for 的值是 '${value}'：应为数字加单位（s、m、h 或 d），例如 90s、30m、2h 或 3d；大于 0，不超过十年`,
};
