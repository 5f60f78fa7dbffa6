import type { Words } from '../en/index.js';

export const time: Words['time'] = {
  ms: (value) => `${value} 毫秒`,
  s: (value) => `${value} 秒`,
  min: (value) => `${value} 分钟`,
  h: (value) => `${value} 小时`,
  d: (value) => `${value} 天`,
  ago: (length) => `${length}前`,
  in: (length) => `${length}后`,
  now: '现在',
  separator: '；',
  every: (length) => `每 ${length}`,
};
