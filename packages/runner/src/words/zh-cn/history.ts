import type { Words } from '../en/index.js';

export const history: Words['history'] = {
  columns: {
    id: '编号',
    began: '开始时间（UTC）',
    strategy: '策略',
    result: '结果',
    repaired: '已修复',
    batches: '批次',
    time: '耗时',
    host: '主机',
    note: '备注',
  },
  failed: '失败',
  approved: (rows, by) => `${by} 批准了 ${rows} 行`,
  paused: (by) => `${by} 暂停了它`,
  resumed: (by) => `${by} 恢复了它`,
  observed: (rows, _isOne, first) => `本会修复 ${rows} 行${first === undefined ? '' : `，第一行：${first}`}`,
  onlyLooked: (rows) => `仅观察，没有更改任何行。本会修复 ${rows} 行：`,
  nothingYet: '还没有任何一次执行修复过数据。',
  abandoned: '它的运行器一直没有交还轮次，这里是它已提交的部分',
  unknown: (count) => `${count} 行结果未知`,
  notThere: '没有历史可看：jobsweep 自己的表不存在，或当前用户看不到。`jobsweep init --apply` 可以创建它们。',
};
