import type { Words } from '../en/index.js';

export const list: Words['list'] = {
  columns: { strategy: '策略', runs: '运行时间', next: '下一轮', lastRepair: '上次修复', turn: '当前执行者' },
  ofConfig: (name) => `配置 ${name}`,
  observes: '仅观察',
  off: '关闭',
  repaired: (count, _isOne, when) => `${count} 行，${when}`,
  lapsed: (holder) => `${holder}（已失效）`,
  nothingKnown:
    '无法得知轮次和修复记录：jobsweep 自己的表不存在，或当前用户看不到。`jobsweep init --apply` 可以创建它们。',
};
